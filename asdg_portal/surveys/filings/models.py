"""The paper itself: what the staff have scanned of a sheet that they filed for its city."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from asdg_portal.accounts.models import User
from asdg_portal.core.clock import now
from asdg_portal.core.db import Model, intpk
from asdg_portal.surveys.models import ReportRevision


class Scan(Model):
    """A scanned page or sheet of a filed revision; the file is kept under its own hash."""

    id: Mapped[intpk]
    revision_id: Mapped[int] = mapped_column(
        ForeignKey("report_revision.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    uploaded_at: Mapped[datetime] = mapped_column(default=now)

    revision: Mapped[ReportRevision] = relationship()
    uploaded_by: Mapped[User | None] = relationship()
