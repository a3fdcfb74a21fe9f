"""Addresses that do not take letters, so that people see whom the portal cannot reach."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from asdg_portal.core.clock import now
from asdg_portal.core.db import Model, intpk


class Bounce(Model):
    """What a mail server last said of an address when it refused a letter for good.

    The letter's words are not kept: there may be a one-time link in them.
    """

    id: Mapped[intpk]
    address: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime] = mapped_column(default=now)
    subject: Mapped[str] = mapped_column(default="")
    error: Mapped[str] = mapped_column(Text)
