"""A paragraph of an office program as lines: soft breaks, a bold question before its answer."""

from __future__ import annotations

from collections.abc import Iterable

from asdg_portal.surveys.documents.model import Line
from asdg_portal.surveys.documents.questions import asks
from asdg_portal.surveys.documents.text_file import goes_on, unspaced

SHORTEST_QUESTION = 12


def split_paragraph(
    pieces: Iterable[tuple[str, bool]], *, item: bool, strong: bool, blank_before: bool
) -> list[Line]:
    """Make lines of the words of a paragraph, each given with whether it is bold.

    A soft break within a sentence is none; ``strong`` tells that the whole paragraph stands out.
    """
    rows: list[list[tuple[str, bool]]] = [[]]
    for text, bold in pieces:
        for count, part in enumerate(text.split("\n")):
            if count:
                rows.append([])
            rows[-1].append((part, bold))
    lines: list[Line] = []
    for row in rows:
        for text, bold in _parted(row):
            words = " ".join(unspaced(text.replace("\xad", "")).split())
            if not words:
                continue
            if lines and goes_on(lines[-1].text, words):
                lines[-1] = Line(f"{lines[-1].text} {words}", item, lines[-1].strong, blank_before)
            else:
                first = not lines
                lines.append(Line(words, item and first, strong or bold, blank_before and first))
    return lines


def _parted(row: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Part «**Что удалось сделать?** Многое.» where the bold words end, if they ask a question."""
    visible = [(text, bold) for text, bold in row if text.strip()]
    if not visible:
        return []
    if all(bold for _text, bold in visible) or not visible[0][1]:
        return [
            ("".join(text for text, _bold in row), visible[0][1] and all(b for _t, b in visible))
        ]
    lead, rest, ended = "", "", False
    for text, bold in row:
        ended = ended or (bool(text.strip()) and not bold)
        if ended:
            rest += text
        else:
            lead += text
    if len(lead.strip()) >= SHORTEST_QUESTION and asks(lead.strip()):
        return [(lead, True), (rest, False)]
    return [(lead + rest, False)]
