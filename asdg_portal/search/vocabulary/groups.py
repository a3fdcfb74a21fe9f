"""Groups of words that mean the same, as values and as lines of a file.

A line is ``same | same ~ near | near > broader``: «СЭД | электронный документооборот ~ ЭЦП».
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from asdg_portal.core.text import clean_line


@dataclass(frozen=True, slots=True)
class Group:
    """Ways to say one thing; see WordGroup for what the three mean."""

    same: tuple[str, ...]
    near: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()


def read_groups(text: str) -> list[Group]:
    """Read groups from lines; empty ones and those that begin with ``#`` are for people."""
    lines = (line.strip() for line in text.splitlines())
    return [read_line(line) for line in lines if line and not line.startswith("#")]


def read_line(line: str) -> Group:
    """Read one group; a part that is missing is empty."""
    line, _sign, broader = line.partition(">")
    same, _sign, near = line.partition("~")
    return Group(*(split(part) for part in (same, near, broader)))


def split(text: str) -> tuple[str, ...]:
    """Part words that stand on lines of their own or between ``|``, each once."""
    words = (clean_line(word) for word in re.split(r"[|\n~>]", text))
    return tuple(dict.fromkeys(word for word in words if word))


def write_groups(groups: Iterable[Group]) -> str:
    """Write groups as they are read."""
    return "".join(write_line(group) + "\n" for group in groups)


def write_line(group: Group) -> str:
    """Write one group as a line."""
    line = " | ".join(group.same)
    for sign, words in (("~", group.near), (">", group.broader)):
        line += f" {sign} {' | '.join(words)}" if words else ""
    return line
