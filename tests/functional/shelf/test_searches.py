"""Saved searches: kept under a name, run again, changed, followed in a private feed."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from asdg_portal.accounts.models import SignIn
from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from asdg_portal.search.sources import all_documents, get_index
from asdg_portal.shelf.models import Rhythm, SavedSearch
from asdg_portal.shelf.searches import services
from tests.factories import World

NEW = "/my/searches/new"
SEARCH = f"q={quote('инструкция')}&city={quote('Омск')}&city=tomsk&year=2026&sort=newest"


def index_all(world: World) -> None:
    with world.app.app_context():
        get_index().rebuild(all_documents())


def signed_in(world: World, name: str = "specialist") -> FlaskClient:
    """A browser in which somebody has just signed in anew."""
    with world.app.app_context():
        db.session.query(SignIn).delete()
        db.session.commit()
    return world.browser(name)


def save(
    client: FlaskClient, name: str = "Инструкции", search: str = SEARCH, letters: str = "never"
) -> int:
    """Save a search on its page; give the status of the answer."""
    fields = {"name": name, "letters": letters, "search": search}
    return client.post(NEW, data=fields).status_code


def kept(world: World, name: str = "Инструкции") -> SavedSearch:
    """The search as the database has it; to be asked inside a context of the application."""
    return db.session.scalars(select(SavedSearch).filter_by(name=name)).one()


def id_of(world: World, name: str = "Инструкции") -> int:
    with world.app.app_context():
        return kept(world, name).id


def feed_of(world: World, client: FlaskClient) -> str:
    """The path of the feed, as the page of the search gives it."""
    page = client.get(f"/my/searches/{id_of(world)}/").text
    (address,) = re.findall(r'href="http://localhost(/feeds/searches/[^"]+)"', page)
    return str(address)


def test_what_stands_in_the_address_is_saved_and_run_again(world: World) -> None:
    report = world.report(State.PUBLISHED)
    index_all(world)
    client = world.browser("specialist")
    link = re.search(r'href="(/my/searches/new\?[^"]+)"', client.get(f"/search?{SEARCH}").text)
    assert link is not None
    page = client.get(link[1].replace("&amp;", "&")).text
    assert 'value="инструкция"' in page  # a name to begin with
    search = re.search(r'name="search" type="hidden" value="([^"]*)"', page)
    assert search is not None
    assert save(client, search=search[1].replace("&amp;", "&")) == 303
    with world.app.app_context():
        saved = kept(world)
        assert (saved.text, saved.sort, saved.letters) == ("инструкция", "newest", Rhythm.NEVER)
        assert saved.filters == {"city": ["omsk", "tomsk"], "year": ["2026"]}
    mine = client.get("/my/searches/").text
    assert "Город: Омск, Томск" in mine
    run = re.search(r'href="(/search\?[^"]+)">Инструкции</a>', mine)
    assert run is not None
    assert f"/reports/{report}/#q1" in client.get(run[1].replace("&amp;", "&")).text


@pytest.mark.parametrize(
    ("search", "words"),
    [
        ("", "Сохранять пока нечего"),
        ("q=+++&city=", "Сохранять пока нечего"),
        ("sort=newest&page=3", "Сохранять пока нечего"),
        (f"city={quote('Казань')}", "Казань"),
        ("q=" + "a" * 201, "не больше 200"),
        ("q=" + "+".join(map(str, range(30))), "не больше 20"),
        ("%00=%ff&q=%00", "Сохранять пока нечего"),
    ],
)
def test_what_cannot_be_run_is_not_saved(world: World, search: str, words: str) -> None:
    client = world.browser("specialist")
    for answer in (client.get(f"{NEW}?{search}"), client.post(NEW, data={"search": search})):
        assert answer.status_code == 400
        assert words in answer.text
    with world.app.app_context():
        assert not db.session.query(SavedSearch).count()


@pytest.mark.parametrize("name", ["", "   ", "я" * 121])
def test_a_name_is_needed_and_what_was_typed_comes_back(world: World, name: str) -> None:
    client = world.browser("specialist")
    answer = client.post(NEW, data={"name": name, "letters": "weekly", "search": SEARCH})
    assert answer.status_code == 400
    assert name.strip() in answer.text
    assert '<option selected value="weekly">' in answer.text


def test_a_name_is_given_once_by_each_person_pressed_twice_or_not(world: World) -> None:
    client = world.browser("specialist")
    assert save(client) == 303
    assert save(client) == 400
    assert save(world.browser("omsk")) == 303
    assert save(client, "Другое") == 303
    other = f"/my/searches/{id_of(world, 'Другое')}/"
    refused = client.post(other, data={"name": " Инструкции", "letters": "daily"})
    assert refused.status_code == 400
    assert "уже есть поиск с таким названием" in refused.text
    assert client.post(other, data={"name": "Другое", "letters": "daily"}).status_code == 303
    with world.app.app_context():
        assert kept(world, "Другое").letters is Rhythm.DAILY


def test_there_is_an_end_to_how_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_SEARCHES", 2)
    client = world.browser("specialist")
    assert [save(client, f"Поиск {n}") for n in range(3)] == [303, 303, 400]
    fields = {"name": "Ещё", "letters": "never", "search": SEARCH}
    assert "У вас уже 2 сохранённых поисков" in client.post(NEW, data=fields).text
    assert save(world.browser("omsk")) == 303


@pytest.mark.parametrize("name", ["omsk", "admin"])
def test_what_is_somebody_elses_does_not_exist(world: World, name: str) -> None:
    save(world.browser("specialist"))
    address, stranger = f"/my/searches/{id_of(world)}/", world.browser(name)
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, data={"name": "Моё", "letters": "never"}).status_code == 404
    for act in ("renew", "remove"):
        assert stranger.post(f"{address}{act}").status_code == 404
    assert "Инструкции" not in stranger.get("/my/searches/").text
    assert id_of(world)


def test_it_is_removed_after_being_asked(world: World) -> None:
    client = world.browser("specialist")
    save(client)
    page = client.get(f"/my/searches/{id_of(world)}/").text
    assert re.search(r'<details class="confirm">\s*<summary[^>]*>Удалить поиск', page)
    assert client.post(f"/my/searches/{id_of(world)}/remove").status_code == 303
    assert "Здесь будут поиски" in client.get("/my/searches/").text


def test_a_change_needs_its_token(world: World) -> None:
    client = world.browser("specialist")
    save(client)
    client.with_token = False  # type: ignore[attr-defined]
    for path in (NEW, f"/my/searches/{id_of(world)}/", f"/my/searches/{id_of(world)}/remove"):
        answer = client.post(path, data={"name": "Чужое", "letters": "daily", "search": SEARCH})
        assert answer.status_code == 400
        assert "Чужое" in answer.text
    with world.app.app_context():
        assert kept(world).letters is Rhythm.NEVER


def test_what_was_typed_when_the_session_was_over_is_saved_after_all(world: World) -> None:
    client = world.browser("specialist")
    client.get("/my/searches/")
    with world.app.app_context():
        db.session.execute(db.text("UPDATE sign_in SET last_seen_at = '2020-01-01 00:00:00'"))
        db.session.commit()
    answer = client.post(NEW, data={"name": "Поздно", "letters": "daily", "search": SEARCH})
    assert answer.location.startswith("/sign-in")
    with world.app.app_context():
        db.session.execute(db.text("UPDATE sign_in SET last_seen_at = '2100-01-01 00:00:00'"))
        db.session.commit()
    page = client.get(f"{NEW}?restore=1").text
    assert 'value="Поздно"' in page
    assert quote("инструкция") in page


def test_the_feed_shows_what_its_person_may_read_and_not_more(world: World) -> None:
    report = world.report(State.PUBLISHED)
    world.practice(State.PUBLISHED, title="Архив <города> & области")
    index_all(world)
    client = world.browser("specialist")
    save(client, search=f"q={quote('архивам')}")
    feed = world.browser().get(feed_of(world, client))
    assert feed.mimetype == "application/atom+xml"
    assert "no-store" in feed.headers["Cache-Control"]
    assert f"http://localhost/reports/{report}/#q4" in feed.text  # for members
    assert "Архив &lt;города&gt; &amp; области" in feed.text
    assert "<title>АСДГ: Инструкции</title>" in feed.text


def test_a_withdrawn_text_is_gone_from_the_feed_at_once(world: World) -> None:
    item = world.practice(State.PUBLISHED, title="Открытая приёмная")
    index_all(world)
    client = world.browser("specialist")
    save(client, search=f"q={quote('приёмная')}")
    address = feed_of(world, client)
    assert "Открытая приёмная" in world.browser().get(address).text
    page = world.browser("moderator").get(f"/desk/{item}/").text
    version = re.findall(r'name="version"[^>]*value="(\d+)"', page)[0]
    fields = {"act": "withdraw", "reason": "Проверяем", "version": version}
    assert world.browser("moderator").post(f"/desk/{item}/", data=fields).status_code == 303
    assert "Открытая приёмная" not in world.browser().get(address).text


def test_a_feed_ends_with_its_address_its_search_and_its_person(world: World) -> None:
    client = world.browser("specialist")
    save(client)
    first = feed_of(world, client)
    assert world.browser().get(first).status_code == 200
    assert world.browser().get(first.replace(".atom", "A.atom")).status_code == 404
    assert client.post(f"/my/searches/{id_of(world)}/renew").status_code == 303
    assert world.browser().get(first).status_code == 404
    second = feed_of(world, client)
    admin, person = world.browser("admin"), f"/admin/people/{world.id_of('specialist')}"
    admin.post(f"{person}/block")
    assert world.browser().get(second).status_code == 404
    admin.post(f"{person}/unblock")
    assert world.browser().get(second).status_code == 200
    client = signed_in(world)
    assert client.post(f"/my/searches/{id_of(world)}/remove").status_code == 303
    assert save(client) == 303  # perhaps under the number that has just become free
    assert world.browser().get(second).status_code == 404


def test_an_address_of_one_thing_opens_no_other(world: World) -> None:
    client = world.browser("specialist")
    save(client)
    token = feed_of(world, client).removeprefix("/feeds/searches/").removesuffix(".atom")
    for path in (f"/searches/stop/{token}", f"/collections/{token}/"):
        assert world.browser().get(path).status_code == 404


def test_everybody_with_an_account_finds_the_way(world: World) -> None:
    for name in ("specialist", "omsk", "moderator"):
        assert '<a href="/my/searches/">Сохранённое</a>' in world.browser(name).get("/").text
        assert 'href="/my/collections/"' in world.browser(name).get("/profile").text
    assert "/my/searches/" not in world.browser().get("/").text
    page = world.browser("specialist").get("/my/searches/").text
    assert '<a href="/my/searches/" aria-current="page">' in page


def test_the_pages_stay_light(world: World) -> None:
    client = world.browser("specialist")
    for number in range(8):
        save(client, f"Поиск {number}", letters="daily")
    assert world.statements("/my/searches/", "specialist") <= 12
