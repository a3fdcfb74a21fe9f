"""Which day whom the portal has reminded: what keeps a letter from being written twice."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from asdg_portal.accounts.models import User
from asdg_portal.cities.models import City
from asdg_portal.core.clock import now
from asdg_portal.core.db import Model, intpk
from asdg_portal.surveys.models import Campaign

# Days before the last day for answers; those after it are negative.
USUAL_DAYS = (30, 14, 7, 3, 1, -1, -7)


class ReminderPlan(Model):
    """On which days a campaign reminds by itself; without one, on USUAL_DAYS.

    ``days`` counts from the last day for answers: 3 is three days before it, -1 the day after.
    """

    __tablename__ = "reminder_plan"

    campaign_id: Mapped[int] = mapped_column(
        ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True
    )
    days: Mapped[list[int]] = mapped_column(JSON)


class Reminder(Model):
    """One letter to one person about all the sheets that are theirs; one a day at the most.

    ``day`` is a day in the city's own zone, ``letter`` the identifier of the letter in the queue.
    """

    __table_args__ = (
        UniqueConstraint("campaign_id", "person_id", "day", name="uq_reminder_one_a_day"),
    )

    id: Mapped[intpk]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    city_id: Mapped[int] = mapped_column(ForeignKey("city.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    day: Mapped[date]
    sent_at: Mapped[datetime] = mapped_column(default=now)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    sheets: Mapped[int]
    address: Mapped[str]
    letter: Mapped[str]

    campaign: Mapped[Campaign] = relationship()
    city: Mapped[City] = relationship()
    person: Mapped[User] = relationship(foreign_keys=[person_id])
    sent_by: Mapped[User | None] = relationship(foreign_keys=[sent_by_id])
