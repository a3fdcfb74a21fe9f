"""Passwords: which are good enough, and how they are kept."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

from asdg_portal.core.errors import PortalError

SHORTEST, LONGEST = 8, 128

_HASHER = PasswordHasher()


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    lines = (Path(__file__).parent / "data" / "common_passwords.txt").read_text().splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@lru_cache(maxsize=1)
def _nobody() -> str:
    """A hash to check against when there is no account, so that it takes the same time."""
    return _HASHER.hash("nobody")


def check_strength(password: str, *, email: str = "") -> None:
    """Refuse what is guessed first.

    :raises PortalError: with the reason, for the person who chooses the password.
    """
    if len(password) < SHORTEST:
        raise PortalError(_("A password needs at least %(n)s characters.", n=SHORTEST))
    if len(password) > LONGEST:
        raise PortalError(_("A password may have at most %(n)s characters.", n=LONGEST))
    folded = password.casefold()
    if folded in _common() or len(set(folded)) < 3 or folded == email.casefold():
        raise PortalError(_("This password is among the first that are guessed. Choose another."))


def _as_typed_anywhere(password: str) -> str:
    """«й» and «ё» are one character on some keyboards and two on others; the password is one."""
    return unicodedata.normalize("NFC", password)


def hash_password(password: str) -> str:
    """Hash with Argon2id under the library's current parameters."""
    return _HASHER.hash(_as_typed_anywhere(password))


def verify(password_hash: str | None, password: str) -> bool:
    """Compare; with no hash it takes as long as with one and is never right."""
    try:
        _HASHER.verify(password_hash or _nobody(), _as_typed_anywhere(password[: LONGEST * 4]))
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)


def is_outdated(password_hash: str) -> bool:
    """Whether the hash should be made anew with today's parameters."""
    return _HASHER.check_needs_rehash(password_hash)
