"""The tasks that a city had set itself for a year, and what it says became of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from asdg_portal.accounts.models import User
from asdg_portal.core.db import Model, intpk
from asdg_portal.moderation.models import Audience

# From this year on a task that is still not done deserves a word.
LONG_CARRIED = 3


class Outcome(StrEnum):
    """What became of a task by the end of its year."""

    DONE = "done"
    PARTLY = "partly"
    MOVED = "moved"
    DROPPED = "dropped"


class Commitment(Model):
    """A task out of last year's answer 3, closed in this year's report.

    While nobody has said what became of it, it is made anew from last year's words whenever it is
    looked at; it is stored once it is touched, and with the report's submission. ``since_year`` is
    the first year it was meant for; ``inserted`` the line that was last put into answer 1 for it.
    ``audience`` is that of the answer it was taken from.
    """

    __table_args__ = (
        UniqueConstraint("revision_id", "key", name="uq_commitment_revision_id_key"),
        CheckConstraint("since_year BETWEEN 1986 AND 2200", name="since_is_plausible"),
    )

    id: Mapped[intpk]
    revision_id: Mapped[int] = mapped_column(ForeignKey("report_revision.id", ondelete="CASCADE"))
    key: Mapped[str]
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    since_year: Mapped[int]
    audience: Mapped[Audience]
    outcome: Mapped[Outcome | None]
    note: Mapped[str] = mapped_column(Text, default="")
    inserted: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column()
    updated_at: Mapped[datetime | None]
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    updated_by: Mapped[User | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def is_touched(self) -> bool:
        """Whether somebody has said something of it; then it stays whatever last year says."""
        return self.outcome is not None or bool(self.note)

    def years_by(self, year: int) -> int:
        """For which year running the task stands in the report of a year."""
        return year - self.since_year + 1

    def copy(self) -> Commitment:
        """The same for another revision of the report."""
        names = ("key", "position", "text", "since_year", "audience", "outcome", "note", "inserted")
        copied = {name: getattr(self, name) for name in names}
        return Commitment(**copied, updated_at=self.updated_at, updated_by_id=self.updated_by_id)
