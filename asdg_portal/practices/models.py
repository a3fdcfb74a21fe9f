"""Best practices: what a city has solved, told so that another city can do it too."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import JSON, Column, ForeignKey, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from asdg_portal.core.clock import now
from asdg_portal.core.db import Model, intpk
from asdg_portal.moderation.models import Part, Revision, Submission


class Practice(Submission):
    """Something that worked in one city.

    ``external_id`` is the name of an imported practice in the file it came from. A practice that
    grew out of a published answer remembers the report and the question's number.
    """

    external_id: Mapped[str | None] = mapped_column(unique=True)
    grown_from_id: Mapped[int | None] = mapped_column(
        ForeignKey("submission.id", ondelete="SET NULL")
    )
    grown_from_question: Mapped[int | None]

    grown_from: Mapped[Submission | None] = relationship(
        foreign_keys=[grown_from_id], remote_side=Submission.id
    )

    __mapper_args__ = {"polymorphic_identity": "practice"}  # noqa: RUF012

    def copy_current(self) -> PracticeRevision:
        """Open the next revision with the same words and files."""
        old = self.current
        assert isinstance(old, PracticeRevision)  # noqa: S101  a practice has no other
        new = PracticeRevision(number=old.number + 1, tags=list(old.tags))
        for name in ("title", *PracticeRevision.SECTIONS, *Revision.CONTACT):
            setattr(new, name, getattr(old, name))
        new.attachments = list(old.attachments)
        return new


class PracticeRevision(Revision):
    """One state of a practice's text and of the files that belong to it."""

    __tablename__ = "practice_revision"

    id: Mapped[int] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), primary_key=True)
    title: Mapped[str] = mapped_column(default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    problem: Mapped[str] = mapped_column(Text, default="")
    solution: Mapped[str] = mapped_column(Text, default="")
    results: Mapped[str] = mapped_column(Text, default="")
    resources: Mapped[str] = mapped_column(Text, default="")
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)

    attachments: Mapped[list[Attachment]] = relationship(
        secondary="revision_attachment", order_by="Attachment.id"
    )

    __mapper_args__ = {"polymorphic_identity": "practice"}  # noqa: RUF012

    SECTIONS = ("summary", "problem", "solution", "results", "resources")

    def parts(self) -> list[Part]:
        """The title and the sections, as they stand on the practice's page."""
        return [
            Part("title", _("Title"), self.title),
            Part("summary", _("In short"), self.summary),
            Part("problem", _("The problem"), self.problem),
            Part("solution", _("The solution"), self.solution),
            Part("results", _("The results"), self.results),
            Part("resources", _("What it took"), self.resources),
        ]

    def extras(self) -> list[tuple[str, str]]:
        """The files and the tags, by name."""
        files = ", ".join(file.name for file in self.attachments)
        found = [(_("Files"), files), (_("Tags"), ", ".join(self.tags))]
        return [(name, value) for name, value in found if value]

    def details(self) -> list[Part]:
        """List the tags, the names of the files, and whom to ask."""
        files = "\n".join(file.name for file in self.attachments)
        return [
            Part("tags", _("Tags"), ", ".join(self.tags)),
            Part("files", _("Files"), files),
            *super().details(),
        ]

    def missing(self) -> list[str]:
        """Name what a reader of another city could not do without."""
        needed = {
            _("The practice has no title."): self.title,
            _("The solution is not described."): self.solution,
            _("The results are not described."): self.results,
            _("There is nobody to ask: name a contact."): self.contact_name,
        }
        return [gap for gap, text in needed.items() if not text.strip()]


class Attachment(Model):
    """A file that belongs to revisions of a practice; kept under its own hash, never changed."""

    id: Mapped[intpk]
    practice_id: Mapped[int] = mapped_column(
        ForeignKey("submission.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    uploaded_at: Mapped[datetime] = mapped_column(default=now)


revision_attachment = Table(
    "revision_attachment",
    Model.metadata,
    Column("revision_id", ForeignKey("practice_revision.id", ondelete="CASCADE"), primary_key=True),
    Column("attachment_id", ForeignKey("attachment.id", ondelete="CASCADE"), primary_key=True),
)
