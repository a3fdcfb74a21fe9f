"""The invented texts put into new reports and practices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from asdg_portal.accounts.models import User
from asdg_portal.cities.models import Sector
from asdg_portal.cities.queries import find_sector
from asdg_portal.core.db import db
from asdg_portal.demo.stories import Cast
from asdg_portal.moderation.models import Revision
from asdg_portal.practices.models import Practice, PracticeRevision
from asdg_portal.surveys.commitments.models import Outcome
from asdg_portal.surveys.commitments.queries import open_cards
from asdg_portal.surveys.commitments.services import Mark, mark
from asdg_portal.surveys.earlier import earlier_sheets
from asdg_portal.surveys.models import Campaign, Report
from asdg_portal.surveys.services import ReportText, new_report, write

Story = Mapping[str, Any]


def make_report(story: Story, campaign: Campaign, cast: Cast) -> Report:
    """Begin a city's report and write its answers; it is a draft yet."""
    writer = cast.writers[story["city"]]
    assert writer.city is not None  # noqa: S101  a representative has a city
    report = new_report(campaign, writer.city, _sector(story), actor=writer)
    write(report, report_text(story))
    db.session.flush()
    _close_year(report, story, writer)
    return report


def _close_year(report: Report, story: Story, writer: User) -> None:
    """Say what became of last year's tasks, in their order, as far as the story tells."""
    cards = open_cards(report, earlier_sheets(report))
    told = zip(cards, story.get("closed", ()), strict=False)
    marks = [Mark(card.key, Outcome(outcome), note, 0) for card, (outcome, note) in told]
    mark(report, marks, actor=writer)


def report_text(story: Story) -> ReportText:
    """Read the words of a story as its city would have typed them."""
    day = story["outgoing_date"]
    return ReportText(
        preface=story["preface"],
        answers={int(name[1:]): text for name, text in story["answers"].items()},
        details={
            "author_name": story["author"],
            "author_post": story["author_post"],
            "outgoing_number": story["outgoing_number"],
            "contact_name": story["author"],
            "contact_post": story["author_post"],
            "contact_email": story["contact_email"],
            "contact_phone": story["contact_phone"],
        },
        outgoing_date=date.fromisoformat(day) if day else None,
    )


def make_practice(story: Story, cast: Cast) -> Practice:
    """Begin a city's practice and write it down; it is a draft yet."""
    writer = cast.writers[story["city"]]
    practice = Practice(
        city=writer.city, sector=_sector(story), year=story["year"], created_by=writer
    )
    revision = PracticeRevision(number=1, tags=story["tags"])
    for name in ("title", *PracticeRevision.SECTIONS, *Revision.CONTACT):
        setattr(revision, name, story[name])
    practice.revisions.append(revision)
    db.session.add(practice)
    db.session.flush()
    return practice


def _sector(story: Story) -> Sector:
    sector = find_sector(story["sector"])
    assert sector is not None, story["sector"]  # noqa: S101  the directions ship with the portal
    return sector
