"""A summary of one question: its themes, and which quote lies in which. Words are not copied."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from asdg_portal.cities.models import Sector
from asdg_portal.core.clock import now
from asdg_portal.core.db import Model, intpk
from asdg_portal.surveys.models import Campaign


class Summary(Model):
    """What the cities answered to one question about one direction in one year."""

    __table_args__ = (
        UniqueConstraint("campaign_id", "sector_id", "number", name="uq_summary_question"),
    )

    id: Mapped[intpk]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    sector_id: Mapped[int] = mapped_column(ForeignKey("sector.id"), index=True)
    number: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)

    campaign: Mapped[Campaign] = relationship()
    sector: Mapped[Sector] = relationship()
    themes: Mapped[list[Theme]] = relationship(
        back_populates="summary",
        cascade="all, delete-orphan",
        order_by="(Theme.position, Theme.id)",
    )


class Theme(Model):
    """A heading under which quotes of several cities stand."""

    id: Mapped[intpk]
    summary_id: Mapped[int] = mapped_column(
        ForeignKey("summary.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    position: Mapped[int]

    summary: Mapped[Summary] = relationship(back_populates="themes")
    places: Mapped[list[Place]] = relationship(back_populates="theme", cascade="all, delete-orphan")


class Place(Model):
    """That a quote lies in a theme: the quote is known by its report and the mark of its words.

    The words are read from what is published now, so what is withdrawn is gone from here, too.
    """

    __tablename__ = "quote_place"
    __table_args__ = (
        UniqueConstraint("summary_id", "report_id", "mark", name="uq_quote_place_one_theme"),
    )

    id: Mapped[intpk]
    summary_id: Mapped[int] = mapped_column(ForeignKey("summary.id", ondelete="CASCADE"))
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id", ondelete="CASCADE"), index=True)
    report_id: Mapped[int] = mapped_column(
        ForeignKey("submission.id", ondelete="CASCADE"), index=True
    )
    mark: Mapped[str]

    theme: Mapped[Theme] = relationship(back_populates="places")

    @property
    def key(self) -> str:
        """How the quote is called in forms."""
        return f"{self.report_id}:{self.mark}"
