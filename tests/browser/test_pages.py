"""Every kind of page before every kind of person: axe, width, other hosts, weight."""

from __future__ import annotations

from datetime import timedelta

import pytest

from asdg_portal.core.clock import today
from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from asdg_portal.search.sources import all_documents, get_index
from asdg_portal.surveys.models import Campaign
from tests.browser.conftest import Site

PAGES = {
    None: ["/", "/search", "/search?q=инструкция", "/search?q=ничегоподобного", "/cities/",
           "/cities/omsk/", "/practices/", "/practices/{practice}/", "/reports/{report}/",
           "/sign-in", "/password/forgotten", "/privacy", "/?lang=en"],
    "omsk": ["/my/", "/reports/new", "/reports/{draft}/edit", "/reports/{report}/history",
             "/my/duties/2026/", "/practices/new",
             "/practices/{draft_practice}/edit", "/profile", "/profile/password"],
    "specialist": ["/my/", "/search?q=архивам", "/my/searches/", "/my/searches/new?q=архив",
                   "/my/collections/", "/my/collections/add?key=practice:{practice}"],
    "moderator": ["/desk/", "/desk/{waiting}/", "/desk/{report}/", "/desk/?state=published",
                  "/desk/progress/2026/", "/desk/progress/2026/?standing=returned",
                  "/desk/progress/2026/omsk/", "/desk/progress/2026/arrivals",
                  "/admin/campaigns/", "/admin/campaigns/2026/more-time",
                  "/admin/campaigns/2026/questions/new"],
    "admin": ["/admin/people/", "/admin/people/{person}/", "/admin/cities/", "/admin/sectors/",
              "/admin/campaigns/", "/admin/campaigns/2026/", "/admin/log/"],
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_usable(site: Site, name: str | None) -> None:
    world = site.world
    numbers = {
        "report": world.report(State.PUBLISHED),
        "draft": world.report(State.RETURNED, sector="Транспорт"),
        "waiting": world.report(State.SUBMITTED, sector="ЖКХ"),
        "practice": world.practice(State.PUBLISHED),
        "draft_practice": world.practice(),
        "person": world.id_of("tomsk"),
    }
    with world.app.app_context():
        db.session.query(Campaign).one().due_on = today() + timedelta(days=5)
        db.session.commit()
        get_index().rebuild(all_documents())
    visitor = site.visitor(name)
    for path in PAGES[name]:
        page = visitor.open(path.format(**numbers))
        assert page.title().endswith("АСДГ") or "lang=en" in path


def test_the_first_page_is_light(site: Site) -> None:
    for _ in range(8):
        site.world.practice(State.PUBLISHED)
    site.world.report(State.PUBLISHED)
    visitor = site.visitor()
    visitor.page.goto("/")
    visitor.page.wait_for_load_state("networkidle")
    sizes = [r.request.sizes() for r in visitor.responses]
    weight = sum(s["responseBodySize"] + s["responseHeadersSize"] for s in sizes)
    assert sum(r.url.endswith(".woff2") for r in visitor.responses) == 2
    assert len(sizes) <= 10
    assert weight <= 150 * 1024


def test_a_strangers_page_cannot_be_framed_or_scripted(site: Site) -> None:
    evil = (
        '"><script>document.title="stolen"</script><img src=x onerror="document.title=\'stolen\'">'
    )
    report = site.world.report(State.PUBLISHED, answers=dict.fromkeys(range(1, 6), evil))
    visitor = site.visitor("moderator")
    for path in (f"/reports/{report}/", f"/desk/{report}/", f"/search?q={evil}"):
        visitor.page.goto(path)
        assert visitor.page.title() != "stolen"
        assert visitor.page.locator("img[src=x]").count() == 0
