"""The map of the association: its cities, their membership and the directions of their work."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from asdg_portal.core.db import Model, intpk
from asdg_portal.core.slugs import slugify


class City(Model):
    """A municipality that is, was, or could be named by a member of the association."""

    id: Mapped[intpk]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    region: Mapped[str] = mapped_column(default="")
    federal_district: Mapped[str] = mapped_column(default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    population: Mapped[int | None]
    timezone: Mapped[str] = mapped_column(default="Asia/Novosibirsk")
    adjective: Mapped[str] = mapped_column(default="")
    demonym: Mapped[str] = mapped_column(default="")
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("city.id"))
    # Whether a head of the city reads its texts before they go to the association.
    needs_approval: Mapped[bool] = mapped_column(default=False)

    successor: Mapped[City | None] = relationship(
        remote_side="City.id", foreign_keys=[successor_id]
    )
    memberships: Mapped[list[Membership]] = relationship(
        back_populates="city", cascade="all, delete-orphan", order_by="Membership.since"
    )

    @property
    def region_slug(self) -> str:
        """The region as it stands in addresses."""
        return slugify(self.region)

    def is_member(self, on: date) -> bool:
        """Whether the city belonged to the association on a day."""
        return any(period.covers(on) for period in self.memberships)


class Membership(Model):
    """A period in which a city belongs to the association; an open end is None.

    ``confirmed`` is false for the demonstration set that ships with the portal: the association
    has yet to say whether it is so.
    """

    __table_args__ = (CheckConstraint("until >= since", name="ends_after_it_begins"),)

    id: Mapped[intpk]
    city_id: Mapped[int] = mapped_column(ForeignKey("city.id", ondelete="CASCADE"), index=True)
    since: Mapped[date | None]
    until: Mapped[date | None]
    confirmed: Mapped[bool] = mapped_column(default=False)

    city: Mapped[City] = relationship(back_populates="memberships")

    def covers(self, on: date) -> bool:
        """Whether a day lies in this period, its first and last day included."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


class Sector(Model):
    """A direction of municipal work, such as housing or organisational work."""

    id: Mapped[intpk]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    synonyms: Mapped[list[str]] = mapped_column(JSON, default=list)
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
