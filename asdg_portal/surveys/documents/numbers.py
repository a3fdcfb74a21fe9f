"""The numbers that an office program counts itself before the items of lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from asdg_portal.papers.pieces import Kind
from asdg_portal.surveys.documents.word_xml import W

LONGEST_NUMBER = 10
_NUMBERED = re.compile(r"number|нумер", re.IGNORECASE)
_BULLETS = {"bullet", "none"}


@dataclass(frozen=True, slots=True)
class Item:
    """What stands before an item: its kind, how deep it is, the number."""

    kind: Kind
    level: int
    number: int


class Numbers:
    """Counts the items of a document in the order in which they are asked for."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        root = numbering if numbering is not None else Element("none")
        self._kinds = {
            kind.get(f"{W}abstractNumId", ""): kind for kind in root.iterfind(f"{W}abstractNum")
        }
        self._lists = {one.get(f"{W}numId", ""): one for one in root.iterfind(f"{W}num")}
        self._of_styles: dict[str, Element] = {}
        self._names: dict[str, str] = {}
        for style in styles.iterfind(f"{W}style") if styles is not None else ():
            found = style.find(f"{W}pPr/{W}numPr")
            if found is not None:
                known_as = style.get(f"{W}styleId", "")
                self._of_styles[known_as] = found
                self._names[known_as] = _value(style, "name", "")
        self._counted: dict[tuple[str, int], int] = {}
        self._begun: set[tuple[str, int]] = set()
        self._levels: dict[tuple[str, int], tuple[str, int]] = {}

    def item(self, paragraph: Element) -> Item | None:
        """Count a paragraph if it is an item of a list."""
        marked = paragraph.find(f"{W}pPr/{W}numPr")
        if marked is None:
            return self._of_style(paragraph)
        name, level = _value(marked, "numId", "0"), whole(_value(marked, "ilvl", "0"), 0)
        # A list that does not exist, 0 among them, is how a mark is taken away.
        return self._of_list(name, level) if name in self._lists else None

    def _of_style(self, paragraph: Element) -> Item | None:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        known_as = style.get(f"{W}val", "") if style is not None else ""
        marked = self._of_styles.get(known_as)
        if marked is None:
            return None
        name = _value(marked, "numId", "0")
        if name in self._lists:
            return self._of_list(name, whole(_value(marked, "ilvl", "0"), 0))
        # Our files do not bring the lists of Word's own styles along: Word makes them up.
        if not _NUMBERED.search(self._names.get(known_as, "")):
            return Item(Kind.BULLET, 0, 0)
        self._counted[known_as, 0] = self._counted.get((known_as, 0), 0) + 1
        return Item(Kind.NUMBER, 0, self._counted[known_as, 0])

    def _of_list(self, name: str, level: int) -> Item:
        form, start = self._look_up(name, level)
        if form in _BULLETS:
            return Item(Kind.BULLET, level, 0)
        return Item(Kind.NUMBER, level, self._count(name, level, start))

    def _count(self, name: str, level: int, start: int) -> int:
        kind = _value(self._lists[name], "abstractNumId", "")
        overridden = self._override(name, level, "startOverride") is not None
        if overridden and (name, level) not in self._begun:
            self._counted.pop((kind, level), None)
        self._begun.add((name, level))
        number = self._counted.get((kind, level), start - 1) + 1
        self._counted[kind, level] = number
        for deeper in [k for k in self._counted if k[0] == kind and k[1] > level]:
            del self._counted[deeper]
        return number

    def _override(self, name: str, level: int, tag: str) -> Element | None:
        for override in self._lists[name].iterfind(f"{W}lvlOverride"):
            if override.get(f"{W}ilvl") == str(level):
                return override.find(f"{W}{tag}")
        return None

    def _look_up(self, name: str, level: int) -> tuple[str, int]:
        """How a level of a list is marked, and the number that it begins with."""
        if (name, level) not in self._levels:
            self._levels[name, level] = self._read_level(name, level)
        return self._levels[name, level]

    def _read_level(self, name: str, level: int) -> tuple[str, int]:
        own = self._override(name, level, "lvl")
        kind = self._kinds.get(_value(self._lists[name], "abstractNumId", ""))
        levels = kind.iterfind(f"{W}lvl") if kind is not None else ()
        found = next((one for one in levels if one.get(f"{W}ilvl") == str(level)), None)
        found = own if own is not None else found
        if found is None:
            return "bullet", 1
        start = _value(found, "start", "1")
        override = self._override(name, level, "startOverride")
        if override is not None:
            start = override.get(f"{W}val", start)
        return _value(found, "numFmt", "decimal"), whole(start, 1)


def _value(element: Element, tag: str, default: str) -> str:
    found = element.find(f"{W}{tag}")
    return found.get(f"{W}val", default) if found is not None else default


def whole(text: str, otherwise: int) -> int:
    """Read a number out of a file that anybody can have made."""
    return int(text) if text.isdecimal() and len(text) < LONGEST_NUMBER else otherwise
