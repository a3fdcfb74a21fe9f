"""Reading the tasks out of an answer: one item for each thing that a city means to do.

An answer is a list, numbered lines, a row of semicolons, sentences, a table, or a mixture. What
only leads up to the tasks («Задачами на 2027 год являются:») is no task; what explains one stays
with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from asdg_portal.surveys.commitments.sentences import begins_a_task, phrases, sentences

# More cards than this help nobody; the answer itself stays whole beside the questions.
MOST_TASKS = 100

_MARKER = re.compile(
    r"\s*(?:[-–—•·▪‣◦+*](?=\s)|\(?\d{1,2}(?:\.\d{1,2})*(?:\)|\.(?!\d))|[а-яёa-z]\))\s*(?=\S)", re.I
)
_ROW = re.compile(r"\s*\|")
_RULE = re.compile(r"[\s|:-]+")
_HEADING = re.compile(
    r"(?:\W*(?:основн|главн|приоритетн|ключев|перв\w*очередн)\w*)?\W*"
    r"(?:задач(?:а|и|ами)?|планы?|цел[ьи]|направлени[ея]|приоритет(?:ы|ами)?)\b[^.;:]*[.:]?",
    re.I,
)
_NOTHING = re.compile(
    r"\W*(?:нет|не имеется|отсутству\w+|не предусмотрен\w+|н/д"
    r"|(?:см|смотри(?:те)?)\b\.?.{0,40}|.{0,20}\bв приложени\w+|прилага\w+)\W*",
    re.I,
)
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")
_JOINT = re.compile(r"(?:и|а также|также)\s+", re.I)
_ENDS = " \t;,.…·-–—"
_NUMBERED = re.compile(r"(?:(?<=[\s:;,.])|^)\(?(\d{1,2})[).]\s+(?=\D)")


@dataclass
class _Block:
    """Neighbouring lines that belong together: an item of a list, a row, or a paragraph."""

    kind: str
    lines: list[str] = field(default_factory=list)
    marker: str = ""

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.lines).split())


def split_tasks(text: str) -> list[str]:
    """List the tasks that an answer names, in its order, each once and without its marker."""
    blocks = list(_blocks(text))
    has_list = any(block.kind != "paragraph" for block in blocks)
    found: dict[str, str] = {}
    for number, block in enumerate(blocks):
        following = blocks[number + 1] if number + 1 < len(blocks) else None
        for task in _tasks(block, following, has_list=has_list):
            trimmed = _trim(task)
            if not says_nothing(trimmed):
                found.setdefault(trimmed.casefold(), trimmed)
    return list(found.values())[:MOST_TASKS]


def says_nothing(text: str) -> bool:
    """Whether a text only says that there is nothing, or that it stands elsewhere."""
    return not any(letter.isalpha() for letter in text) or bool(_NOTHING.fullmatch(text))


def _trim(task: str) -> str:
    task = _EMPHASIS.sub("", task).strip(_ENDS)
    joint = _JOINT.match(task)
    return task[joint.end() :] if joint else task


def _blocks(text: str) -> Iterator[_Block]:
    """Gather lines; an item goes on until the next one, or until an empty line."""
    block: _Block | None = None
    for line in [*text.split("\n"), ""]:
        found = _line(line)
        goes_on = found is not None and found.kind == "paragraph" and block is not None
        if goes_on and block is not None and found is not None and _is_one(block, found):
            block.lines += found.lines
            continue
        if block is not None:
            yield block
        block = found


def _is_one(block: _Block, line: _Block) -> bool:
    """Whether a line without a marker goes on with what stands above it."""
    if block.kind == "row":
        return False
    return not (block.kind == "paragraph" and block.text.endswith((";", ":")))


def _line(line: str) -> _Block | None:
    if _ROW.match(line):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if _RULE.fullmatch(line):
            return _Block("rule")
        kept = [cell for cell in cells if cell and not cell.strip(" .№").isdigit()]
        return _Block("row", [" — ".join(kept)])
    if marker := _MARKER.match(line):
        return _Block("item", [line[marker.end() :]], marker[0])
    return _Block("paragraph", [line.strip()]) if line.strip() else None


def _tasks(block: _Block, following: _Block | None, *, has_list: bool) -> Iterator[str]:
    if block.kind == "rule" or _leads_up(block, following):
        return
    if block.kind == "row":
        yield block.text
    elif block.kind == "item":
        yield from _numbered(block.marker + block.text) or [block.text]
    else:
        yield from _of_paragraph(block.text, has_list=has_list)


def _leads_up(block: _Block, following: _Block | None) -> bool:
    """Whether a block only announces what comes below it, as a heading or a table's head does."""
    if block.kind == "row":
        return following is not None and following.kind == "rule"
    if block.text.endswith(":"):
        return True
    if block.kind == "paragraph" and _HEADING.fullmatch(block.text):
        return True
    below = following is not None and following.kind in {"item", "row"}
    return block.kind == "paragraph" and below and not block.text.endswith((".", ";", "!", ","))


def _of_paragraph(text: str, *, has_list: bool) -> Iterator[str]:
    """The tasks of a paragraph; beside a list, only what is said in the manner of a task."""
    if numbered := _numbered(text):
        yield from numbered
    elif several := phrases(text):
        yield from several
    else:
        yield from (t for t in _grouped(text) if not has_list or begins_a_task(t))


def _numbered(text: str) -> list[str]:
    """«1) … 2) …» within a line; the numbers must follow one another."""
    marks = list(_NUMBERED.finditer(text))
    run = [m for n, m in enumerate(marks) if int(m[1]) == n + 1]
    if len(run) < 2 or len(run) != len(marks):
        return []
    ends = [mark.start() for mark in run[1:]] + [len(text)]
    return [text[mark.end() : end] for mark, end in zip(run, ends, strict=True)]


def _grouped(text: str) -> Iterator[str]:
    """Sentences; one that only explains the task before it stays with that task."""
    task = ""
    for sentence in sentences(text):
        if _HEADING.fullmatch(sentence) and not begins_a_task(sentence):
            continue
        if task and begins_a_task(sentence):
            yield task
            task = ""
        task = f"{task} {sentence}".strip()
    if task:
        yield task
