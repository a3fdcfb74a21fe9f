"""One-time links: invitations, new passwords, and signing in for support."""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import func, select, update

from asdg_portal.accounts.models import OneTimeLink, Purpose, User
from asdg_portal.accounts.sessions import hash_token
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotFound
from asdg_portal.core.unit_of_work import unit_of_work

LIFETIME = {
    Purpose.INVITATION: timedelta(days=7),
    Purpose.PASSWORD_RESET: timedelta(hours=1),
    Purpose.SIGN_IN: timedelta(hours=1),
}
MOST_LETTERS, LETTERS_WITHIN = 3, timedelta(minutes=15)
PATHS = {
    Purpose.INVITATION: "/invitation/",
    Purpose.PASSWORD_RESET: "/password/",
    Purpose.SIGN_IN: "/sign-in/link/",
}


def make_link(user: User, purpose: Purpose) -> str:
    """Make a link of this portal that works once; earlier ones of its kind stop working."""
    token = secrets.token_urlsafe(32)
    with unit_of_work():
        db.session.flush()
        db.session.execute(
            update(OneTimeLink)
            .filter_by(user_id=user.id, purpose=purpose, used_at=None)
            .values(used_at=now())
        )
        db.session.add(
            OneTimeLink(
                token_hash=hash_token(token),
                purpose=purpose,
                user=user,
                expires_at=now() + LIFETIME[purpose],
            )
        )
    return f"{current_app.config['BASE_URL']}{PATHS[purpose]}{token}"


def has_been_sent_enough(user: User) -> bool:
    """Whether somebody is filling a person's letter box with links to a new password."""
    made = select(func.count()).where(
        OneTimeLink.user_id == user.id,
        OneTimeLink.purpose == Purpose.PASSWORD_RESET,
        OneTimeLink.created_at > now() - LETTERS_WITHIN,
    )
    return (db.session.scalar(made) or 0) >= MOST_LETTERS


def find_link(token: str, purpose: Purpose) -> OneTimeLink:
    """Look at a link without using it up.

    :raises NotFound: if it is unknown, used or expired; the three are told in the same words.
    """
    link = db.session.scalar(
        select(OneTimeLink).filter_by(token_hash=hash_token(token), purpose=purpose)
    )
    if link is None or link.used_at or link.expires_at <= now() or not link.user.is_active:
        raise NotFound(
            _(
                "This link is no longer valid: it has been used, or its time is over. If you have "
                "a password, sign in or ask for a new one on the sign-in page; if not, ask the "
                "executive office to send the invitation again."
            )
        )
    return link


def use_link(link: OneTimeLink) -> User:
    """Use a link up; of two who try at once, one succeeds.

    :raises NotFound: if it has just been used.
    """
    with unit_of_work():
        used = db.session.execute(
            update(OneTimeLink).filter_by(id=link.id, used_at=None).values(used_at=now())
        )
        if used.rowcount != 1:  # type: ignore[attr-defined]
            raise NotFound(_("This link has just been used."))
    return link.user
