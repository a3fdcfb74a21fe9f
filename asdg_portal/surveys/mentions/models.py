"""A city that another one noticed."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from asdg_portal.cities.models import City
from asdg_portal.core.db import Model, intpk
from asdg_portal.surveys.models import Report


class Mention(Model):
    """One city names another in a published answer, and says what for."""

    __table_args__ = (
        UniqueConstraint("report_id", "city_id", name="uq_mention_report_id_city_id"),
    )

    id: Mapped[intpk]
    report_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    city_id: Mapped[int] = mapped_column(ForeignKey("city.id"), index=True)
    phrase: Mapped[str] = mapped_column(Text, default="")

    report: Mapped[Report] = relationship()
    city: Mapped[City] = relationship()
