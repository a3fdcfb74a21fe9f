"""What a reviewer of a report sees besides its text: the paper, and last year's promises."""

from __future__ import annotations

from asdg_portal.moderation.kinds import Exhibit
from asdg_portal.moderation.models import Submission
from asdg_portal.surveys.commitments import queries as commitments
from asdg_portal.surveys.commitments.queries import ClosedYear
from asdg_portal.surveys.earlier import earlier_sheets
from asdg_portal.surveys.filings.queries import scans_of
from asdg_portal.surveys.models import Report


def closed_year_of(report: Report) -> ClosedYear | None:
    """What the newest revision says of last year's tasks, as it would be published."""
    cards = commitments.cards_of(report, earlier_sheets(report))
    circles = {part.name: part.audience for part in report.current.parts()}
    return commitments.as_read(report.year, cards, circles)


def exhibits(item: Submission) -> list[Exhibit]:
    """The scan above everything, the promises above the achievements."""
    assert isinstance(item, Report)  # noqa: S101  the kind is that of reports
    found = []
    if any(revision.channel for revision in item.revisions):
        scans = {"item": item, "scans": scans_of(item)}
        found.append(Exhibit("", "surveys/_scans.html", scans))
    if closed := closed_year_of(item):
        found.append(Exhibit("q1", "surveys/_promised.html", {"closed": closed}))
    return found
