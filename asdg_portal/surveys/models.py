"""Campaigns, their questions, and the reports of the cities."""

from __future__ import annotations

from datetime import date, datetime
from typing import cast

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, attribute_keyed_dict, mapped_column, relationship

from asdg_portal.accounts.models import User
from asdg_portal.cities.models import City, Sector
from asdg_portal.core.clock import end_of_day, now, today
from asdg_portal.core.db import Model, intpk
from asdg_portal.moderation.models import Audience, Part, Revision, Submission
from asdg_portal.surveys.assignments.models import Assignment
from asdg_portal.surveys.commitments.models import Commitment


class Campaign(Model):
    """The collection of answers about one reporting year from the member cities.

    The dates are days in each city's own zone: ``due_on`` is the last day for answers in time,
    ``closes_on`` the last day on which late ones are still taken. None means no such limit.
    """

    __table_args__ = (
        CheckConstraint("due_on >= opens_on", name="due_after_it_opens"),
        CheckConstraint("closes_on >= due_on", name="closes_after_it_is_due"),
    )

    id: Mapped[intpk]
    year: Mapped[int] = mapped_column(unique=True)
    opens_on: Mapped[date | None]
    due_on: Mapped[date | None]
    closes_on: Mapped[date | None]
    # A year is put together before the cities see anything of it.
    in_preparation: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None]

    questions: Mapped[list[Question]] = relationship(
        back_populates="campaign", order_by="Question.number", cascade="all, delete-orphan"
    )
    extensions: Mapped[dict[int, Extension]] = relationship(
        collection_class=attribute_keyed_dict("city_id"), cascade="all, delete-orphan"
    )
    sectors: Mapped[list[Sector]] = relationship(
        secondary=lambda: campaign_sector, order_by=(Sector.position, Sector.name)
    )

    def due_day(self, city: City) -> date | None:
        """The last day for answers in time, the city's own if it has been given more time."""
        if self.due_on is None:
            return None
        extension = self.extensions.get(city.id)
        return max(self.due_on, extension.due_on) if extension else self.due_on

    def last_day(self, city: City) -> date | None:
        """The last day on which answers are taken at all; more time for a city moves it, too."""
        due = self.due_day(city) if self.closes_on else None
        return max(self.closes_on, due) if self.closes_on and due else self.closes_on

    def is_open(self, city: City) -> bool:
        """Whether a city may still begin and submit reports, by its own clock."""
        has_begun = self.opens_on is None or self.opens_on <= today(city.timezone)
        if self.in_preparation or self.closed_at or not has_begun:
            return False
        last = self.last_day(city)
        return last is None or now() < end_of_day(last, city.timezone)

    def is_late(self, city: City) -> bool:
        """Whether the last day for answers in time is over in the city."""
        due = self.due_day(city)
        return due is not None and now() >= end_of_day(due, city.timezone)


# The directions that a year asks about.
campaign_sector: Table = Table(
    "campaign_sector",
    Model.metadata,
    Column("campaign_id", ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True),
    Column("sector_id", ForeignKey("sector.id"), primary_key=True, index=True),
)


class Extension(Model):
    """More time for one city in one reporting year, with the reason that was given for it.

    ``due_on`` is a day in the city's own zone, as the campaign's own dates are.
    """

    __table_args__ = (
        UniqueConstraint("campaign_id", "city_id", name="uq_extension_campaign_id_city_id"),
    )

    id: Mapped[intpk]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    city_id: Mapped[int] = mapped_column(ForeignKey("city.id"), index=True)
    due_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    given_at: Mapped[datetime] = mapped_column(default=now)
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    city: Mapped[City] = relationship()
    given_by: Mapped[User | None] = relationship()


class Duty(Model):
    """Who answers for one city about one direction in one reporting year, and who stands in.

    A city can say that it will not answer about a direction: then the sheet is not ``expected``,
    nobody is reminded of it and nobody waits for it.
    """

    __table_args__ = (
        UniqueConstraint("campaign_id", "city_id", "sector_id", name="uq_duty_sheet"),
        CheckConstraint("deputy_id <> person_id", name="deputy_is_another"),
    )

    id: Mapped[intpk]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    city_id: Mapped[int] = mapped_column(ForeignKey("city.id"), index=True)
    sector_id: Mapped[int] = mapped_column(ForeignKey("sector.id"))
    expected: Mapped[bool] = mapped_column(default=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)

    campaign: Mapped[Campaign] = relationship()
    city: Mapped[City] = relationship()
    sector: Mapped[Sector] = relationship()
    person: Mapped[User | None] = relationship(foreign_keys=[person_id])
    deputy: Mapped[User | None] = relationship(foreign_keys=[deputy_id])


class Question(Model):
    """A question of a campaign; ``{year}`` and ``{next_year}`` stand for its years."""

    __table_args__ = (
        UniqueConstraint("campaign_id", "number", name="uq_question_campaign_id_number"),
        CheckConstraint("number BETWEEN 1 AND 20", name="number_is_plausible"),
    )

    id: Mapped[intpk]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    number: Mapped[int]
    wording: Mapped[str] = mapped_column(Text)
    audience: Mapped[Audience] = mapped_column(default=Audience.PUBLIC)

    campaign: Mapped[Campaign] = relationship(back_populates="questions")

    @property
    def name(self) -> str:
        """The question's part of a report: ``q1``."""
        return f"q{self.number}"

    @property
    def text(self) -> str:
        """The question as the cities read it."""
        year = self.campaign.year
        return self.wording.replace("{year}", str(year)).replace("{next_year}", str(year + 1))


