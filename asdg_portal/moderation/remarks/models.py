"""Remarks that are still being written."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from asdg_portal.accounts.models import User
from asdg_portal.core.clock import now
from asdg_portal.core.db import Model, intpk


class Note(Model):
    """The draft of a remark: seen by the staff alone until its author gives a verdict.

    It hangs on the submission and not on one review: when the city takes the text back, or a
    colleague gives the verdict, it is still there for its author.
    """

    __table_args__ = (
        UniqueConstraint("submission_id", "author_id", "key", name="uq_note_one_of_its_key"),
    )

    id: Mapped[intpk]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    key: Mapped[str]
    part: Mapped[str]
    quote: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text)
    repeats_id: Mapped[int | None] = mapped_column(ForeignKey("remark.id", ondelete="SET NULL"))
    written_at: Mapped[datetime] = mapped_column(default=now)

    author: Mapped[User] = relationship()
