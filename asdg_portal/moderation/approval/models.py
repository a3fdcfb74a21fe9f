"""What the head of a city says when giving a text back to its editors."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from asdg_portal.accounts.models import User
from asdg_portal.core.clock import now
from asdg_portal.core.db import Model, intpk
from asdg_portal.moderation.models import Revision


class Objection(Model):
    """Why a revision was not sent; for the city's own eyes, not for the association's."""

    id: Mapped[intpk]
    revision_id: Mapped[int] = mapped_column(
        ForeignKey("revision.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=now)

    revision: Mapped[Revision] = relationship()
    person: Mapped[User | None] = relationship()
