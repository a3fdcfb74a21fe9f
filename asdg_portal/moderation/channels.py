"""The ways in which texts come to the association beside the portal."""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    """How a text that the staff filed for a city came to them."""

    PAPER = "paper"
    EMAIL = "email"
    OTHER = "other"
