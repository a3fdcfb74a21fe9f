"""What a reporting year remembers of the reports that came too late."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from asdg_portal.core.db import Model


class LateArrival(Model):
    """The mark of a report that came for the first time after the city's last day.

    It stays when the dates are moved afterwards: it says what held on the day of the report.
    ``late_by`` counts seconds from the end of ``due_on`` in the city's own zone.
    """

    __tablename__ = "late_arrival"
    __table_args__ = (CheckConstraint("late_by >= 0", name="late_by_is_no_credit"),)

    report_id: Mapped[int] = mapped_column(
        ForeignKey("submission.id", ondelete="CASCADE"), primary_key=True
    )
    due_on: Mapped[date]
    late_by: Mapped[int]

    @property
    def delay(self) -> timedelta:
        """How long after the deadline the report came."""
        return timedelta(seconds=self.late_by)
