"""The life of a text: what is public stays public, what was written is kept, each act is noted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from sqlalchemy import select

from asdg_portal.accounts.models import User
from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotAllowed, NotFound, PortalError, Stale, WrongState
from asdg_portal.moderation import services
from asdg_portal.moderation.models import Revision, State, Submission
from asdg_portal.moderation.services import Incomplete
from asdg_portal.surveys.models import Report
from asdg_portal.surveys.services import ReportText, save
from tests.factories import ANSWERS, World
from tests.functional.moderation.test_desk import press

OLD, NEW = "Принята новая инструкция", "Открыт музей речного флота"


class Scene:
    """People and a text, inside the application, for tests of the verbs themselves."""

    def __init__(self, world: World) -> None:
        self._world = world

    def person(self, name: str) -> User:
        """Somebody of the world."""
        return db.session.scalars(select(User).filter_by(email=f"{name}@example.org")).one()

    def report(self, state: State = State.DRAFT, **changes: str) -> Report:
        """A report of Omsk."""
        return db.session.get_one(Report, self._world.report(state, **changes))

    def say(self, report: Report, **answers: str) -> None:
        """Let the city write."""
        words = {int(name[1:]): text for name, text in answers.items()}
        save(report, ReportText(answers=words), actor=self.person("omsk"))


@pytest.fixture
def scene(world: World) -> Iterator[Scene]:
    """The inside of the application."""
    with world.app.app_context():
        yield Scene(world)


def test_what_is_published_stays_at_its_address_until_the_next_is(world: World) -> None:
    report, reader = world.report(State.PUBLISHED), world.browser()
    city, staff = world.browser("omsk"), world.browser("moderator")
    steps: list[Callable[[], object]] = [
        lambda: city.post(f"/reports/{report}/revise"),
        lambda: city.post(f"/reports/{report}/edit", data={"q1": NEW}),
        lambda: city.post(f"/reports/{report}/submit"),
        lambda: press(staff, world, report, "begin_review"),
        lambda: press(staff, world, report, "send_back", remark_q1="Когда?"),
        lambda: city.post(f"/reports/{report}/edit", data={"q1": f"{NEW} в мае", "then": "submit"}),
    ]
    for step in steps:
        step()
        page = reader.get(f"/reports/{report}/")
        assert page.status_code == 200
        assert OLD in page.text
        assert NEW not in page.text
        assert "Когда?" not in page.text
    press(staff, world, report, "publish")
    page = reader.get(f"/reports/{report}/")
    assert f"{NEW} в мае" in page.text
    assert OLD not in page.text


def test_every_revision_is_kept_as_it_was_submitted(scene: Scene) -> None:
    report, city, staff = scene.report(), scene.person("omsk"), scene.person("moderator")
    for number in (1, 2, 3):
        scene.say(report, q1=f"Ответ {number}")
        services.submit(report, actor=city)
        remarks = {"q1": f"Замечание {number}"}
        if number < 3:
            services.send_back(report, "", remarks, actor=staff)
        else:
            services.publish(report, remarks=remarks, actor=staff)
    db.session.expire_all()
    assert [r.number for r in report.revisions] == [1, 2, 3]
    assert [r.parts()[1].text for r in report.revisions] == ["Ответ 1", "Ответ 2", "Ответ 3"]
    assert all(r.submitted_at and r.submitted_by == city for r in report.revisions)
    said = [review.remark_on("q1") for r in report.revisions for review in r.reviews]
    assert said == ["Замечание 1", "Замечание 2", "Замечание 3"]
    assert [r.is_public for r in report.revisions] == [False, False, True]


def test_a_discarded_revision_leaves_the_published_one(scene: Scene) -> None:
    report, city = scene.report(State.PUBLISHED), scene.person("omsk")
    services.revise(report, actor=city)
    scene.say(report, q1="Передумали")
    services.discard(report, actor=city)
    db.session.expire_all()
    assert report.state is State.PUBLISHED
    assert report.current is report.public
    assert report.current.parts()[1].text == ANSWERS[1]


def test_each_act_is_noted_with_who_and_what_before_and_after(scene: Scene) -> None:
    report, city, staff = scene.report(), scene.person("omsk"), scene.person("moderator")
    scene.say(report, q1="Новое")
    services.submit(report, actor=city)
    services.take_back(report, actor=city)
    services.submit(report, actor=city)
    services.begin_review(report, actor=staff)
    services.publish(report, actor=staff)
    services.revise(report, actor=city)
    services.discard(report, actor=city)
    services.withdraw(report, "Просьба города", actor=staff)
    query = select(AuditEntry).filter_by(subject=f"report:{report.id}").order_by(AuditEntry.id)
    noted = [
        (e.action, e.actor_name, e.before["state"], e.after["state"])
        for e in db.session.scalars(query)
    ]
    one, two = "Имя omsk", "Имя moderator"
    assert noted == [
        ("save", one, "draft", "draft"),
        ("submit", one, "draft", "submitted"),
        ("take_back", one, "submitted", "draft"),
        ("submit", one, "draft", "submitted"),
        ("begin_review", two, "submitted", "submitted"),
        ("publish", two, "submitted", "published"),
        ("revise", one, "published", "draft"),
        ("discard", one, "draft", "published"),
        ("withdraw", two, "published", "withdrawn"),
    ]


def test_a_deleted_draft_leaves_its_name_in_the_log_and_nothing_else(scene: Scene) -> None:
    report, city = scene.report(), scene.person("omsk")
    label, subject = report.label, f"report:{report.id}"
    services.delete(report, actor=city)
    assert not db.session.query(Revision).count()
    entry = db.session.scalars(select(AuditEntry).filter_by(subject=subject)).one()
    assert (entry.action, entry.before) == ("delete", {"label": label})


VERBS: dict[str, tuple[str, State, Callable[..., None]]] = {
    "submit": ("omsk", State.DRAFT, services.submit),
    "begin the review": ("admin", State.SUBMITTED, services.begin_review),
    "return": ("admin", State.SUBMITTED, partial(services.send_back, summary="Ещё", remarks={})),
    "publish": ("admin", State.SUBMITTED, services.publish),
    "withdraw": ("admin", State.PUBLISHED, partial(services.withdraw, reason="Ошибка")),
}


@pytest.mark.parametrize("name", VERBS)
def test_a_page_that_is_out_of_date_decides_nothing(scene: Scene, name: str) -> None:
    who, state, verb = VERBS[name]
    report, actor = scene.report(state), scene.person(who)
    with pytest.raises(Stale):
        verb(report, actor=actor, version=report.version - 1)
    db.session.expire_all()
    assert report.state is state
    assert not [r for r in report.current.reviews if r.reviewer]
    before = report.version
    verb(report, actor=actor, version=before)
    assert report.version > before


def test_to_a_stranger_what_is_hidden_does_not_exist_and_the_rest_is_not_theirs(
    scene: Scene,
) -> None:
    stranger, city = scene.person("tomsk"), scene.person("omsk")
    hidden, public = scene.report(), scene.report(State.PUBLISHED, sector="Культура")
    for verb in (services.submit, services.take_back, services.delete, services.begin_review):
        with pytest.raises(NotFound):
            verb(hidden, actor=stranger)
    with pytest.raises(NotAllowed):
        services.revise(public, actor=stranger)
    with pytest.raises(NotAllowed):
        services.withdraw(public, "Не нравится", actor=city)
    with pytest.raises(PortalError, match=r"."):
        services.withdraw(public, " \n\u200b", actor=scene.person("moderator"))
    assert public.public is not None
    with pytest.raises(NotFound):
        services.get_submission(public.id, actor=stranger)
    with pytest.raises(NotFound):
        services.get_submission(10**6, actor=scene.person("admin"))


def test_a_return_without_a_word_is_refused_and_leaves_no_review(scene: Scene) -> None:
    report, staff = scene.report(State.SUBMITTED), scene.person("moderator")
    with pytest.raises(PortalError):
        services.send_back(report, " \n", {"q1": "  ", "q99": "Нет такого вопроса"}, actor=staff)
    assert report.state is State.SUBMITTED
    assert len(report.revisions) == 1
    assert not report.current.reviews
    services.send_back(report, "", {"q99": "Нет такого", "q2": "Кого именно?"}, actor=staff)
    assert report.last_review is not None
    assert [r.part for r in report.last_review.remarks] == ["q2"]


def test_what_is_incomplete_is_not_submitted_and_the_gaps_are_named(scene: Scene) -> None:
    report = scene.report()
    scene.say(report, q2="", q4="   ")
    with pytest.raises(Incomplete) as refusal:
        services.submit(report, actor=scene.person("omsk"))
    assert len(refusal.value.gaps) == 2
    assert report.state is State.DRAFT
    assert report.current.submitted_at is None
    assert report.current.parts()[1].text == ANSWERS[1]


def test_a_review_that_has_begun_holds_the_text(scene: Scene) -> None:
    report, staff = scene.report(State.SUBMITTED), scene.person("moderator")
    services.begin_review(report, actor=staff)
    with pytest.raises(WrongState):
        services.take_back(report, actor=scene.person("omsk"))
    with pytest.raises(WrongState):
        services.begin_review(report, actor=scene.person("moderator2"))
    assert len(report.current.reviews) == 1


def test_the_city_is_told_why_its_text_is_withdrawn(world: World) -> None:
    report, staff = world.report(State.SUBMITTED), world.browser("moderator")
    press(staff, world, report, "publish", summary="Прекрасный отчёт")
    world.browser("omsk").post(f"/reports/{report}/revise")
    assert press(staff, world, report, "withdraw", reason="Числа\nне сходятся").status_code == 303
    assert world.browser().get(f"/reports/{report}/").status_code == 404
    assert world.state(report) is State.DRAFT, "what is being written goes on"
    letters = [m for m in world.letters() if m["To"].addresses[0].username == "omsk"]
    texts = [letter.get_content().replace("\r\n", "\n") for letter in letters]
    (withdrawn,) = [text for text in texts if "Числа\nне сходятся" in text]
    assert "Прекрасный отчёт" not in withdrawn


def test_a_withdrawal_does_not_hide_the_remarks_that_wait_for_an_answer(scene: Scene) -> None:
    report, staff = scene.report(State.PUBLISHED), scene.person("moderator")
    services.revise(report, actor=scene.person("omsk"))
    services.submit(report, actor=scene.person("omsk"))
    services.send_back(report, "", {"q1": "Когда?"}, actor=staff)
    services.withdraw(report, "Пока неверно", actor=staff)
    assert report.state is State.RETURNED
    assert report.last_review is not None
    assert report.last_review.remark_on("q1") == "Когда?"
    assert report.withdrawal is not None
    assert report.withdrawal.summary == "Пока неверно"


def test_a_stale_page_of_the_staff_is_refused_in_words_and_keeps_what_was_typed(
    world: World,
) -> None:
    report = world.report(State.PUBLISHED)
    staff, city = world.browser("moderator"), world.browser("omsk")
    with world.app.app_context():
        seen = str(db.session.get_one(Submission, report).version)
    city.post(f"/reports/{report}/revise")
    data = {"act": "withdraw", "version": seen, "reason": "Долго объяснял"}
    page = staff.post(f"/desk/{report}/", data=data)
    assert page.status_code == 409
    assert "Долго объяснял" in page.text
    assert 'class="alert' in page.text
    assert world.browser().get(f"/reports/{report}/").status_code == 200
