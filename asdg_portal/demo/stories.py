"""What happens to each text of the demonstration, acted out by the rules of everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from asdg_portal.accounts.models import User
from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.clock import now, today
from asdg_portal.core.db import db
from asdg_portal.moderation import services
from asdg_portal.moderation.approval import services as approval
from asdg_portal.moderation.channels import Channel
from asdg_portal.moderation.models import Submission
from asdg_portal.moderation.remarks.answers import Reply, answer
from asdg_portal.moderation.workflow import Action
from asdg_portal.surveys.assignments import services as assignments
from asdg_portal.surveys.assignments.services import Request
from asdg_portal.surveys.filings.services import Receipt, file_for_city
from asdg_portal.surveys.models import Campaign, Duty, Extension, Report
from asdg_portal.surveys.services import ReportText, write

ANSWERED = "Уточнили у отдела статистики и дополнили текст."
WITHDRAWN_BECAUSE = "Показатели сверяются: город попросил снять текст, пока не уточнены цифры."


MORE_TIME_BECAUSE = "Паводок: отделы администрации заняты в оперативном штабе."


@dataclass(frozen=True)
class Cast:
    """The people of the demonstration; writers and helpers go by the names of their cities."""

    admin: User
    moderators: tuple[User, ...]
    writers: Mapping[str, User]
    helpers: Mapping[str, User]


def tell(item: Submission, story: Mapping[str, Any], number: int, cast: Cast) -> None:
    """Lead a draft to the state that its story tells of, and date it plausibly."""
    state, writer = story["state"], cast.writers[story["city"]]
    moderator = cast.moderators[number % len(cast.moderators)]
    if state == "submitted" and number % 3 == 1 and isinstance(item, Report):
        sheet = Receipt(Channel.PAPER, today() - timedelta(days=12), f"{number}-04/1")
        file_for_city(item.campaign, item.city, item.sector, sheet, actor=moderator)
    _send(item, state, writer)
    if state == "submitted" and number % 3 == 0:
        services.begin_review(item, actor=moderator)
    if state == "returned":
        remarks = dict(story["remarks"])
        services.begin_review(item, actor=moderator)
        services.send_back(item, remarks.pop("general", ""), remarks, actor=moderator)
        answer(item.open_remarks[-1], item, Reply(ANSWERED, fixed=True), actor=writer)
    if state in {"published", "revising", "withdrawn"}:
        services.publish(item, actor=moderator)
    if state == "withdrawn":
        services.withdraw(item, WITHDRAWN_BECAUSE, actor=moderator)
    db.session.flush()
    _date(item, _moment(story, number))
    if state == "revising" and isinstance(item, Report):
        services.revise(item, actor=writer)
        answers = {int(name[1:]): text for name, text in story["next"].items()}
        write(item, ReportText(answers=answers))
    if isinstance(item, Report):
        _hand_over(item, story, cast)
    db.session.flush()


def share_out(campaign: Campaign, cast: Cast) -> None:
    """Say who answers about what, what some cities do not answer about, and give one more time."""
    reports = select(Report.city_id, Report.sector_id).filter_by(campaign_id=campaign.id)
    begun = {tuple(sheet) for sheet in db.session.execute(reports)}
    for place, writer in enumerate(cast.writers.values()):
        for number, sector in enumerate(campaign.sectors, place):
            person = writer if number % 3 else None
            expected = number % 7 != 0 or (writer.city_id, sector.id) in begun
            sheet = {"city": writer.city, "sector": sector, "expected": expected}
            db.session.add(Duty(campaign=campaign, person=person if expected else None, **sheet))
    city = next(iter(cast.writers.values())).city
    if city and campaign.due_on:
        more = Extension(due_on=campaign.due_on + timedelta(days=7), reason=MORE_TIME_BECAUSE)
        more.city_id, more.given_by = city.id, cast.moderators[0]
        campaign.extensions[city.id] = more


def _send(item: Submission, state: str, writer: User) -> None:
    """Lay the text before a head or hand it to the association, unless it is a draft yet."""
    if state == "approval":
        item.city.needs_approval = True
        approval.ask(item, actor=writer)
    elif state != "draft":
        services.submit(item, actor=writer)


def _hand_over(report: Report, story: Mapping[str, Any], cast: Cast) -> None:
    """Let a colleague be asked for some of the answers."""
    writer, term = cast.writers[story["city"]], today() + timedelta(days=6)
    for part, note in story.get("hands", {}).items():
        asked = Request(term, person_id=cast.helpers[story["city"]].id, note=note)
        assignments.hand(report, part, asked, actor=writer)


def _moment(story: Mapping[str, Any], number: int) -> datetime:
    """When the story reached its state: the archive in its own winter, the newest year just now."""
    recent = now() - timedelta(days=1 + number % 9, hours=number % 7)
    winter = recent.replace(year=story["year"] + 1, month=2, day=3 + number % 22)
    return min(recent, winter)


def _date(item: Submission, moment: datetime) -> None:
    """Set the acts of a story into the days before ``moment``, in their order."""
    written, submitted = moment - timedelta(days=9), moment - timedelta(days=3)
    begun = moment - timedelta(hours=2)
    item.created_at, item.updated_at = written, moment
    item.submitted_at = submitted if item.submitted_at else None
    for revision in item.revisions:
        revision.created_at = written
        revision.submitted_at = submitted if revision.submitted_at else None
        revision.published_at = moment if revision.published_at else None
        for review in revision.reviews:
            review.begun_at = begun
            review.ended_at = moment if review.ended_at else None
    acts = update(AuditEntry).filter_by(subject=f"{item.kind}:{item.id}")
    db.session.execute(acts.values(at=moment))
    for action, at in ((Action.SUBMIT, submitted), (Action.BEGIN_REVIEW, begun)):
        db.session.execute(acts.filter_by(action=action).values(at=at))
