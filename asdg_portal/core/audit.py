"""Who did what and when: a row for every act, written in the act's own transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from asdg_portal.core.clock import now
from asdg_portal.core.db import Model, db, intpk


class Actor(Protocol):
    """Somebody who acts; the log keeps the name as it was on that day."""

    id: Any
    name: Any


class AuditEntry(Model):
    """One act: by whom (empty for a command), on what (``report:12``), before and after."""

    id: Mapped[intpk]
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    actor_name: Mapped[str] = mapped_column(default="")
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def record(
    action: str,
    subject: str,
    actor: Actor | None,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add an entry to the current transaction; ``actor`` is None for a command."""
    db.session.add(
        AuditEntry(
            actor_id=actor.id if actor else None,
            actor_name=actor.name if actor else "",
            action=action,
            subject=subject,
            before=before or {},
            after=after or {},
        )
    )
