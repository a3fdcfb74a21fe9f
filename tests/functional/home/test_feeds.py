"""Feeds and the map of the site: public texts, in well-formed XML, under our own name."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest

from asdg_portal.moderation.models import State
from tests.factories import World

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.mark.parametrize("kind", ["practices", "reports"])
def test_feeds_tell_what_is_new(world: World, kind: str) -> None:
    world.practice(State.PUBLISHED, title="Окно <для> всех & каждого")
    world.practice(State.SUBMITTED, title="Скрытая")
    world.report(State.PUBLISHED)
    answer = world.browser("moderator").get(f"/feeds/{kind}.atom")
    assert answer.mimetype == "application/atom+xml"
    entries = fromstring(answer.data).findall(f"{ATOM}entry")
    assert len(entries) == 1
    assert entries[0].findtext(f"{ATOM}id", "").startswith("http://localhost/")
    if kind == "practices":
        assert entries[0].findtext(f"{ATOM}title") == "Окно <для> всех & каждого"


def test_an_empty_feed_is_a_feed(world: World) -> None:
    assert fromstring(world.browser().get("/feeds/reports.atom").data).tag == f"{ATOM}feed"
    assert world.browser().get("/feeds/people.atom").status_code == 404


def test_the_map_lists_public_pages_only(world: World) -> None:
    public, hidden = world.report(State.PUBLISHED), world.report(State.DRAFT, sector="Транспорт")
    text = world.browser("admin").get("/sitemap.xml").text
    assert fromstring(text) is not None
    assert f"/reports/{public}/<" in text
    assert f"/reports/{hidden}/<" not in text
    assert "/cities/omsk/" in text
    assert "Sitemap: http://localhost/sitemap.xml" in world.browser().get("/robots.txt").text
