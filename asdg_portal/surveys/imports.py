"""Old questionnaires put into the archive: each sheet once, whatever is read twice."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from flask_babel import gettext as _
from sqlalchemy import select

from asdg_portal.cities.models import City, Sector
from asdg_portal.cities.queries import find_city, find_sector
from asdg_portal.core import audit
from asdg_portal.core.clock import now, today
from asdg_portal.core.db import db
from asdg_portal.core.errors import PortalError
from asdg_portal.core.text import clean
from asdg_portal.moderation.models import Revision, State
from asdg_portal.moderation.services import make_public
from asdg_portal.moderation.workflow import Action
from asdg_portal.surveys import effects
from asdg_portal.surveys.campaigns.services import FIRST_YEAR, LAST_YEAR
from asdg_portal.surveys.documents import LONGEST_ANSWER
from asdg_portal.surveys.models import Campaign, Report
from asdg_portal.surveys.queries import find_campaign
from asdg_portal.surveys.saving.models import SavedText
from asdg_portal.surveys.services import (
    ReportText,
    find_report,
    new_report,
    write,
)
from asdg_portal.surveys.wordings import standard_questions


class Sheet(Protocol):
    """A filled questionnaire as the reader of documents gives it."""

    @property
    def city(self) -> str | None:
        """Its city by its name in the list, if it was recognised."""

    @property
    def sector(self) -> str | None:
        """Its direction, if it was recognised."""

    @property
    def year(self) -> int | None:
        """The reporting year, if it says one."""

    @property
    def preface(self) -> str:
        """What stands before the first question."""

    @property
    def answers(self) -> Mapping[str, str]:
        """The answers by ``q1`` … ``q5``."""

    @property
    def questions(self) -> Mapping[str, str]:
        """The questions as they were asked, by the same names."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a sheet; ``changed`` is false if the very text was there already."""

    report: Report
    changed: bool


def store(
    sheet: Sheet,
    state: State,
    *,
    year: int | None = None,
    sector: str | None = None,
    just_stored: Collection[int] = (),
) -> Stored:
    """Put a sheet into the archive in a state; call it inside a unit of work.

    ``year`` and ``sector`` are said by whoever imports and go before what the sheet says;
    ``just_stored`` are the reports that other sheets of the same import have become.

    :raises PortalError: if city, direction or year is unknown, an answer is too long, or another
        sheet has this place; then nothing is stored of it.
    """
    city, direction, reporting_year = _place(sheet, year, sector)
    _check_lengths(sheet)
    campaign = find_campaign(reporting_year) or _past_campaign(reporting_year)
    report = find_report(campaign, city, direction)
    if report is None:
        report = new_report(campaign, city, direction, actor=None)
    elif any(_has_had(revision, sheet) for revision in report.revisions):
        return Stored(report, changed=_carry_on(report, sheet, state))
    elif report.id in just_stored:
        raise PortalError(_("Another sheet of this city about this direction and year has just been read. Name the direction of one of them with --sector."))  # fmt: skip  # noqa: E501
    elif _is_in_hands(report) and not _is_untouched(report):
        raise PortalError(_("People have written this report in the portal, in other words: load the file on the report's own page, which shows both side by side."))  # fmt: skip  # noqa: E501
    elif not _is_untouched(report):
        report.revisions.append(report.copy_current())
    _fill(report, sheet)
    _put(report, state)
    return Stored(report, changed=True)


def _check_lengths(sheet: Sheet) -> None:
    """What the form would not take, a file cannot bring in: nobody could go on with it."""
    for text in (sheet.preface, *sheet.answers.values()):
        if len(clean(text)) > LONGEST_ANSWER:
            raise PortalError(_("An answer is longer than %(most)s characters: shorten it.", most=LONGEST_ANSWER))  # fmt: skip  # noqa: E501


def _carry_on(report: Report, sheet: Sheet, state: State) -> bool:
    """Take a text that is there already one step further, such as from a draft to publication.

    It is never taken back, nor past what people have begun to do with it.
    """
    steps = (State.DRAFT, State.SUBMITTED, State.PUBLISHED)
    behind = report.state in steps and steps.index(report.state) < steps.index(state)
    if not behind or report.open_review or not _is_same(report.current, sheet):
        return False
    _put(report, state)
    return True


def _place(sheet: Sheet, year: int | None, sector: str | None) -> tuple[City, Sector, int]:
    city = find_city(sheet.city) if sheet.city else None
    if city is None:
        raise PortalError(_("The city is not known: it is not in the list of cities."))
    direction = find_sector(sector or sheet.sector or "")
    if direction is None:
        raise PortalError(_("The direction is not known; name it with --sector."))
    reporting_year = year or sheet.year
    if reporting_year is None or not FIRST_YEAR <= reporting_year <= LAST_YEAR:
        raise PortalError(_("The reporting year is not known; name it with --year."))
    return city, direction, reporting_year


def _past_campaign(year: int) -> Campaign:
    """A year of the archive: nobody can begin a report in it any more."""
    yesterday = today() - timedelta(days=1)
    closed = min(date(year + 1, 12, 31), yesterday)
    campaign = Campaign(year=year, closes_on=closed, questions=standard_questions())
    db.session.add(campaign)
    db.session.flush()
    return campaign


def _words(sheet: Sheet) -> ReportText:
    answers = {int(name[1:]): text for name, text in sheet.answers.items()}
    return ReportText(preface=sheet.preface, answers=answers)


def _is_same(revision: Revision, sheet: Sheet) -> bool:
    kept = {part.name: part.text for part in revision.parts()}
    read = {"preface": sheet.preface, **sheet.answers}
    return all(kept.get(name, "") == clean(text) for name, text in read.items())


def _has_had(revision: Revision, sheet: Sheet) -> bool:
    """Whether a sheet came into this revision before, though its words were corrected since."""
    if _is_same(revision, sheet):
        return True
    stood: dict[str, set[str]] = {part.name: {part.text} for part in revision.parts()}
    saved = select(SavedText.part, SavedText.text).filter_by(revision_id=revision.id)
    for name, text in db.session.execute(saved):
        stood.setdefault(name, set()).add(text)
    read = {"preface": sheet.preface, **sheet.answers}
    return all(clean(text) in stood.get(name, {""}) for name, text in read.items())


def _is_untouched(report: Report) -> bool:
    """A sheet that was begun and left empty holds nothing that a revision must keep."""
    return len(report.revisions) == 1 and not any(p.text for p in report.current.parts())


def _is_in_hands(report: Report) -> bool:
    """Whether people have begun it or written in it: an archive never goes over their words."""
    return report.created_by_id is not None or report.updated_by_id is not None


def _fill(report: Report, sheet: Sheet) -> None:
    write(report, _words(sheet))
    for number, answer in report.current.answers.items():
        if asked := clean(sheet.questions.get(f"q{number}", "")):
            answer.question_text = asked


def _put(report: Report, state: State) -> None:
    """Leave the report as it would be had the city and the staff acted themselves."""
    report.state, report.updated_at = state, now()
    report.submitted_at = now() if state is State.SUBMITTED else None
    if state is not State.DRAFT:
        report.current.submitted_at = now()
    if state is State.PUBLISHED:
        make_public(report)
    db.session.flush()
    audit.record("import", f"report:{report.id}", None, after={"state": state})
    if state is State.PUBLISHED:
        effects.after(Action.PUBLISH, report, None)
