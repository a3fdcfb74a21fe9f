"""What a file holds of a report: what its reader sees on the page, by the rules of the page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _

from asdg_portal.accounts.sessions import viewer
from asdg_portal.core.formats import local_day
from asdg_portal.moderation.models import Part, State
from asdg_portal.surveys import parts
from asdg_portal.surveys.access import work_on
from asdg_portal.surveys.commitments.queries import ClosedYear
from asdg_portal.surveys.exhibits import closed_year_of
from asdg_portal.surveys.models import Report, ReportRevision
from asdg_portal.surveys.policies import can_see_contact, open_circles
from asdg_portal.surveys.queries import public_shown

FIELDS = (*ReportRevision.LETTER, *ReportRevision.CONTACT)


@dataclass(frozen=True, slots=True)
class Contents:
    """A report as one reader may read it.

    ``standing`` says in a line what kind of text it is: published and where, or a draft.
    ``details`` are the lines beside the text by their names, those without words left out.
    """

    report_id: int
    city: str
    sector: str
    year: int
    standing: str
    is_draft: bool
    parts: list[Part]
    details: list[Part]
    closed: ClosedYear | None

    @property
    def title(self) -> str:
        """City, direction and year."""
        return f"{self.city} — {self.sector}, {self.year}"


def shown(report_id: int) -> Contents:
    """What the page of a report shows to who asks: the published text, else the newest one.

    :raises NotFound: if there is nothing at this address for this person.
    """
    public = public_shown(report_id)
    if public is None:
        return newest(work_on(report_id))
    report, person = public["report"], viewer()
    circles, closed = open_circles(person, report.city_id), public["closed"]
    answers = [
        Part(f"q{number}", question, text, audience, number)
        for number, question, audience, text in public["answers"]
        if audience in circles
    ]
    address = f"{current_app.config['BASE_URL']}/reports/{report.id}/"
    day = local_day(report.published_at, report.timezone)
    return Contents(
        report.id,
        report.city,
        report.sector,
        report.year,
        _("Published on the portal of the ASDG on %(day)s: %(address)s", day=day, address=address),
        False,
        [Part("preface", _("Preface"), report.preface), *answers],
        _details(report, contact=can_see_contact(person)),
        closed if closed and closed.is_open_to(circles) else None,
    )


def newest(report: Report) -> Contents:
    """The newest revision, for those who work on it: what the preview shows."""
    revision = report.current
    standing = _("draft, not sent")
    if report.state not in {State.DRAFT, State.APPROVAL, State.RETURNED}:
        standing = _("sent to the association, not published")
    elif report.state is State.RETURNED:
        standing = _("returned to the city, not published")
    return Contents(
        report.id,
        report.city.name,
        report.sector.name,
        report.year,
        "" if revision.is_public else standing,
        not revision.is_public,
        list(revision.parts()),
        _details(revision, contact=True),
        closed_year_of(report),
    )


def _details(source: object, *, contact: bool) -> list[Part]:
    names = FIELDS if contact else ReportRevision.LETTER
    texts = ((name, str(getattr(source, name) or "")) for name in names)
    return [Part(name, parts.label(name), parts.shown(name, text)) for name, text in texts if text]
