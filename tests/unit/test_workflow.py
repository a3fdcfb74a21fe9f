"""The whole life of a submission: every person, every state, and what each may do there."""

from __future__ import annotations

import pytest

from asdg_portal.accounts.models import Role, User
from asdg_portal.accounts.policies import Viewer, Visitor
from asdg_portal.cities.models import City
from asdg_portal.core.clock import now
from asdg_portal.core.errors import NotAllowed, WrongState
from asdg_portal.moderation.channels import Channel
from asdg_portal.moderation.models import Review, Revision, State, Submission
from asdg_portal.moderation.workflow import WORKFLOW, Action

PEOPLE: dict[str, Viewer] = {
    "head": User(role=Role.REPRESENTATIVE, city_id=1, is_head=True),
    "other head": User(role=Role.REPRESENTATIVE, city_id=2, is_head=True),
    "visitor": Visitor(),
    "specialist": User(role=Role.SPECIALIST, city_id=1),
    "own": User(role=Role.REPRESENTATIVE, city_id=1),
    "other city": User(role=Role.REPRESENTATIVE, city_id=2),
    "moderator": User(role=Role.MODERATOR),
    "administrator": User(role=Role.ADMINISTRATOR),
}
STAFF = {"moderator", "administrator"}
CITY_MAY = {
    State.DRAFT: {"save", "submit", "delete"},
    State.APPROVAL: {"take_back"},
    State.SUBMITTED: {"take_back"},
    State.RETURNED: {"save", "submit"},
    State.PUBLISHED: {"revise"},
    State.WITHDRAWN: {"revise"},
}
HEAD_MAY = CITY_MAY | {State.APPROVAL: {"take_back", "approve", "give_back"}}
STAFF_MAY = {
    State.SUBMITTED: {"begin_review", "send_back", "publish"},
    State.PUBLISHED: {"withdraw"},
}


# What is otherwise in a city that has asked for approval by its head.
APPROVING = {
    "own": {
        State.DRAFT: {"save", "ask_approval", "delete"},
        State.RETURNED: {"save", "ask_approval"},
    },
    "head": {
        State.DRAFT: {"save", "ask_approval", "submit", "delete"},
        State.RETURNED: {"save", "ask_approval", "submit"},
    },
}


def submission(state: State, *, needs_approval: bool = False) -> Submission:
    """Something of city 1 as the acts that lead to ``state`` leave it."""
    city = City(id=1, needs_approval=needs_approval)
    item = Submission(kind="report", city=city, city_id=1, state=state)
    first = Revision(number=1, is_public=state is State.PUBLISHED)
    if state not in {State.DRAFT, State.APPROVAL}:
        first.submitted_at = now()
    item.revisions.append(first)
    if state is State.RETURNED:
        item.revisions.append(Revision(number=2, is_public=False))
    return item


@pytest.mark.parametrize("needs_approval", [False, True], ids=["", "approval"])
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("name", PEOPLE)
def test_who_may_do_what(name: str, state: State, needs_approval: bool) -> None:
    item, person = submission(state, needs_approval=needs_approval), PEOPLE[name]
    may = {"own": CITY_MAY, "head": HEAD_MAY}.get(name, STAFF_MAY if name in STAFF else {})
    if needs_approval:
        may = may | APPROVING.get(name, {})
    expected = may.get(state, set())
    assert {*WORKFLOW.actions(item, person)} == expected
    for action in set(Action) - expected:
        with pytest.raises((NotAllowed, WrongState)):
            WORKFLOW.apply(action, item, person)
        assert item.state is state


def test_nothing_is_taken_back_once_the_review_has_begun() -> None:
    item = submission(State.SUBMITTED)
    item.current.reviews.append(Review())
    assert WORKFLOW.actions(item, PEOPLE["own"]) == []
    assert "begin_review" not in WORKFLOW.actions(item, PEOPLE["moderator"])
    with pytest.raises(WrongState):
        WORKFLOW.apply(Action.TAKE_BACK, item, PEOPLE["own"])


def test_an_unsent_revision_of_a_published_text_can_be_discarded_but_not_deleted() -> None:
    item = submission(State.PUBLISHED)
    WORKFLOW.apply(Action.REVISE, item, PEOPLE["own"])
    item.revisions.append(Revision(number=2, is_public=False))
    assert {*WORKFLOW.actions(item, PEOPLE["own"])} == {"save", "submit", "discard"}
    WORKFLOW.apply(Action.WITHDRAW, item, PEOPLE["moderator"])
    assert item.state is State.DRAFT


def test_a_review_is_put_off_by_its_reader_and_taken_over_by_another() -> None:
    item, reader, other = submission(State.SUBMITTED), PEOPLE["moderator"], PEOPLE["administrator"]
    assert isinstance(reader, User)
    assert isinstance(other, User)
    reader.id, other.id = 1, 2
    item.current.reviews.append(Review(reviewer=reader, reviewer_id=1))
    assert "put_off" in WORKFLOW.actions(item, reader)
    assert "take_over" in WORKFLOW.actions(item, other)
    for action, person in ((Action.TAKE_OVER, reader), (Action.PUT_OFF, other)):
        with pytest.raises(NotAllowed):
            WORKFLOW.apply(action, item, person)


def test_the_staff_write_what_they_file_for_a_city_and_nothing_else() -> None:
    item, staff = submission(State.DRAFT), PEOPLE["moderator"]
    assert "save" not in WORKFLOW.actions(item, staff)
    item.current.channel = Channel.PAPER
    assert {"save", "submit"} <= {*WORKFLOW.actions(item, staff)}
    assert "save" in WORKFLOW.actions(item, PEOPLE["own"])
    assert "save" not in WORKFLOW.actions(item, PEOPLE["other city"])
