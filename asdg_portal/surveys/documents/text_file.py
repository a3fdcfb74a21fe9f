"""The lines of a text file: list marks recognised, lines that were broken to fit put together."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

from asdg_portal.surveys.documents.model import Line

MARK = re.compile(
    r"^(?:[-\u2010-\u2015•·▪◦*]\s*(?=\S)|o\s+(?=[а-яё])|\d{1,2}[.)]\s*(?=[А-ЯЁа-яё«\"]))"
)
ENDS = (".", ";", ":", "!", "?", "…")
# Text that was broken to fit a screen is about this wide.
NARROWEST = 55
BROKEN_LINES = 2
# No paragraph is longer; putting lines together without an end would take for ever.
LONGEST_PARAGRAPH = 20_000
SPACED = re.compile(r"[^\W\d_](?:[ \xa0]+[^\W\d_]|[ \xa0]+[-\u2010-\u2015](?=[ \xa0])){3,80}")
WIDE_GAP = re.compile(r"[ \xa0]{2,}")


def unspaced(line: str) -> str:
    """Write a heading set apart by spaces as a word: «И Р К У Т С К», «У Л А Н - У Д Э»."""
    if not SPACED.fullmatch(line.strip()):
        return line
    return " ".join("".join(word.split()) for word in WIDE_GAP.split(line.strip()))


def read_lines(text: str) -> list[Line]:
    """Part a text into lines; a question or paragraph that goes on in the next line is one."""
    raw = [" ".join(unspaced(line).split()) for line in text.replace("\xa0", " ").splitlines()]
    wrapped = sum(_goes_on(a, b) for a, b in _neighbours(raw)) >= BROKEN_LINES
    width = max((len(line) for line in raw if line), default=0)
    lines: list[Line] = []
    blank = False
    for line in raw:
        if not line:
            blank = True
            continue
        if lines and not blank and _belongs(lines[-1].text, line, wrapped=wrapped, width=width):
            last = lines[-1]
            lines[-1] = Line(f"{last.text} {line}", last.item, blank_before=last.blank_before)
        else:
            lines.append(Line(line, blank_before=blank))
        blank = False
    return lines


def _neighbours(lines: list[str]) -> Iterator[tuple[str, str]]:
    return ((a, b) for a, b in itertools.pairwise(lines) if a and b)


def _goes_on(line: str, following: str) -> bool:
    """Whether a sentence certainly goes on: it has not ended, and the next word is a small one."""
    return not line.endswith(ENDS) and following[0].islower() and not MARK.match(following)


def _belongs(line: str, following: str, *, wrapped: bool, width: int) -> bool:
    if len(line) > LONGEST_PARAGRAPH:
        return False
    if _goes_on(line, following):
        return True
    if re.search(r"\b(?:и|в|с|на|по|для|пр|г)\.?$", line[-9:]) and following[0].islower():
        return True
    if following.startswith("(") and _asks(line) and not line.endswith(ENDS):
        return True
    long_enough = wrapped and NARROWEST <= width - 15 <= len(line)
    return (
        long_enough
        and width < 2 * NARROWEST
        and not line.endswith(ENDS)
        and not MARK.match(following)
        and not _asks(line)
        and not _asks(following)
    )


def _asks(line: str) -> bool:
    """Whether a line may be a question; what follows a question is its answer."""
    return bool(
        re.match(r"(?:вопрос\s*)?\d?\s*[.)]?\s*(?:что|как|чем|счита|целесооб|задач)", line, re.I)
    )


def split_mark(text: str) -> tuple[bool, str]:
    """Take the mark off a list item: «- юбилей» gives (True, «юбилей»)."""
    match = MARK.match(text)
    return (True, text[match.end() :]) if match else (False, text)


def write_text(lines: Iterable[Line]) -> str:
    """Write lines as the portal keeps text: paragraphs apart, list items with ``- ``."""
    parts: list[str] = []
    was_item = False
    for line in lines:
        marked, text = split_mark(line.text)
        item = line.item or marked
        if parts:
            parts.append("\n" if item and was_item else "\n\n")
        parts.append(f"- {text}" if item else text)
        was_item = item
    return "".join(parts).strip()
