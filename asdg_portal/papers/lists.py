"""Real lists in Word files: Word itself counts, and each list with numbers begins anew."""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

LEVELS = 9
BULLETS = ("–", "•")
STEP = 454  # twentieths of a point: how far a level is indented, 8 mm


class Numbering:
    """The numbering of one document: a kind of bullets, and a kind of numbers for many lists."""

    def __init__(self, document: Document) -> None:
        self._root = document.part.numbering_part.element
        for old in list(self._root):
            self._root.remove(old)
        self._add_kind(0, ["bullet"] * LEVELS)
        self._add_kind(1, ["decimal"] * LEVELS)
        self._bullets = self._add_list(0)

    def bullets(self) -> int:
        """Name the list of all items without numbers."""
        return self._bullets

    def numbers(self, level: int, start: int) -> int:
        """Begin a list whose first item at a level has the number ``start``."""
        return self._add_list(1, level, start)

    def mark(self, paragraph: Any, number: int, level: int) -> None:
        """Make a paragraph an item of a list."""
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = min(level, LEVELS - 1)
        properties.get_or_add_numId().val = number

    def _add_kind(self, number: int, formats: list[str]) -> None:
        kind = _element("abstractNum", abstractNumId=number)
        kind.append(_element("multiLevelType", val="multilevel"))
        for level, form in enumerate(formats):
            text = BULLETS[level % 2] if form == "bullet" else f"%{level + 1}."
            indent = _element("ind", left=STEP * (level + 1), hanging=STEP)
            properties = _element("pPr")
            properties.append(indent)
            one = _element("lvl", ilvl=level)
            one.append(_element("start", val=1))
            one.append(_element("numFmt", val=form))
            one.append(_element("lvlText", val=text))
            one.append(_element("lvlJc", val="left"))
            one.append(properties)
            kind.append(one)
        # The schema wants all kinds before all lists.
        lists = self._root.findall(qn("w:num"))
        if lists:
            lists[0].addprevious(kind)
        else:
            self._root.append(kind)

    def _add_list(self, kind: int, level: int = 0, start: int = 1) -> int:
        number = len(self._root.findall(qn("w:num"))) + 1
        one = _element("num", numId=number)
        one.append(_element("abstractNumId", val=kind))
        if kind:
            override = _element("lvlOverride", ilvl=min(level, LEVELS - 1))
            override.append(_element("startOverride", val=start))
            one.append(override)
        self._root.append(one)
        return number


def _element(name: str, **attributes: object) -> Any:
    element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), str(value))
    return element
