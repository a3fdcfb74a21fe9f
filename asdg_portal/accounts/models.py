"""The people of the portal, the part each of them plays, and their sign-ins."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from flask_login import UserMixin
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from asdg_portal.cities.models import City
from asdg_portal.core.clock import now
from asdg_portal.core.db import Model, intpk


class Role(StrEnum):
    """What a user is here to do."""

    REPRESENTATIVE = "representative"
    SPECIALIST = "specialist"
    MODERATOR = "moderator"
    ADMINISTRATOR = "administrator"


class User(UserMixin, Model):
    """Someone who can sign in; a representative speaks for one city.

    ``password_hash`` is empty until an invitation has been accepted. A person who has left keeps
    the account, blocked, so that the past keeps the name; ``replaced_by`` says who went on.
    A head (``is_head``) is the representative who approves what colleagues have written, where
    the city has asked for that.
    """

    __table_args__ = (
        CheckConstraint(
            "role <> 'representative' OR city_id IS NOT NULL", name="representative_has_a_city"
        ),
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
        CheckConstraint("role = 'representative' OR NOT is_head", name="heads_represent"),
    )

    id: Mapped[intpk]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(default="")
    post: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    role: Mapped[Role] = mapped_column(default=Role.SPECIALIST)
    city_id: Mapped[int | None] = mapped_column(ForeignKey("city.id"), index=True)
    is_head: Mapped[bool] = mapped_column(default=False)
    password_hash: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    blocked_at: Mapped[datetime | None]
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    consent_at: Mapped[datetime | None]
    consent_version: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="ru")

    city: Mapped[City | None] = relationship()
    replaced_by: Mapped[User | None] = relationship(
        remote_side="User.id", foreign_keys=[replaced_by_id]
    )

    # Which of the person's sign-ins this request belongs to; not a column.
    sign_in_token: ClassVar[str] = ""

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie: the secret of one sign-in, not a number."""
        return self.sign_in_token

    @property
    def is_active(self) -> bool:
        """Whether the account may be used at all."""
        return self.blocked_at is None

    @property
    def is_staff(self) -> bool:
        """Whether this is somebody of the association's own office."""
        return self.role in {Role.MODERATOR, Role.ADMINISTRATOR}


class SignIn(Model):
    """One signed-in browser; ending it makes every copy of its cookie worthless."""

    __tablename__ = "sign_in"

    id: Mapped[intpk]
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_seen_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(default="")
    browser: Mapped[str] = mapped_column(default="")

    user: Mapped[User] = relationship()


class Purpose(StrEnum):
    """What a one-time link is good for."""

    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105  the name of a purpose
    SIGN_IN = "sign_in"


class OneTimeLink(Model):
    """A link sent by letter; only the hash of its secret is kept, and it works once."""

    __tablename__ = "one_time_link"

    id: Mapped[intpk]
    token_hash: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[Purpose]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class Guess(Model):
    """A failed attempt to sign in, kept to slow down whoever is guessing."""

    __table_args__ = (Index("ix_guess_account_at", "account", "at"),)

    id: Mapped[intpk]
    account: Mapped[str]
    address: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(default=now)


class RescuedForm(Model):
    """What somebody had typed when the session was found to be over; theirs alone to see."""

    __tablename__ = "rescued_form"

    id: Mapped[intpk]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    path: Mapped[str]
    fields: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(default=now)
