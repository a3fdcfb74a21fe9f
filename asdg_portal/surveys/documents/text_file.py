"""The lines of a text file: list marks recognised, lines that were broken to fit put together."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from asdg_portal.core.morphology import is_known
from asdg_portal.surveys.documents.model import Line
from asdg_portal.surveys.documents.questions import asks, split_label

BULLETS = (
    "-\u2010-\u2015\u2022\u2023\u2043\u2219\u25aa\u25ab\u25cf\u25cb\u25e6\u25a0\u25a1\u25ba\u25b6"
    "\u2666\u27a2\u27a4\u2713\u2714\u2756\uf0a7\uf0b7\uf0d8\uf0fc\u00b7*"
)
MARK = re.compile(rf"^(?:[{BULLETS}]\s*(?=\S)|[o§]\s+(?=[а-яё])|\d{{1,2}}[.)]\s*(?=[А-ЯЁа-яё«\"]))")
# «а) музей; б) театр»: only in a row, for a sentence can begin with a bracketed letter.
LETTER = re.compile(r"^([а-еж])\)\s*(?=\S)")
# What a program writes between pages and under headings.
RULE = re.compile(r"[-_=*~\u2010-\u2015\s]{3,}")
PAGE = re.compile(
    r"[-\u2010-\u2015]\s*\d{1,3}\s*[-\u2010-\u2015]|(?:страница|стр\.?)\s*\d+(?:\s*из\s*\d+)?",
    re.IGNORECASE,
)
PAGE_AT_END = re.compile(r"[.,|\s]*(?:страница|стр\.)\s*\d+(?:\s*из\s*\d+)?$", re.IGNORECASE)
BROKEN_WORD = re.compile(r"([а-яё]+)-$", re.IGNORECASE)
WORD = re.compile(r"[а-яё]+", re.IGNORECASE)
ENDS = (".", ";", ":", "!", "?", "…")
# Text that was broken to fit a screen is about this wide.
NARROWEST = 55
BROKEN_LINES = 2
LONGEST_WORD = 40
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
    raw = list(_without_pages(text.replace("\xa0", " ").replace("\xad", "").splitlines()))
    wrapped = sum(goes_on(a, b) for a, b in _neighbours(raw)) >= BROKEN_LINES
    width = max((len(line) for line in raw if line), default=0)
    lines: list[Line] = []
    blank = False
    for line in raw:
        if not line:
            blank = True
            continue
        if lines and not blank and _belongs(lines[-1].text, line, wrapped=wrapped, width=width):
            last = lines[-1]
            lines[-1] = Line(_glue(last.text, line), last.item, blank_before=last.blank_before)
        else:
            lines.append(Line(line, blank_before=blank))
        blank = False
    return lines


def _glue(line: str, following: str) -> str:
    """Put two lines together; a word that was parted at the end of a line is one again."""
    broken, rest = BROKEN_WORD.search(line[-LONGEST_WORD:]), WORD.match(following)
    if broken and rest and following[0].islower():
        parted = f"{broken[1]}-{rest[0]}"
        if is_known(parted.replace("-", "")) or not is_known(parted):
            return line[:-1] + following
        return line + following
    return f"{line} {following}"


def _without_pages(lines: Sequence[str]) -> Iterator[str]:
    """Leave out rules, numbers of pages and the title that is repeated at the head of each."""
    seen: set[str] = set()
    cleaned = [" ".join(unspaced(line).split()) for line in lines]
    for position, line in enumerate(cleaned):
        if not line:
            yield line
            continue
        if RULE.fullmatch(line) or PAGE.fullmatch(line) or _is_page(cleaned, position):
            continue
        short = PAGE_AT_END.sub("", line)
        if short != line and short in seen:
            continue
        seen.add(short)
        yield short


def _is_page(lines: Sequence[str], position: int) -> bool:
    """Whether a number with a line above and below it is that of a page, not of a question."""
    if not lines[position].isdigit() or len(lines[position]) > 3:
        return False
    around = [*lines[position - 1 : position], *lines[position + 1 : position + 2]]
    following = next((line for line in lines[position + 1 :] if line), "")
    return not any(around) and (bool(split_label(following)[0]) or asks(following) is None)


def _neighbours(lines: list[str]) -> Iterator[tuple[str, str]]:
    return ((a, b) for a, b in itertools.pairwise(lines) if a and b)


def goes_on(line: str, following: str) -> bool:
    """Whether a sentence certainly goes on: it has not ended, and the next word is a small one."""
    if line.endswith(ENDS) or not following[0].islower() or MARK.match(following):
        return False
    return not (split_label(following)[0] and asks(following)) and not LETTER.match(following)


def _belongs(line: str, following: str, *, wrapped: bool, width: int) -> bool:
    if len(line) > LONGEST_PARAGRAPH:
        return False
    if goes_on(line, following):
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


def _without_letters(lines: Iterable[Line]) -> list[Line]:
    """Take «а)», «б)», «в)» off lines that follow one another."""
    found = list(lines)
    letters = [LETTER.match(line.text) for line in found]
    for position, match in enumerate(letters):
        near = letters[max(0, position - 1) : position] + letters[position + 1 : position + 2]
        if match and any(near):
            text = found[position].text[match.end() :]
            found[position] = replace(found[position], text=text, item=True)
    return found


def write_text(lines: Iterable[Line]) -> str:
    """Write lines as the portal keeps text: paragraphs apart, list items with ``- ``."""
    parts: list[str] = []
    was_item = False
    for line in _without_letters(lines):
        marked, text = split_mark(line.text)
        item = line.item or marked
        if parts:
            parts.append("\n" if item and was_item else "\n\n")
        parts.append(f"- {text}" if item else text)
        was_item = item
    return "".join(parts).strip()
