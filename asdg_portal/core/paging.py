"""Long lists in pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

ItemT = TypeVar("ItemT")

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Page(Generic[ItemT]):
    """One page of a list; ``url`` gives the address of another page by its number."""

    items: Sequence[ItemT]
    total: int
    number: int
    url: Callable[[int], str]
    per_page: int = PER_PAGE

    @property
    def total_pages(self) -> int:
        """How many pages there are; an empty list is one page."""
        return max(1, -(-self.total // self.per_page))


def page_number(text: str | None) -> int:
    """Read a page number from an address; anything that is none is the first page."""
    if not text or len(text) > 6 or not (text.isascii() and text.isdigit()):
        return 1
    return max(1, int(text))
