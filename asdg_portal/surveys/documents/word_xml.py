"""The XML of a Word file read a piece at a time: what it may cost is bounded, whoever made it."""

from __future__ import annotations

from typing import IO
from xml.etree.ElementTree import Element, TreeBuilder

from defusedxml.ElementTree import DefusedXMLParser
from flask_babel import gettext as _

from asdg_portal.surveys.documents.model import Unreadable

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PIECE = 64 * 1024
# A thousand pages have half a million elements; a small archive can hold twenty million.
MOST_ELEMENTS = 600_000
DEEPEST = 200
# The rest says how text looks, which nobody here asks.
KEPT_ATTRIBUTES = (f"{W}val", f"{W}styleId")
OFF = {"0", "false", "off"}


class _Tree(TreeBuilder):
    """Builds a tree, and stops when it would grow beyond what papers are."""

    def __init__(self) -> None:
        super().__init__()
        self._count = self._depth = 0

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        """Open an element."""
        self._count += 1
        self._depth += 1
        if self._count > MOST_ELEMENTS or self._depth > DEEPEST:
            raise Unreadable(_("The Word file is too large inside."))
        return super().start(tag, {n: attrs[n] for n in KEPT_ATTRIBUTES if n in attrs})

    def end(self, tag: str) -> Element:
        """Close an element."""
        self._depth -= 1
        return super().end(tag)


def read_xml(part: IO[bytes]) -> Element:
    """Read a part of the archive without ever holding all of its text.

    :raises Unreadable: if it is larger or deeper than a paper that somebody wrote.
    :raises DefusedXmlException: if it defines a document type or entities.
    """
    parser = DefusedXMLParser(target=_Tree(), forbid_dtd=True)
    while piece := part.read(PIECE):
        parser.feed(piece)
    root: Element = parser.close()
    return root


def is_on(switch: Element) -> bool:
    """Whether a property such as bold or hidden is switched on; it is unless it says no."""
    return switch.get(f"{W}val") not in OFF


class Styles:
    """The styles of a document: what they are called, which of them hide, number or embolden."""

    def __init__(self, root: Element | None) -> None:
        self._names: dict[str, str] = {}
        self._parents: dict[str, str] = {}
        self._switches: dict[str, dict[str, bool]] = {"vanish": {}, "b": {}, "numbered": {}}
        for style in root.iterfind(f"{W}style") if root is not None else ():
            known_as = style.get(f"{W}styleId", "")
            for tag, table in (("name", self._names), ("basedOn", self._parents)):
                found = style.find(f"{W}{tag}")
                if found is not None:
                    table[known_as] = found.get(f"{W}val", "")
            for tag in ("vanish", "b"):
                switch = style.find(f"{W}rPr/{W}{tag}")
                if switch is not None:
                    self._switches[tag][known_as] = is_on(switch)
            number = style.find(f"{W}pPr/{W}numPr/{W}numId")
            if number is not None:
                self._switches["numbered"][known_as] = number.get(f"{W}val") != "0"

    def name(self, known_as: str) -> str:
        """The name by the id: a Russian Word numbers the ids."""
        return self._names.get(known_as, known_as)

    def _has(self, switch: str, known_as: str) -> bool:
        """Whether the style, or the one it is based on, has a property."""
        table = self._switches[switch]
        for _step in range(len(self._parents) + 1):
            if known_as in table:
                return table[known_as]
            known_as = self._parents.get(known_as, "")
        return False

    def hides(self, known_as: str) -> bool:
        """Whether a style hides its text."""
        return self._has("vanish", known_as)

    def makes_bold(self, known_as: str) -> bool:
        """Whether a style makes its text bold."""
        return self._has("b", known_as)

    def is_numbered(self, paragraph: Element, known_as: str) -> bool:
        """Whether Word puts a number or a bullet before a paragraph."""
        number = paragraph.find(f"{W}pPr/{W}numPr/{W}numId")
        if number is not None:
            return number.get(f"{W}val") != "0"
        return self._has("numbered", known_as)

    def hides_run(self, run: Element) -> bool:
        """Whether a run is hidden, by itself or by its style; what is said of itself counts."""
        return self._run_has(run, "vanish")

    def is_bold(self, run: Element) -> bool:
        """Whether a run is bold, by itself or by its style."""
        return self._run_has(run, "b")

    def _run_has(self, run: Element, switch: str) -> bool:
        own = run.find(f"{W}rPr/{W}{switch}")
        if own is not None:
            return is_on(own)
        style = run.find(f"{W}rPr/{W}rStyle")
        return style is not None and self._has(switch, style.get(f"{W}val", ""))