class Report(Submission):
    """What one city answers in one campaign about one direction of its work."""

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), nullable=True)

    campaign: Mapped[Campaign] = relationship()
    assignments: Mapped[list[Assignment]] = relationship(
        back_populates="report", cascade="all, delete-orphan", order_by="Assignment.id"
    )

    __mapper_args__ = {"polymorphic_identity": "report"}  # noqa: RUF012

    @property
    def current(self) -> ReportRevision:
        """The newest revision: the one that is written or reviewed."""
        return cast("ReportRevision", self.revisions[-1])

    @property
    def is_taken(self) -> bool:
        """Whether it can be handed in: anew while the campaign is open, corrected at any time."""
        return len(self.revisions) > 1 or self.campaign.is_open(self.city)

    @property
    def handed(self) -> dict[str, Assignment]:
        """What lies with colleagues now, by the names of the parts."""
        return {a.part: a for a in self.assignments if a.ended_at is None}

    @property
    def helpers(self) -> frozenset[int]:
        """The people, by their ids, who have been asked to write a part of it."""
        return frozenset(a.person_id for a in self.handed.values())

    def copy_current(self) -> ReportRevision:
        """Open the next revision with the same words."""
        old = self.current
        new = ReportRevision(number=old.number + 1, preface=old.preface)
        for name in (*Revision.CONTACT, *ReportRevision.LETTER):
            setattr(new, name, getattr(old, name))
        new.answers = {number: answer.copy() for number, answer in old.answers.items()}
        new.commitments = [commitment.copy() for commitment in old.commitments]
        return new


_SHEET = (Report.campaign_id, Submission.city_id, Submission.sector_id)
Index("uq_submission_report", *_SHEET, unique=True)
cast("Table", Submission.__table__).append_constraint(
    CheckConstraint("(kind = 'report') = (campaign_id IS NOT NULL)", name="reports_have_a_campaign")
)


class ReportRevision(Revision):
    """One state of a city's answers, with the marks of the official letter they came with."""

    __tablename__ = "report_revision"

    id: Mapped[int] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), primary_key=True)
    preface: Mapped[str] = mapped_column(Text, default="")
    author_name: Mapped[str] = mapped_column(default="")
    author_post: Mapped[str] = mapped_column(default="")
    outgoing_number: Mapped[str] = mapped_column(default="")
    outgoing_date: Mapped[date | None]

    answers: Mapped[dict[int, Answer]] = relationship(
        collection_class=attribute_keyed_dict("number"),
        cascade="all, delete-orphan",
        order_by="Answer.number",
    )
    commitments: Mapped[list[Commitment]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by=Commitment.position
    )

    __mapper_args__ = {"polymorphic_identity": "report"}  # noqa: RUF012

    LETTER = ("author_name", "author_post", "outgoing_number", "outgoing_date")

    @property
    def title(self) -> str:
        """City, direction and year: what the report is known by."""
        report = self.submission
        return f"{report.city.name} — {report.sector.name}, {report.year}"

    def parts(self) -> list[Part]:
        """The preface and the answers, each under the question as it was asked."""
        preface = Part("preface", _("Preface"), self.preface)
        return [preface, *(answer.part for _number, answer in sorted(self.answers.items()))]

    def details(self) -> list[Part]:
        """List who has prepared the answers, the marks of the letter, and whom to ask."""
        day = f"{self.outgoing_date:%d.%m.%Y}" if self.outgoing_date else ""
        return [
            Part("author_name", _("Who has prepared the answers"), self.author_name),
            Part("author_post", _("Post and department"), self.author_post),
            Part("outgoing_number", _("Outgoing number"), self.outgoing_number),
            Part("outgoing_date", _("Outgoing date"), day),
            *super().details(),
        ]

    def missing(self) -> list[str]:
        """Name the questions that have no answer yet, and the author if there is none."""
        gaps = [
            _("Question %(number)s has no answer.", number=number)
            for number, answer in sorted(self.answers.items())
            if not answer.text.strip()
        ]
        if not self.author_name:
            gaps.append(_("The author of the report is not named."))
        return gaps


class Answer(Model):
    """The city's words on one question, with the question's text as it was asked."""

    __table_args__ = (
        UniqueConstraint("revision_id", "number", name="uq_answer_revision_id_number"),
    )

    id: Mapped[intpk]
    revision_id: Mapped[int] = mapped_column(ForeignKey("report_revision.id", ondelete="CASCADE"))
    number: Mapped[int]
    question_text: Mapped[str] = mapped_column(Text)
    audience: Mapped[Audience] = mapped_column(default=Audience.PUBLIC)
    text: Mapped[str] = mapped_column(Text, default="")

    @property
    def part(self) -> Part:
        """The answer as a part of its report."""
        return Part(f"q{self.number}", self.question_text, self.text, self.audience, self.number)

    def copy(self) -> Answer:
        """The same words for another revision."""
        return Answer(
            number=self.number,
            question_text=self.question_text,
            audience=self.audience,
            text=self.text,
        )
