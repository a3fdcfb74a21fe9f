"""Letters about saved searches: what is new, once, in the morning, to whom may read it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select

from asdg_portal.accounts.models import User
from asdg_portal.core.db import db
from asdg_portal.core.letters import Letter, send
from asdg_portal.core.worker import Chore
from asdg_portal.mail.bounces import record_bounce
from asdg_portal.moderation.models import Audience, State, Submission
from asdg_portal.moderation.services import make_public
from asdg_portal.search.index import IndexUnavailable
from asdg_portal.search.sources import all_documents, get_index
from asdg_portal.shelf.models import SavedSearch, SearchLetter, ToldText
from asdg_portal.shelf.searches import rounds
from asdg_portal.shelf.searches.news import OVERLAP
from asdg_portal.shelf.searches.rounds import write_letters
from asdg_portal.surveys.models import ReportRevision
from tests.factories import World
from tests.functional.shelf.test_searches import save, signed_in

TOMSK = ZoneInfo("Asia/Tomsk")  # where the specialist lives
MONDAY = datetime(2026, 11, 23, tzinfo=TOMSK)


def at(day: int, hour: float = 12) -> time_machine.travel:
    """A moment by the clock of Tomsk; day 0 is a Monday."""
    return time_machine.travel(MONDAY + timedelta(days=day, hours=hour), tick=False)


def follow(
    world: World, *, day: int = 0, letters: str = "daily", words: str = "инструкция"
) -> None:
    """Let the specialist save a search that writes."""
    with at(day):
        assert save(signed_in(world), words, f"q={words}", letters) == 303


def publish(world: World, day: float, **changes: object) -> int:
    """Publish a report of Omsk on a day."""
    with at(0, day * 24 + 13):
        report = world.report(State.PUBLISHED, **changes)  # type: ignore[arg-type]
        index_all(world)
    return report


def index_all(world: World) -> None:
    with world.app.app_context():
        get_index().rebuild(all_documents())


def look(world: World, day: int, hour: float = 12) -> int:
    """Let the portal look at the searches; tell how many letters it wrote."""
    with at(day, hour), world.app.app_context():
        return write_letters()


def again(world: World, item_id: int, day: float, *, withdraw_only: bool = False) -> None:
    """Withdraw a text, or publish its next revision."""
    with at(0, day * 24 + 13), world.app.app_context():
        item = db.session.get_one(Submission, item_id)
        if withdraw_only:
            assert item.public is not None
            item.public.is_public = False
        else:
            item.revisions.append(item.copy_current())
            db.session.flush()
            make_public(item)
        db.session.commit()
        get_index().rebuild(all_documents())


def delivered(world: World) -> list[EmailMessage]:
    with at(300):
        return world.letters()


def test_what_is_new_is_told_once_with_its_address_and_the_way_out(world: World) -> None:
    old = publish(world, -1, sector="Культура")
    follow(world)
    new = publish(world, 0.5)
    assert look(world, 1) == 1
    assert [look(world, day) for day in (1, 2, 3)] == [0, 0, 0]
    (letter,) = delivered(world)
    body = letter.get_content()
    assert letter["To"].addresses[0].addr_spec == "specialist@example.org"
    assert letter["Subject"] == "АСДГ: 1 новый текст по вашим поискам"
    assert "«инструкция»" in body
    assert "— Омск — Организационная работа, 2026: 1. Что удалось сделать" in body
    assert f"http://localhost/reports/{new}/#q1" in body
    assert f"/reports/{old}/" not in body
    assert "http://localhost/my/searches/" in body
    (stop,) = re.findall(r"http://localhost(/searches/stop/\S+)", body)
    assert "Больше не присылать" in world.browser().get(stop).text
    publish(world, 3.5, sector="Транспорт")
    assert look(world, 4) == 1  # a look at the page stops nothing
    assert "Писем больше не будет" in world.browser().post(stop).text
    publish(world, 4.5, sector="ЖКХ")
    assert look(world, 5) == 0


def test_one_letter_a_person_with_all_searches_in_the_persons_language(world: World) -> None:
    follow(world)
    follow(world, words="архивам")
    with world.app.app_context():
        world_user(world).language = "en"
        db.session.commit()
    publish(world, 0.5)
    assert look(world, 1) == 1
    (letter,) = delivered(world)
    assert letter["Subject"] == "ASDG: 2 new texts for your searches"
    assert "“инструкция”" in letter.get_content()
    assert "“архивам”" in letter.get_content()


def world_user(world: World, name: str = "specialist") -> User:
    return db.session.get_one(User, world.id_of(name))


def test_in_the_morning_of_the_persons_city(world: World) -> None:
    follow(world)
    publish(world, 0.1)
    assert [look(world, 0, 23), look(world, 1, 8.9), look(world, 1, 9)] == [0, 0, 1]


def test_weekly_letters_come_on_monday_or_when_the_worker_is_up_again(world: World) -> None:
    follow(world, letters="weekly")
    publish(world, 0.5)
    assert [look(world, day) for day in range(1, 7)] == [0] * 6
    assert look(world, 9) == 1  # it was down on Monday
    publish(world, 9.5, sector="ЖКХ")
    assert [look(world, day) for day in range(10, 14)] == [0] * 4
    assert look(world, 14) == 1


def test_a_text_that_is_published_again_is_not_new(world: World) -> None:
    before = publish(world, -1, sector="Культура")
    follow(world)
    after = publish(world, 0.5)
    assert look(world, 1) == 1
    for item in (before, after):
        again(world, item, 1.5)  # the next revision
    assert look(world, 2) == 0
    for item in (before, after):
        again(world, item, 2.2, withdraw_only=True)
    assert look(world, 3) == 0
    for item in (before, after):
        again(world, item, 3.5)
    assert look(world, 4) == 0


def test_one_that_was_withdrawn_before_anybody_was_told_is_told_when_it_comes_back(
    world: World,
) -> None:
    follow(world)
    item = publish(world, 0.1)
    again(world, item, 0.2, withdraw_only=True)
    assert look(world, 1) == 0
    again(world, item, 20)
    assert look(world, 21) == 1


def test_an_answer_that_its_revision_opens_is_new(world: World) -> None:
    follow(world, words="архивам")
    item = publish(world, -3)
    with world.app.app_context():
        revision = db.session.scalars(select(ReportRevision)).one()
        revision.answers[4].audience = Audience.STAFF
        db.session.commit()
    index_all(world)
    assert look(world, 1) == 0
    with at(1, 20), world.app.app_context():
        report = db.session.get_one(Submission, item)
        report.revisions.append(report.copy_current())
        assert isinstance(report.current, ReportRevision)
        report.current.answers[4].audience = Audience.MEMBERS
        db.session.flush()
        make_public(report)
        db.session.commit()
    index_all(world)
    assert look(world, 2) == 1


def test_nobody_is_told_of_what_they_may_not_read(world: World) -> None:
    follow(world, words="архивам")
    follow(world)
    publish(world, 0.5)
    with world.app.app_context():
        revision = db.session.scalars(select(ReportRevision)).one()
        revision.answers[4].audience = Audience.STAFF
        db.session.commit()  # and the index does not know yet
    assert look(world, 1) == 1
    (letter,) = delivered(world)
    assert "#q1" in letter.get_content()
    assert "#q4" not in letter.get_content()
    assert "архивам" not in letter.get_content()


def test_what_came_before_letters_were_wanted_is_no_news(world: World) -> None:
    follow(world, letters="never")
    publish(world, 0.5)
    assert look(world, 1) == 0
    with world.app.app_context():
        search = db.session.scalars(select(SavedSearch)).one()
        address = f"/my/searches/{search.id}/"
    with at(2):
        fields = {"name": "инструкция", "letters": "daily"}
        assert signed_in(world).post(address, data=fields).status_code == 303
    assert look(world, 3) == 0
    publish(world, 3.5, sector="ЖКХ")
    with at(4, 8):  # to change the rhythm forgets nothing
        client = signed_in(world)
        for letters in ("weekly", "daily"):
            answer = client.post(address, data=fields | {"letters": letters})
            assert answer.status_code == 303
    assert look(world, 4) == 1


def test_a_text_that_the_index_learns_of_late_is_told_of_all_the_same(world: World) -> None:
    follow(world)
    with at(0, 20):
        world.report(State.PUBLISHED)  # nobody tells the index
    assert look(world, 1) == 0
    index_all(world)
    assert look(world, 1 + OVERLAP.days) == 1


def test_two_workers_at_once_write_one_letter(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(world)
    publish(world, 0.5)

    def meanwhile(letter: Letter) -> str:
        """The other worker is done while this one is about to write."""
        monkeypatch.setattr(rounds, "send", send)
        with world.app.app_context():
            other = SearchLetter(user_id=world.id_of("specialist"), day=MONDAY.date(), texts=1)
            other.day += timedelta(days=1)
            db.session.add(other)
            db.session.commit()
        return send(letter)

    monkeypatch.setattr(rounds, "send", meanwhile)
    assert look(world, 1) == 0
    with world.app.app_context():
        assert not db.session.query(ToldText).count()
    assert delivered(world) == []


def test_a_crash_leaves_the_whole_letter_for_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(world)
    publish(world, 0.5)

    def killed(letter: Letter) -> str:
        send(letter)
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(rounds, "send", killed)
        with pytest.raises(KeyboardInterrupt):
            look(world, 1)
    assert look(world, 1, 13) == 1
    assert len(delivered(world)) == 1


def test_who_left_or_takes_no_letters_gets_none_and_an_index_is_waited_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(world)
    publish(world, 0.5)
    with monkeypatch.context() as broken:
        broken.setattr(world.app.extensions["search_index"], "search", _unavailable)
        assert look(world, 1) == 0
    admin, person = world.browser("admin"), f"/admin/people/{world.id_of('specialist')}"
    admin.post(f"{person}/block")
    assert look(world, 1) == 0
    admin.post(f"{person}/unblock")
    with world.app.app_context():
        record_bounce("specialist@example.org", "тема", "550")
    assert look(world, 1) == 0
    world.browser("admin").post("/admin/mail/again", data={"address": "specialist@example.org"})
    assert look(world, 1) == 1


def _unavailable(_request: object) -> None:
    raise IndexUnavailable


def test_who_comes_in_somebodys_place_does_not_get_their_letters(world: World) -> None:
    with at(0):
        save(world.browser("omsk"), "Моё", "q=инструкция", "daily")
        person = world.id_of("omsk")
        fields = {"email": "new@example.org", "name": "Новый"}
        answer = world.browser("admin").post(f"/admin/people/{person}/", data=fields)
        assert answer.status_code == 303
    publish(world, 0.5)
    assert look(world, 1) == 0
    with world.app.app_context():
        assert db.session.scalars(select(SavedSearch.user_id)).all() == [person]


def test_the_page_shows_what_would_come_and_tells_nothing_by_it(world: World) -> None:
    follow(world)
    page = signed_in(world).get("/my/searches/?preview=1").text
    assert "Нового пока нет" in page
    new = publish(world, 0.5)
    with at(0, 20):
        for _twice in range(2):
            page = signed_in(world).get("/my/searches/?preview=1").text
            assert f"http://localhost/reports/{new}/#q1" in page
            assert "АСДГ: 1 новый текст" in page
    assert look(world, 1) == 1


def test_the_worker_knows_of_it(world: World) -> None:
    chores: dict[str, Chore] = world.app.extensions["background"].chores
    (chore,) = [chore for chore in chores.values() if chore.do is write_letters]
    assert chore.every <= 900
