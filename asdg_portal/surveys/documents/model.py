"""What the reader of old questionnaires hands on."""

from __future__ import annotations

from dataclasses import dataclass, field

from asdg_portal.core.errors import PortalError

QUESTIONS = ("q1", "q2", "q3", "q4", "q5")
LONGEST_ANSWER = 50_000


class Unreadable(PortalError):
    """A file that cannot be read as a questionnaire; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line or paragraph of a document.

    ``item`` is a list item whose mark is not part of ``text``; ``strong`` stands out as headings
    do; ``blank_before`` tells that an empty line is above it.
    """

    text: str
    item: bool = False
    strong: bool = False
    blank_before: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A document as it was read; ``margins`` are the lines at the head of its pages."""

    lines: list[Line]
    margins: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ParsedReport:
    """A questionnaire as one city filled it in.

    ``city`` and ``sector`` are names of the lists, or None. ``answers`` and ``questions`` go by
    ``q1`` … ``q5``; a question that was left out has an empty answer and no wording.
    ``places`` tells for ``heading``, ``preface``, ``q1`` … ``q5`` (the question's own lines
    included) and ``signature`` from which to before which of the file's lines each was read; what
    is not in the document has no place.
    """

    city: str | None
    sector: str | None
    year: int | None
    preface: str
    answers: dict[str, str]
    mentions: list[str]
    questions: dict[str, str]
    places: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ParseWarning:
    """Something doubtful; ``record`` counts from 0, or is None when the whole file is meant.

    ``code`` names the kind of doubt for programs, ``place`` the lines of the file that are meant.
    """

    record: int | None
    field: str
    message: str
    code: str = ""
    place: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """All that was read from a file, or in ``error`` why it was refused.

    ``lines`` are its lines or paragraphs in the order in which they are read, a line that was
    broken to fit put together; the places of the records and warnings count in them.
    """

    file: str
    records: list[ParsedReport] = field(default_factory=list)
    warnings: list[ParseWarning] = field(default_factory=list)
    error: str | None = None
    lines: list[str] = field(default_factory=list)


def to_json(parsed: ParsedFile) -> dict[str, object]:
    """Give a file in the shape of ``reports parse --json``."""
    return {
        "file": parsed.file,
        "records": [_record(record) for record in parsed.records],
        "warnings": [_warning(warning) for warning in parsed.warnings],
        "error": parsed.error,
    }


def _record(record: ParsedReport) -> dict[str, object]:
    names = ("city", "sector", "year", "preface", "answers", "mentions")
    return {name: getattr(record, name) for name in names}


def _warning(warning: ParseWarning) -> dict[str, object]:
    return {name: getattr(warning, name) for name in ("record", "field", "message")}
