"""The life of a submission, whole, in one table; and the engine that reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _, lazy_gettext as _l

from asdg_portal.accounts.policies import Viewer
from asdg_portal.core.errors import NotAllowed, WrongState
from asdg_portal.moderation.models import State, Submission
from asdg_portal.moderation.policies import (
    can_write,
    is_author,
    is_head,
    is_other_reader,
    is_own_city,
    is_reader,
    is_staff,
)


class Action(StrEnum):
    """What can be done with a report or a practice."""

    SAVE = "save"
    ASK_APPROVAL = "ask_approval"
    APPROVE = "approve"
    GIVE_BACK = "give_back"
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    REVISE = "revise"
    DISCARD = "discard"
    DELETE = "delete"
    BEGIN_REVIEW = "begin_review"
    PUT_OFF = "put_off"
    TAKE_OVER = "take_over"
    SEND_BACK = "send_back"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Condition:
    """Something beside the state that must hold, and what to say when it does not."""

    holds: Callable[[Submission, Viewer], bool]
    message: str


@dataclass(frozen=True, slots=True)
class Transition:
    """Moves from state to state, open to whom ``allows`` admits while ``condition`` holds."""

    moves: Mapping[State, State]
    allows: Callable[[Viewer, Submission], bool]
    condition: Condition | None = None

    def is_possible(self, item: Submission, actor: Viewer) -> bool:
        """Whether the move starts from where the submission stands."""
        if item.state not in self.moves:
            return False
        return self.condition is None or self.condition.holds(item, actor)


NOT_BEGUN = Condition(
    lambda item, _actor: item.open_review is None, _l("The review of this has already begun.")
)
BEGUN = Condition(
    lambda item, _actor: item.open_review is not None, _l("Nobody has begun to review this.")
)
HAS_PUBLIC = Condition(lambda item, _actor: item.public is not None, _l("This is not published."))
NEVER_SUBMITTED = Condition(
    lambda item, _actor: len(item.revisions) == 1 and item.current.submitted_at is None,
    _l("What has been submitted once stays in the history."),
)
UNSENT_REVISION = Condition(
    lambda item, _actor: (
        item.current.submitted_at is None
        and len(item.revisions) > 1
        and item.revisions[-2].is_public
    ),
    _l("There is no unsent revision to discard."),
)

NEEDS_APPROVAL = Condition(
    lambda item, _actor: item.city.needs_approval,
    _l("Your city sends its texts without an approval of its own."),
)
# Where the city wants it so, what others have written goes out through a head; what came on paper
# has been signed already.
MAY_SEND = Condition(
    lambda item, actor: actor.is_staff or actor.is_head or not item.city.needs_approval,
    _l("In your city a head approves every text before it is sent: ask for the approval."),
)

WRITING = {State.DRAFT: State.DRAFT, State.RETURNED: State.RETURNED}

TABLE: Mapping[Action, Transition] = {
    Action.SAVE: Transition(WRITING, can_write),
    Action.ASK_APPROVAL: Transition(
        dict.fromkeys(WRITING, State.APPROVAL), is_own_city, NEEDS_APPROVAL
    ),
    Action.APPROVE: Transition({State.APPROVAL: State.SUBMITTED}, is_head),
    Action.GIVE_BACK: Transition({State.APPROVAL: State.DRAFT}, is_head),
    Action.SUBMIT: Transition(dict.fromkeys(WRITING, State.SUBMITTED), is_author, MAY_SEND),
    Action.TAKE_BACK: Transition(
        dict.fromkeys((State.SUBMITTED, State.APPROVAL), State.DRAFT), is_author, NOT_BEGUN
    ),
    Action.REVISE: Transition(
        {State.PUBLISHED: State.DRAFT, State.WITHDRAWN: State.DRAFT}, is_own_city
    ),
    Action.DISCARD: Transition({State.DRAFT: State.PUBLISHED}, is_own_city, UNSENT_REVISION),
    Action.DELETE: Transition({State.DRAFT: State.DRAFT}, is_author, NEVER_SUBMITTED),
    Action.BEGIN_REVIEW: Transition({State.SUBMITTED: State.SUBMITTED}, is_staff, NOT_BEGUN),
    # Whoever reads now may let go; anybody else of the staff may go on in their place.
    Action.PUT_OFF: Transition({State.SUBMITTED: State.SUBMITTED}, is_reader),
    Action.TAKE_OVER: Transition({State.SUBMITTED: State.SUBMITTED}, is_other_reader, BEGUN),
    Action.SEND_BACK: Transition({State.SUBMITTED: State.RETURNED}, is_staff),
    Action.PUBLISH: Transition({State.SUBMITTED: State.PUBLISHED}, is_staff),
    # A revision that is being written goes on being written; only the public text goes.
    Action.WITHDRAW: Transition(
        {state: state for state in State} | {State.PUBLISHED: State.WITHDRAWN},
        is_staff,
        HAS_PUBLIC,
    ),
}


class Workflow:
    """A table of transitions, and the only place where states change."""

    def __init__(self, table: Mapping[Action, Transition]) -> None:
        self._table = table

    def actions(self, item: Submission, actor: Viewer) -> list[Action]:
        """List what ``actor`` can do with ``item`` now; templates draw buttons from it."""
        return [
            action
            for action, move in self._table.items()
            if move.allows(actor, item) and move.is_possible(item, actor)
        ]

    def starts(self, action: Action) -> frozenset[State]:
        """The states from which an action can be taken at all."""
        return frozenset(self._table[action].moves)

    def apply(self, action: Action, item: Submission, actor: Viewer) -> None:
        """Move ``item``, or say why it cannot be moved.

        :raises NotAllowed: if ``actor`` may not take this action at all.
        :raises WrongState: if the action does not start from where the item stands.
        """
        move = self._table[action]
        if not move.allows(actor, item):
            raise NotAllowed(_("You may not do this."))
        if item.state not in move.moves:
            raise WrongState(_("This has already been dealt with."))
        if move.condition and not move.condition.holds(item, actor):
            raise WrongState(str(move.condition.message))
        item.state = move.moves[item.state]


WORKFLOW = Workflow(TABLE)
