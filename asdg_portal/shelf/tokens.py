"""Private addresses: what they open is signed into them; the database holds nothing secret."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer


class Opens(StrEnum):
    """What a private address is good for; one for a feed opens no collection."""

    FEED = "feed"
    STOP = "stop"
    COLLECTION = "collection"


def make_token(purpose: Opens, *parts: int | str) -> str:
    """Sign what an address opens; nobody without the key of the installation can make another."""
    return str(_signer(purpose).dumps(parts))


def read_token(purpose: Opens, token: str) -> list[Any]:
    """Give the parts that were signed; none if the token is not one of ours for this purpose."""
    try:
        parts: list[Any] = _signer(purpose).loads(token)
    except BadSignature:
        return []
    return parts


def _signer(purpose: Opens) -> URLSafeSerializer:
    key = current_app.secret_key
    if not key:
        raise RuntimeError("private addresses need ASDG_SECRET_KEY")
    return URLSafeSerializer(key, salt=f"shelf.{purpose}")
