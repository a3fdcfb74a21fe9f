"""Sign-ins kept in the database: one row a browser, so that signing out ends every copy."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from flask import request, session
from flask_login import current_user, login_user
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm.attributes import set_committed_value

from asdg_portal.accounts.models import Guess, SignIn, User
from asdg_portal.accounts.policies import Viewer
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.core.worker import Chore

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=14)
# Long enough to tell what happened, should somebody ask.
KEPT = timedelta(days=90)
GUESSES_KEPT = timedelta(days=1)
# Writing the time of every request would make every read a write.
NOTICE_EVERY = timedelta(minutes=5)


# Asked for everybody who has signed in, on each request: put together once.
_FIND = (
    select(SignIn, User)
    .join(User, User.id == SignIn.user_id)
    .where(SignIn.token_hash == bindparam("token_hash"))
)


def hash_token(token: str) -> str:
    """What is kept of a secret that only its owner needs to know."""
    return hashlib.sha256(token.encode()).hexdigest()


def start(user: User) -> None:
    """Sign ``user`` in, in this browser; what an earlier visitor left in it is forgotten."""
    session.clear()
    token = secrets.token_urlsafe(32)
    with unit_of_work():
        db.session.add(
            SignIn(
                token_hash=hash_token(token),
                user=user,
                address=request.remote_addr or "",
                browser=request.user_agent.string[:200],
            )
        )
    user.__dict__["sign_in_token"] = token
    login_user(user)


def find(token: str) -> SignIn | None:
    """Look a sign-in up by the secret in the cookie, ended or not."""
    found = db.session.execute(_FIND, {"token_hash": hash_token(token)}).one_or_none()
    if found is None:
        return None
    sign_in, user = found
    set_committed_value(sign_in, "user", user)
    return sign_in


def load_user(token: str) -> User | None:
    """Say who a cookie belongs to while its sign-in lasts (Flask-Login asks on each request)."""
    sign_in = find(token)
    if sign_in is None or not _lasts(sign_in):
        return None
    user = sign_in.user
    user.__dict__["sign_in_token"] = token
    if now() - sign_in.last_seen_at > NOTICE_EVERY:
        with unit_of_work():
            sign_in.last_seen_at = now()
    return user


def viewer() -> Viewer:
    """Say who asks: the person, not the stand-in that looks them up at every question."""
    person: Viewer = current_user._get_current_object()
    return person


def _lasts(sign_in: SignIn) -> bool:
    moment = now()
    return (
        sign_in.ended_at is None
        and sign_in.user.is_active
        and moment - sign_in.last_seen_at < IDLE
        and moment - sign_in.created_at < ABSOLUTE
    )


def end(token: str) -> None:
    """Sign out: the cookie and all its copies stop working."""
    _end(SignIn.token_hash == hash_token(token))


def end_all(user: User) -> None:
    """Sign a person out everywhere: after a new password, a block, a change of role."""
    _end(SignIn.user_id == user.id)


def _end(which: object) -> None:
    with unit_of_work():
        db.session.execute(
            update(SignIn)
            .where(which, SignIn.ended_at.is_(None))  # type: ignore[arg-type]
            .values(ended_at=now())
            .execution_options(synchronize_session="fetch")
        )


def forget_old() -> None:
    """Let go of what is kept of sign-ins and wrong passwords once it has served its purpose."""
    with unit_of_work():
        db.session.execute(delete(SignIn).where(SignIn.created_at < now() - KEPT))
        db.session.execute(delete(Guess).where(Guess.at < now() - GUESSES_KEPT))


def chore() -> Chore:
    """Look for what is old twice a day."""
    return Chore("old sign-ins", 12 * 3600, forget_old)
