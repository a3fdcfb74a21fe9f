"""What a year asks: questions are put, reworded, moved and dropped while nobody has answered.

A report keeps each question as it was asked when the report was begun.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from flask_babel import gettext as _

from asdg_portal.accounts.models import User
from asdg_portal.core import audit
from asdg_portal.core.errors import NotFound, PortalError, WrongState
from asdg_portal.core.text import clean
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.moderation.models import Audience
from asdg_portal.surveys.campaigns.services import has_reports, one_at_a_time, only_staff
from asdg_portal.surveys.models import Campaign, Question

MOST = 20


def find_question(campaign: Campaign, number: int) -> Question:
    """Fetch a question by its number.

    :raises NotFound: if the year asks no such question.
    """
    for question in campaign.questions:
        if question.number == number:
            return question
    raise NotFound(_("There is no such question."))


def _begin(campaign: Campaign, actor: User) -> None:
    """See that the list of questions may be changed at all, and keep others out meanwhile."""
    only_staff(actor)
    one_at_a_time(campaign)
    if has_reports(campaign):
        raise WrongState(_("Reports of this year have been begun: questions can only be reworded."))


def _record(act: str, campaign: Campaign, actor: User, **details: Any) -> None:
    audit.record(act, f"campaign:{campaign.year}", actor, **details)


def add_question(campaign: Campaign, wording: str, audience: Audience, *, actor: User) -> Question:
    """Ask one thing more, at the end.

    :raises PortalError: if there are reports already, or as many questions as a sheet can hold.
    """
    with unit_of_work():
        _begin(campaign, actor)
        if len(campaign.questions) >= MOST:
            raise PortalError(_("A year asks at most %(number)s questions.", number=MOST))
        number = max((q.number for q in campaign.questions), default=0) + 1
        question = Question(number=number, wording=_words(wording), audience=audience)
        campaign.questions.append(question)
        _record("add_question", campaign, actor, after={"wording": question.wording})
    return question


def change_question(question: Question, wording: str, audience: Audience, *, actor: User) -> None:
    """Ask differently from now on; reports already begun keep the question as it was asked."""
    only_staff(actor)
    words = _words(wording)
    with unit_of_work():
        before = {"wording": question.wording, "audience": question.audience}
        question.wording, question.audience = words, audience
        after = {"wording": words, "audience": audience}
        _record("change_question", question.campaign, actor, before=before, after=after)


def _words(wording: str) -> str:
    if words := clean(wording):
        return words
    raise PortalError(_("Please fill this in."))


def move_question(campaign: Campaign, number: int, step: int, *, actor: User) -> None:
    """Ask a question earlier (-1) or later (1); the first and the last stay where they are."""
    with unit_of_work():
        _begin(campaign, actor)
        one = find_question(campaign, number)
        place = campaign.questions.index(one)
        if not 0 <= place + step < len(campaign.questions):
            return
        other = campaign.questions[place + step]
        # The numbers stay with their rows, the words change places: no number is ever twice.
        mine, theirs = (one.wording, one.audience), (other.wording, other.audience)
        (one.wording, one.audience), (other.wording, other.audience) = theirs, mine
        _record("move_question", campaign, actor, before={"number": number})


def remove_question(campaign: Campaign, number: int, *, actor: User) -> None:
    """Do not ask something after all; the questions behind it close up.

    :raises PortalError: if there are reports already, or it is the only question.
    """
    with unit_of_work():
        _begin(campaign, actor)
        gone = find_question(campaign, number)
        if len(campaign.questions) == 1:
            raise PortalError(_("A year needs at least one question and one direction."))
        _record("remove_question", campaign, actor, before={"wording": gone.wording})
        behind = campaign.questions[campaign.questions.index(gone) :]
        for earlier, later in pairwise(behind):
            earlier.wording, earlier.audience = later.wording, later.audience
        campaign.questions.remove(behind[-1])
