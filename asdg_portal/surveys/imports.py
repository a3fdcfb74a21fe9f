"""Old questionnaires put into the archive: each sheet once, whatever is read twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from flask_babel import gettext as _

from asdg_portal.cities.models import City, Sector
from asdg_portal.cities.queries import find_city, find_sector
from asdg_portal.core import audit
from asdg_portal.core.clock import now, today
from asdg_portal.core.db import db
from asdg_portal.core.errors import PortalError
from asdg_portal.core.text import clean
from asdg_portal.moderation.models import State
from asdg_portal.moderation.services import make_public
from asdg_portal.moderation.workflow import Action
from asdg_portal.surveys import effects
from asdg_portal.surveys.campaigns.services import FIRST_YEAR, LAST_YEAR
from asdg_portal.surveys.models import Campaign, Report, ReportRevision
from asdg_portal.surveys.queries import find_campaign
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
    sheet: Sheet, state: State, *, year: int | None = None, sector: str | None = None
) -> Stored:
    """Put a sheet into the archive in a state; call it inside a unit of work.

    ``year`` and ``sector`` stand for what the sheet does not say itself.

    :raises PortalError: if city, direction or year is unknown; then nothing is stored of it.
    """
    city, direction, reporting_year = _place(sheet, year, sector)
    campaign = find_campaign(reporting_year) or _past_campaign(reporting_year)
    report = find_report(campaign, city, direction)
    if report is not None:
        if _is_same(report, sheet):
            return Stored(report, changed=False)
        if not _is_untouched(report):
            report.revisions.append(report.copy_current())
    else:
        report = new_report(campaign, city, direction, actor=None)
    _fill(report, sheet)
    _put(report, state)
    return Stored(report, changed=True)


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


def _is_same(report: Report, sheet: Sheet) -> bool:
    kept = {part.name: part.text for part in report.current.parts()}
    read = {"preface": sheet.preface, **sheet.answers}
    return all(kept.get(name, "") == clean(text) for name, text in read.items())


def _is_untouched(report: Report) -> bool:
    """A sheet that was begun and left empty holds nothing that a revision must keep."""
    return len(report.revisions) == 1 and not any(p.text for p in report.current.parts())


def _fill(report: Report, sheet: Sheet) -> None:
    write(report, _words(sheet))
    revision = report.current
    assert isinstance(revision, ReportRevision)  # noqa: S101  a report has no other
    for number, answer in revision.answers.items():
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
