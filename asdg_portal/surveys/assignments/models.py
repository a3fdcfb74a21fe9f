"""A part of a report that somebody was asked to write."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from asdg_portal.accounts.models import User
from asdg_portal.core.clock import end_of_day, now
from asdg_portal.core.db import Model, intpk
from asdg_portal.moderation.models import Submission


class Assignment(Model):
    """One question handed to one colleague, with a term and a note.

    ``due_on`` is a day in the city's own zone. The right to write lasts until ``ended_at``: the
    question was recalled or handed to another, or the report was sent. ``done_at`` is when the
    colleague said so; until the end the text can still be mended.
    """

    __table_args__ = (
        Index(
            "uq_assignment_one_open",
            "report_id",
            "part",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[intpk]
    report_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    part: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    due_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime] = mapped_column(default=now)
    done_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    report: Mapped[Submission] = relationship("Report", back_populates="assignments")
    person: Mapped[User] = relationship(foreign_keys=[person_id])
    asked_by: Mapped[User | None] = relationship(foreign_keys=[asked_by_id])

    @property
    def heading(self) -> str:
        """What is asked, as people read it."""
        parts = self.report.current.parts()
        return next((part.heading for part in parts if part.name == self.part), self.part)

    @property
    def is_overdue(self) -> bool:
        """Whether the last day is over in the city, and nothing has been said."""
        over = now() >= end_of_day(self.due_on, self.report.city.timezone)
        return over and self.done_at is None
