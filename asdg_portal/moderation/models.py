"""What reports and practices share: where they stand, their revisions, and their reviews."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from asdg_portal.accounts.models import User
from asdg_portal.cities.models import City, Sector
from asdg_portal.core.clock import now
from asdg_portal.core.db import Model, intpk
from asdg_portal.moderation.channels import Channel


class State(StrEnum):
    """Where the newest revision of a submission stands between a city and the association."""

    DRAFT = "draft"
    APPROVAL = "approval"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


# Where the city itself has something to do, its head included.
WITH_CITY = frozenset({State.DRAFT, State.APPROVAL, State.RETURNED})


class Audience(StrEnum):
    """The smallest circle of people that may read a text once it is published."""

    PUBLIC = "public"
    MEMBERS = "members"
    STAFF = "staff"


# Remarks on no single part: on the text as a whole, and on its author, contact and numbers.
WHOLE, DETAILS = "", "details"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a revision that is read, and can be remarked on, by itself.

    ``name`` is stable (``preface``, ``q1``, ``problem``); ``heading`` is what people read, with
    the ``number`` of a question before it.
    """

    name: str
    heading: str
    text: str
    audience: Audience = Audience.PUBLIC
    number: int | None = None

    @property
    def numbered(self) -> str:
        """The heading as plain text, where no page can set the number apart."""
        return f"{self.number}. {self.heading}" if self.number else self.heading


