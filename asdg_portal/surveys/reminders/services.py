"""Reminding: on planned days by itself, or at a word of the staff; never twice a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select

from asdg_portal.accounts.models import User
from asdg_portal.accounts.policies import is_staff
from asdg_portal.core import audit
from asdg_portal.core.clock import now, today
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotAllowed, PortalError, Stale
from asdg_portal.core.letters import send
from asdg_portal.core.text import clean
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.core.worker import Chore
from asdg_portal.mail.bounces import bounced_addresses
from asdg_portal.surveys.models import Campaign
from asdg_portal.surveys.reminders.letters import reminder
from asdg_portal.surveys.reminders.models import USUAL_DAYS, Reminder, ReminderPlan
from asdg_portal.surveys.reminders.owed import Notice, owed

LOOK_EVERY = 600.0  # seconds between two looks at what the plan says
FIRST_HOUR = 9  # nobody wants a letter from the office in the night
# A worker that was down on the planned day catches up; after that the next day of the plan comes.
CATCH_UP = timedelta(days=2)
MOST_DAYS = 60


@dataclass(slots=True)
class Round:
    """What became of one round of reminding."""

    sent: list[Notice] = field(default_factory=list)
    reminded_today: list[Notice] = field(default_factory=list)
    unreachable: list[Notice] = field(default_factory=list)


def remind(
    campaign: Campaign,
    *,
    actor: User | None,
    words: str = "",
    people: Collection[int] | None = None,
) -> Round:
    """Write to everybody who owes a sheet, or to ``people`` of them; nobody twice a day.

    :raises NotAllowed: if ``actor`` is a person who is not of the staff.
    """
    if actor is not None and not is_staff(actor):
        raise NotAllowed(_("You may not do this."))
    chosen = [n for n in owed(campaign).notices if people is None or n.person.id in people]
    return _write(campaign, chosen, actor, clean(words))


def remind_as_planned() -> list[Round]:
    """Send what the plans of the open campaigns have for this hour."""
    rounds = []
    for campaign in db.session.scalars(select(Campaign).where(Campaign.due_on.is_not(None))).all():
        if _is_in_season(campaign):
            days, told = plan_of(campaign), last_days(campaign)
            due = [n for n in owed(campaign).notices if _is_time(n, days, told.get(n.person.id))]
            rounds.append(_write(campaign, due, None, ""))
    return rounds


def _is_in_season(campaign: Campaign) -> bool:
    """Whether any city's last day is so near that a plan could have something for it."""
    dues = [campaign.due_on, *(more.due_on for more in campaign.extensions.values())]
    reach = timedelta(days=MOST_DAYS + 1) + CATCH_UP
    return any(due is not None and abs(due - today()) <= reach for due in dues)


def plan_of(campaign: Campaign) -> list[int]:
    """The days on which the portal reminds by itself, counted from the last day for answers."""
    plan = db.session.get(ReminderPlan, campaign.id)
    return plan.days if plan else list(USUAL_DAYS)


def chore() -> Chore:
    """Look at the plans every ten minutes."""
    return Chore("reminders", LOOK_EVERY, remind_as_planned)


def planned_day(due: date, days: Iterable[int], day: date) -> date | None:
    """The newest day of the plan that has come and is not too long ago; None if there is none."""
    come = [due - timedelta(days=number) for number in days]
    newest = max((planned for planned in come if planned <= day), default=None)
    return newest if newest and day - newest <= CATCH_UP else None


def _is_time(notice: Notice, days: Iterable[int], last: date | None) -> bool:
    """Whether the plan has a letter for this person now that has not been written yet."""
    hour = now().astimezone(ZoneInfo(notice.city.timezone)).hour
    if notice.due is None or hour < FIRST_HOUR:
        return False
    planned = planned_day(notice.due, days, notice.today)
    return planned is not None and (last is None or last < planned)


def _write(campaign: Campaign, chosen: Iterable[Notice], actor: User | None, words: str) -> Round:
    """Write the letters, each in a transaction of its own: a crash leaves whole letters."""
    done, gone, told = Round(), bounced_addresses(), last_days(campaign)
    for notice in chosen:
        if notice.person.email in gone:
            done.unreachable.append(notice)
        elif told.get(notice.person.id) == notice.today:
            done.reminded_today.append(notice)
        else:
            _write_one(campaign, notice, actor, words, done)
    return done


def _write_one(
    campaign: Campaign, notice: Notice, actor: User | None, words: str, done: Round
) -> None:
    person = notice.person
    try:
        with unit_of_work():
            identifier = send(reminder(campaign, notice, words))
            db.session.add(
                Reminder(
                    campaign_id=campaign.id,
                    city_id=notice.city.id,
                    person_id=person.id,
                    day=notice.today,
                    sent_by_id=actor.id if actor else None,
                    sheets=len(notice.sheets),
                    address=person.email,
                    letter=identifier,
                )
            )
            sheets = {"city": notice.city.name, "sheets": len(notice.sheets)}
            audit.record("remind", f"campaign:{campaign.year}", actor, after=sheets)
        done.sent.append(notice)
    except Stale:  # another worker, or a second press of the button, was faster by a moment
        done.reminded_today.append(notice)


def last_days(campaign: Campaign) -> dict[int, date]:
    """On which day each person was reminded last."""
    rows = db.session.execute(
        select(Reminder.person_id, Reminder.day)
        .filter_by(campaign_id=campaign.id)
        .order_by(Reminder.day)
    )
    return {person_id: day for person_id, day in rows}  # noqa: C416


def change_plan(campaign: Campaign, text: str, *, actor: User) -> list[int]:
    """Set the days on which the portal reminds by itself, as people type them: «14 3 1 -7».

    An empty text means that it never does.

    :raises PortalError: if something is not a number of days.
    """
    if not is_staff(actor):
        raise NotAllowed(_("You may not do this."))
    days = sorted(set(_read_days(text)), reverse=True)
    with unit_of_work():
        plan = db.session.get(ReminderPlan, campaign.id)
        before = plan_of(campaign)
        if plan is None:
            plan = ReminderPlan(campaign_id=campaign.id)
            db.session.add(plan)
        plan.days = days
        audit.record(
            "plan_reminders",
            f"campaign:{campaign.year}",
            actor,
            before={"days": before},
            after={"days": days},
        )
    return days


def _read_days(text: str) -> Iterator[int]:
    for word in (
        text.replace(",", " ").replace(";", " ").replace("−", "-").replace("–", "-").split()
    ):
        digits = word.removeprefix("-").removeprefix("+")
        if not (digits.isascii() and digits.isdigit()) or int(digits[:6]) > MOST_DAYS:
            raise PortalError(_("“%(word)s” is not a number of days between -%(most)s and %(most)s.", word=word[:20], most=MOST_DAYS))  # fmt: skip  # noqa: E501
        yield int(word)
