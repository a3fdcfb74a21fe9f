"""Every text that was ever saved in a part of a report, and who is writing there just now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from asdg_portal.accounts.models import User
from asdg_portal.core.clock import now
from asdg_portal.core.db import Model, intpk


class SavedText(Model):
    """One text of one part, as it was saved: rows are only added, the newest is what stands now.

    ``number`` is the part's version; 0 is the text with which the revision began, by nobody.
    ``key`` is the name that a browser gave to its save: a save that is sent twice is stored once.
    """

    __table_args__ = (
        UniqueConstraint("revision_id", "part", "number", name="uq_saved_text_version"),
        UniqueConstraint("revision_id", "part", "key", name="uq_saved_text_key"),
        CheckConstraint("number >= 0", name="versions_begin_with_0"),
    )

    id: Mapped[intpk]
    revision_id: Mapped[int] = mapped_column(ForeignKey("report_revision.id", ondelete="CASCADE"))
    part: Mapped[str]
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    key: Mapped[str | None]
    saved_at: Mapped[datetime] = mapped_column(default=now)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    saved_by: Mapped[User | None] = relationship()


class Presence(Model):
    """Somebody has a report open to write in it, and was last heard of at ``seen_at``."""

    report_id: Mapped[int] = mapped_column(
        ForeignKey("submission.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    part: Mapped[str] = mapped_column(default="")
    seen_at: Mapped[datetime] = mapped_column(default=now)

    user: Mapped[User] = relationship()
