"""What can be done with reports; every rule of the questionnaire is enforced here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from flask_babel import gettext as _
from sqlalchemy import select

from asdg_portal.accounts.models import User
from asdg_portal.accounts.policies import Viewer
from asdg_portal.cities.models import City, Sector
from asdg_portal.core import audit
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotAllowed, NotFound, WrongState
from asdg_portal.core.text import clean, clean_line
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.surveys.models import Answer, Campaign, Report, ReportRevision
from asdg_portal.surveys.parts import DATE, Unfit
from asdg_portal.surveys.policies import can_begin, can_read
from asdg_portal.surveys.reading import read_report
from asdg_portal.surveys.saving.services import Change, save_parts


@dataclass(frozen=True, slots=True)
class ReportText:
    """What a city writes in its questionnaire; ``answers`` go by the questions' numbers.

    What is left out here stays in the report as it was: half a form never wipes the other half.
    """

    preface: str | None = None
    answers: Mapping[int, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)
    outgoing_date: date | Literal["kept"] | None = "kept"

    def by_part(self) -> dict[str, str]:
        """The same words by the names of the report's parts."""
        words = {} if self.preface is None else {"preface": self.preface}
        words |= {f"q{number}": text for number, text in self.answers.items()}
        if self.outgoing_date != "kept":
            words[DATE] = str(self.outgoing_date or "")
        return words | dict(self.details)


def get_report(report_id: int, *, actor: Viewer) -> Report:
    """Fetch a report; what ``actor`` may not read does not exist for them.

    :raises NotFound: if there is no such report for this person.
    """
    report = read_report(report_id)
    if report is None or not can_read(actor, report):
        raise NotFound(_("There is no such report, or it is not open to you."))
    return report


def begin_report(campaign: Campaign, city: City, sector: Sector, *, actor: User) -> Report:
    """Begin the report of a city about a direction, or go on with the one there is.

    :raises NotAllowed: if the campaign is not open for this city, or the city is another's.
    """
    if report := find_report(campaign, city, sector):
        return report
    if not can_begin(actor, campaign, city):
        raise NotAllowed(_("Reports for this year are not being taken from your city now."))
    if sector not in campaign.sectors:
        raise WrongState(_("The year %(year)s does not ask about this direction.", year=campaign.year))  # fmt: skip  # noqa: E501
    with unit_of_work():
        report = new_report(campaign, city, sector, actor=actor)
        introduce(report, actor)
        db.session.flush()
        audit.record("begin", f"report:{report.id}", actor)
    return report


def find_report(campaign: Campaign, city: City, sector: Sector) -> Report | None:
    """Look for the one report that a city can have about a direction in a year."""
    return db.session.scalar(
        select(Report).filter_by(campaign_id=campaign.id, city_id=city.id, sector_id=sector.id)
    )


def introduce(report: Report, actor: User) -> None:
    """Name whoever begins a report as the one whom colleagues may ask."""
    revision = report.current
    revision.contact_name, revision.contact_post = actor.name, actor.post
    revision.contact_email, revision.contact_phone = actor.email, actor.phone


def new_report(campaign: Campaign, city: City, sector: Sector, *, actor: User | None) -> Report:
    """Make an empty report with the campaign's questions as they are asked today."""
    report = blank_report(campaign, city, sector, actor=actor)
    db.session.add(report)
    return report


def blank_report(campaign: Campaign, city: City, sector: Sector, *, actor: User | None) -> Report:
    """The same, not to be stored."""
    answers = {
        question.number: Answer(
            number=question.number,
            question_text=question.text,
            audience=question.audience,
            text="",
        )
        for question in campaign.questions
    }
    report = Report(
        campaign=campaign, city=city, sector=sector, year=campaign.year, created_by=actor
    )
    report.city_id, report.sector_id = city.id, sector.id
    report.revisions.append(ReportRevision(number=1, preface="", answers=answers))
    return report


def save(report: Report, text: ReportText, *, actor: User) -> None:
    """Keep what is written, finished or not, whatever stood there: it goes into the history.

    :raises Unfit: if a text cannot be kept where it was meant to stand; the others are.
    """
    changes = [Change(name, words) for name, words in text.by_part().items()]
    outcome = save_parts(report, changes, actor=actor, by_hand=True)
    if outcome.wrong:
        raise Unfit(" ".join(outcome.wrong.values()))


def write(report: Report, text: ReportText) -> None:
    """Put words into the newest revision; numbers and names that are not in it are left out."""
    revision = report.current
    if text.preface is not None:
        revision.preface = clean(text.preface)
    if text.outgoing_date != "kept":
        revision.outgoing_date = text.outgoing_date
    for name in (*ReportRevision.CONTACT, "author_name", "author_post", "outgoing_number"):
        if name in text.details:
            setattr(revision, name, clean_line(text.details[name]))
    for number, answer in revision.answers.items():
        if number in text.answers:
            answer.text = clean(text.answers[number])