class Submission(Model):
    """A report or a practice of a city on its way to publication.

    ``state`` speaks of the newest revision. Whether the public sees something is another matter:
    a published revision stays public while the next one is written and reviewed.
    """

    __table_args__ = (
        CheckConstraint("year BETWEEN 1986 AND 2200", name="year_is_plausible"),
        Index("ix_submission_state_submitted_at", "state", "submitted_at"),
        Index("ix_submission_state_updated_at", "state", "updated_at"),
    )

    id: Mapped[intpk]
    kind: Mapped[str]
    city_id: Mapped[int] = mapped_column(ForeignKey("city.id"), index=True)
    sector_id: Mapped[int] = mapped_column(ForeignKey("sector.id"), index=True)
    year: Mapped[int] = mapped_column(index=True)
    state: Mapped[State] = mapped_column(default=State.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    updated_at: Mapped[datetime] = mapped_column(default=now)
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    submitted_at: Mapped[datetime | None]

    city: Mapped[City] = relationship()
    sector: Mapped[Sector] = relationship()
    created_by: Mapped[User | None] = relationship(foreign_keys=[created_by_id])
    updated_by: Mapped[User | None] = relationship(foreign_keys=[updated_by_id])
    revisions: Mapped[list[Revision]] = relationship(
        back_populates="submission", cascade="all, delete-orphan", order_by="Revision.number"
    )

    __mapper_args__ = {  # noqa: RUF012  SQLAlchemy reads it as it is
        "polymorphic_on": "kind",
        "version_id_col": version,
        "with_polymorphic": "*",  # one table: a list of both kinds takes one statement
    }

    @property
    def current(self) -> Revision:
        """The newest revision: the one that is written or reviewed."""
        return self.revisions[-1]

    @property
    def public(self) -> Revision | None:
        """The revision that its readers see, if there is one."""
        return next((r for r in self.revisions if r.is_public), None)

    @property
    def open_review(self) -> Review | None:
        """The review that somebody of the staff has begun and not yet ended."""
        return next((r for r in self.current.reviews if r.ended_at is None), None)

    @property
    def last_review(self) -> Review | None:
        """The newest review that came to a verdict; its remarks help with the next revision."""
        return self._newest_review(State.RETURNED, State.PUBLISHED)

    @property
    def open_remarks(self) -> list[Remark]:
        """The remarks that the staff have not closed yet, the oldest first."""
        every = (review for revision in self.revisions for review in revision.reviews)
        return [remark for review in every for remark in review.remarks if not remark.closed_at]

    @property
    def withdrawal(self) -> Review | None:
        """The newest taking away from publication; its summary is the reason."""
        return self._newest_review(State.WITHDRAWN)

    def _newest_review(self, *verdicts: State) -> Review | None:
        every = (review for revision in self.revisions for review in revision.reviews)
        done = [(r.ended_at, r) for r in every if r.ended_at and r.verdict in verdicts]
        return max(done, key=lambda pair: pair[0], default=(None, None))[1]

    @property
    def label(self) -> str:
        """The name of this very submission in lists and letters."""
        return self.current.title

    @property
    def helpers(self) -> frozenset[int]:
        """The people, by their ids, to whom a part of the text has been handed over."""
        return frozenset()

    def copy_current(self) -> Revision:
        """Make the next revision out of the newest one, to be changed; not yet stored."""
        raise TypeError(f"{self.kind} has no revisions of its own kind")


class Revision(Model):
    """One state of the text, written by the city; what has been submitted once never changes.

    Subclasses add the text itself. ``is_public`` marks the one that readers see. One that came on
    paper or by mail, and that the staff type in for the city, has a ``channel``, and the day and
    number under which it was received.
    """

    __table_args__ = (
        CheckConstraint("published_at IS NOT NULL OR NOT is_public", name="public_has_a_date"),
        CheckConstraint("(channel IS NULL) = (received_on IS NULL)", name="filed_on_a_day"),
        UniqueConstraint("submission_id", "number", name="uq_revision_submission_id_number"),
        Index(
            "uq_revision_one_public",
            "submission_id",
            unique=True,
            sqlite_where=text("is_public"),
            postgresql_where=text("is_public"),
        ),
    )

    id: Mapped[intpk]
    kind: Mapped[str]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    published_at: Mapped[datetime | None]
    is_public: Mapped[bool] = mapped_column(default=False)
    contact_name: Mapped[str] = mapped_column(default="")
    contact_post: Mapped[str] = mapped_column(default="")
    contact_email: Mapped[str] = mapped_column(default="")
    contact_phone: Mapped[str] = mapped_column(default="")
    channel: Mapped[Channel | None]
    received_on: Mapped[date | None]
    incoming_number: Mapped[str] = mapped_column(default="")

    submission: Mapped[Submission] = relationship(back_populates="revisions")
    submitted_by: Mapped[User | None] = relationship()
    reviews: Mapped[list[Review]] = relationship(
        back_populates="revision", cascade="all, delete-orphan", order_by="Review.id"
    )

    __mapper_args__ = {"polymorphic_on": "kind"}  # noqa: RUF012

    CONTACT = ("contact_name", "contact_post", "contact_email", "contact_phone")

    @property
    def title(self) -> str:
        """What the revision is called on its own page."""
        return ""

    def parts(self) -> Sequence[Part]:
        """List the pieces of the text in reading order."""
        return ()

    def extras(self) -> Sequence[tuple[str, str]]:
        """What belongs to the text besides its parts, each under its name."""
        return ()

    def details(self) -> list[Part]:
        """List the lines beside the text, each by the name of its field."""
        headings = (_("Whom colleagues may ask"), _("Post"), _("E-mail"), _("Telephone"))
        return [Part(n, h, getattr(self, n)) for n, h in zip(self.CONTACT, headings, strict=True)]

    def missing(self) -> list[str]:
        """Name, for people, what still has to be written before this can be submitted."""
        return []


class Review(Model):
    """A reading of one revision by the staff, from its beginning to a verdict.

    ``summary`` is why a text was withdrawn; all else that is said stands in the remarks.
    """

    __table_args__ = (
        Index(
            "uq_review_one_open",
            "revision_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[intpk]
    revision_id: Mapped[int] = mapped_column(
        ForeignKey("revision.id", ondelete="CASCADE"), index=True
    )
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    begun_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    verdict: Mapped[State | None]
    summary: Mapped[str] = mapped_column(Text, default="")

    revision: Mapped[Revision] = relationship(back_populates="reviews")
    reviewer: Mapped[User | None] = relationship()
    remarks: Mapped[list[Remark]] = relationship(
        back_populates="review", cascade="all, delete-orphan", order_by="Remark.id"
    )

    def remark_on(self, part: str) -> str:
        """What the reviewer says of one part; empty if nothing."""
        return "\n\n".join(r.text for r in self.remarks if r.part == part)


class Remark(Model):
    """What a reviewer says of one part of the text, what its city answers, and what became of it.

    ``quote`` are the very words that are meant, if it is not the whole part. The city answers and
    says that it is ``fixed``; the staff close it, or say it again (``repeats``). ``key`` names it
    from its first draft on, so that nothing is said twice by pressing twice.
    """

    __table_args__ = (UniqueConstraint("review_id", "key", name="uq_remark_review_id_key"),)

    id: Mapped[intpk]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(default=lambda: secrets.token_hex(8))
    part: Mapped[str]
    quote: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text)
    repeats_id: Mapped[int | None] = mapped_column(ForeignKey("remark.id", ondelete="SET NULL"))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    fixed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    review: Mapped[Review] = relationship(back_populates="remarks")
    answered_by: Mapped[User | None] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def waits_for_city(self) -> bool:
        """Whether the city has still to do something about it."""
        return self.closed_at is None and self.fixed_at is None
