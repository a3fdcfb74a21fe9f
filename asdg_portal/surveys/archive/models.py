"""An archive that was uploaded, and what became of each of its files."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from asdg_portal.core.clock import now
from asdg_portal.core.db import Model, intpk
from asdg_portal.moderation.models import State


class Became(StrEnum):
    """What became of a sheet; of a file with several, what most needs a look."""

    PRESENT = "present"
    TAKEN = "taken"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"


class Archive(Model):
    """A zip of old questionnaires; the file itself is kept only until all of it has been read."""

    id: Mapped[intpk]
    name: Mapped[str]
    sha256: Mapped[str]
    state: Mapped[State]
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    uploaded_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]


class ArchiveFile(Model):
    """One file of an archive, written in the very transaction that has stored its sheets.

    ``position`` counts from 0; ``sheets`` are rows ``{"became", "label", "report", "reasons"}``.
    """

    __table_args__ = (UniqueConstraint("archive_id", "position", name="uq_archive_file_position"),)

    id: Mapped[intpk]
    archive_id: Mapped[int] = mapped_column(ForeignKey("archive.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str]
    became: Mapped[Became]
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    sheets: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
