"""Addresses that come from outside."""

from __future__ import annotations

from urllib.parse import urlsplit


def inside(address: str | None) -> str | None:
    """An address of this site, or None: nobody is sent elsewhere by a link of ours."""
    if not address or not address.startswith("/") or "\\" in address or not address.isprintable():
        return None
    return None if address.startswith("//") or urlsplit(address).netloc else address
