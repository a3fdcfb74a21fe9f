"""What callers of the API may ask for, read strictly: a slip is told, never guessed at."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _

from asdg_portal.api.problems import Malformed

MOST = 100
DEFAULT = 20
MOST_PAGES = 10_000


def only(*allowed: str) -> None:
    """Refuse parameters that nobody reads, so that a typing error does not go unnoticed.

    :raises Malformed: naming the parameter.
    """
    for name in request.args:
        if name not in {*allowed, "lang"}:
            raise Malformed(_("There is no parameter “%(name)s” here.", name=name[:50]))


def number(name: str, default: int, *, least: int = 1, most: int) -> int:
    """Read a whole number within its limits.

    :raises Malformed: if it is none.
    """
    given = request.args.get(name)
    if given is None:
        return default
    if (
        not (given.isascii() and given.isdigit() and len(given) < 8)
        or not least <= int(given) <= most
    ):
        raise Malformed(_("“%(name)s” must be a number from %(least)s to %(most)s.", name=name, least=least, most=most))  # fmt: skip  # noqa: E501
    return int(given)


def page_and_limit() -> tuple[int, int]:
    """Read which page of how many items is wanted."""
    return number("page", 1, most=MOST_PAGES), number("limit", DEFAULT, most=MOST)
