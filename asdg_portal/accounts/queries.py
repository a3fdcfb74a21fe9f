"""Lists of people and of acts for the administrator's pages."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from asdg_portal.accounts.models import Role, SignIn, User
from asdg_portal.accounts.sessions import ABSOLUTE, IDLE
from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.paging import PER_PAGE


def people(text: str = "", role: str = "") -> Sequence[User]:
    """Everybody whose name, address or city has ``text`` in it, those who left last."""
    query = select(User).options(joinedload(User.city))
    if role in set(Role):
        query = query.where(User.role == role)
    everybody = db.session.scalars(query.order_by(User.blocked_at.is_not(None), User.email))
    # Compared here: the databases do not agree on what the small letter of a Russian one is.
    wanted = text.strip().casefold()
    return [user for user in everybody if wanted in _words(user)]


def _words(user: User) -> str:
    return f"{user.email} {user.name} {user.city.name if user.city else ''}".casefold()


def sign_ins(user: User) -> Sequence[SignIn]:
    """The browsers in which a person is signed in, the one used last first."""
    query = select(SignIn).where(
        SignIn.user_id == user.id,
        SignIn.ended_at.is_(None),
        SignIn.last_seen_at > now() - IDLE,
        SignIn.created_at > now() - ABSOLUTE,
    )
    return db.session.scalars(query.order_by(SignIn.last_seen_at.desc())).all()


def audit_log(page: int, subject: str = "") -> tuple[Sequence[AuditEntry], int]:
    """A page of the log, the newest first, and how many entries there are."""
    query = select(AuditEntry)
    if subject:
        query = query.where(AuditEntry.subject.startswith(subject, autoescape=True))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = (
        query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return db.session.scalars(rows).all(), total


def representatives(city_id: int) -> Sequence[User]:
    """Who writes for a city today, invited people among them, by name."""
    query = select(User).where(
        User.role == Role.REPRESENTATIVE, User.city_id == city_id, User.blocked_at.is_(None)
    )
    return db.session.scalars(query.order_by(User.name, User.email)).all()
