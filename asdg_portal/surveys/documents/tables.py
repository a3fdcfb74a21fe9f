"""A table as a reader goes through it: questions beside or above answers, cities in columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from asdg_portal.surveys.documents.model import Line
from asdg_portal.surveys.documents.questions import asks

Cell = list[Line]
HEADER_CELLS = {
    "вопрос", "вопросы", "ответ", "ответы", "№", "№ п/п", "п/п", "номер", "вопрос анкеты",
    "ответ города", "содержание ответа", "текст ответа", "вопросы анкеты", "n", "№№",
}  # fmt: skip
KEYS = re.compile(
    r"(?:город|муниципал|наименование|территория|администрация|направление|отрасль|сфера|раздел|"
    r"тема|год\b|отч[её]тный|период|за какой)[^.?!]{0,60}$",
    re.IGNORECASE,
)
FEWEST_QUESTIONS = 2
LONGEST_OF_A_ROW = 160
MOST_CELLS_IN_LINE = 6


def arrange(rows: Sequence[Sequence[Cell]]) -> list[Line]:
    """Put the cells of a table into the order in which they are meant to be read."""
    rows = [row for row in rows if any(row) and not _is_header(row)]
    if not rows:
        return []
    column, asked = _question_column(rows)
    if asked >= FEWEST_QUESTIONS:
        return _by_columns(rows, column)
    across = [asks(_text(cell)) for cell in rows[0]]
    if len(rows) > 1 and len({n for n in across if n}) > FEWEST_QUESTIONS:
        return _transposed(rows)
    return [line for row in rows for line in _in_a_line(row)]


def _is_header(row: Sequence[Cell]) -> bool:
    texts = {_text(cell).strip(" .:").lower() for cell in row}
    return texts <= HEADER_CELLS | {""}


def _text(cell: Cell) -> str:
    return " ".join(line.text for line in cell)


def _question_column(rows: Sequence[Sequence[Cell]]) -> tuple[int, int]:
    """Find the column in which most questions stand, and how many do."""
    counts: dict[int, int] = {}
    for row in rows:
        for column, cell in enumerate(row):
            if cell and asks(_text(cell)):
                counts[column] = counts.get(column, 0) + 1
    if not counts:
        return 0, 0
    column = max(counts, key=lambda c: (counts[c], -c))
    return column, counts[column]


def _by_columns(rows: Sequence[Sequence[Cell]], column: int) -> list[Line]:
    """Read row by row; where each city has a column of its own, city by city."""
    first = rows[0]
    beside = [c for c in range(column + 1, len(first)) if first[c]]
    is_asked = [bool(len(r) > column and asks(_text(r[column]))) for r in rows]
    if len(beside) < 2 or is_asked[0] or not any(is_asked[1:]):
        lines: list[Line] = []
        for row, question in zip(rows, is_asked, strict=True):
            lines += _in_a_row(row, column) if question else _in_a_line(row)
        return lines
    lines = []
    for answers in beside:
        lines += [replace(line, strong=True) for line in first[answers]]
        for row in rows[1:]:
            lines += [*_as_question(row, column), *(row[answers] if answers < len(row) else ())]
    return lines


def _in_a_row(row: Sequence[Cell], column: int) -> list[Line]:
    after = [line for cell in row[column + 1 :] for line in cell]
    return [*_as_question(row, column), *after]


def _as_question(row: Sequence[Cell], column: int) -> list[Line]:
    """The cells up to the question as one line that stands out, its number before it."""
    before = " ".join(_text(cell).strip(" .)") for cell in row[:column] if cell)
    text = _text(row[column]) if column < len(row) else ""
    if re.fullmatch(r"(?:вопрос\s*)?(?:№\s*)?[1-9]", before, re.IGNORECASE):
        return [Line(f"{before}. {text}", strong=True)]
    cells = [line for cell in row[:column] for line in cell]
    return [*cells, Line(text, strong=True)]


def _transposed(rows: Sequence[Sequence[Cell]]) -> list[Line]:
    """Questions stand above their answers."""
    lines: list[Line] = []
    for column, cell in enumerate(rows[0]):
        lines.append(Line(_text(cell), strong=True))
        for row in rows[1:]:
            lines += row[column] if column < len(row) else ()
    return lines


def _in_a_line(row: Sequence[Cell]) -> list[Line]:
    """Short cells side by side are one line: «Город: Омск», «Глава города И. О. Соколов»."""
    cells = [cell for cell in row if cell]
    texts = [_text(cell) for cell in cells]
    short = len(" ".join(texts)) <= LONGEST_OF_A_ROW and len(cells) <= MOST_CELLS_IN_LINE
    single = all(len(cell) == 1 and not cell[0].item for cell in cells)
    if len(cells) < 2 or not (short and single) or any(asks(text) for text in texts):
        return [line for cell in cells for line in cell]
    key = KEYS.match(texts[0]) and len(cells) == 2
    text = f"{texts[0].rstrip(' :')}: {texts[1]}" if key else " ".join(texts)
    return [Line(text, strong=all(c[0].strong for c in cells))]
