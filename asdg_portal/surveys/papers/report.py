"""A report as a document: its head, the questions as they were asked, the answers, who signs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from flask_babel import get_locale, gettext as _

from asdg_portal.core.files import file_name
from asdg_portal.moderation.models import Part
from asdg_portal.papers.markdown import to_blocks
from asdg_portal.papers.model import Block, Grid, Heading, Paper, Run, line
from asdg_portal.surveys.commitments.forms import outcome_names
from asdg_portal.surveys.commitments.queries import ClosedYear
from asdg_portal.surveys.documents import own_file as own
from asdg_portal.surveys.documents.own_word import PART, ROW
from asdg_portal.surveys.papers.contents import Contents


def report_paper(contents: Contents) -> Paper:
    """Lay a report out as a document."""
    texts = [part for part in contents.parts if part.name != "preface" or part.text]
    blocks: list[Block] = [*head(contents)]
    for part in texts:
        if part.name == "q1" and contents.closed:
            blocks += _closed(contents.closed)
        blocks += [heading(part), *to_blocks(part.text)]
    if contents.details:
        blocks += [Heading(1, _("Who answers, and whom to call"), f"{PART}details")]
        blocks.append(fields(contents.details))
    if contents.standing and not contents.is_draft:
        blocks.append(line(contents.standing, "small"))
    return paper("report", contents, blocks, texts)


def paper(
    kind: str,
    contents: Contents,
    blocks: Iterable[Block],
    texts: Sequence[Part],
    more: Mapping[str, str] | None = None,
) -> Paper:
    """A document of a report that is known again when it comes home."""
    asked = [part.name for part in contents.parts if part.name != "preface"]
    properties = {
        "asdg-kind": kind,
        "asdg-report": str(contents.report_id or ""),
        own.CITY: contents.city,
        own.SECTOR: contents.sector,
        own.YEAR: str(contents.year),
        own.ASKED: " ".join(asked),
        **(more or {}),
    }
    return Paper(
        contents.title,
        tuple(blocks),
        author=contents.city,
        language=language(),
        properties=properties,
        sources={part.name: part.text for part in texts if part.text},
    )


def language() -> str:
    """The language of the page is that of the file."""
    return "en" if str(get_locale()).startswith("en") else "ru"


def head(contents: Contents) -> Iterator[Block]:
    """What stands above the first question."""
    yield line(_("Answers to the questionnaire of the ASDG for %(year)s", year=contents.year), "subtitle")  # fmt: skip  # noqa: E501
    if contents.is_draft and contents.standing:
        yield line(f"{contents.standing[:1].upper()}{contents.standing[1:]}", "note")
    found = {part.name: part.text for part in contents.details}
    number, day = found.get("outgoing_number", ""), found.get("outgoing_date", "")
    if number or day:
        yield line(_("Outgoing No. %(number)s of %(day)s", number=number or "—", day=day or "—"), "right")  # fmt: skip  # noqa: E501


def heading(part: Part) -> Heading:
    """The heading of a part, by whose bookmark its text is found again."""
    return Heading(1, part.numbered, f"{PART}{part.name}")


def fields(details: Iterable[Part]) -> Grid:
    """Lines beside the text as a table, each under the name by which it is read back."""
    rows = [(part.name, (Run(part.heading),), runs(part.text)) for part in details]
    return Grid(
        tuple((called, said) for _name, called, said in rows),
        names=tuple(f"{ROW}{name}" for name, *_others in rows),
        widths=(1, 2),
    )


def runs(text: str, *, bold: bool = False) -> tuple[Run, ...]:
    """A text in a cell."""
    return (Run(text, bold),) if text else ()


def _closed(closed: ClosedYear) -> Iterator[Block]:
    words = outcome_names()
    yield Heading(1, _("What was promised last year"), f"{PART}closed")
    rows = [(runs(_("Task")), runs(_("Outcome")), runs(_("In one line")))]
    for task in closed.tasks:
        said = words[task.outcome] if task.outcome else _("not said")
        rows.append((runs(task.text), runs(said), runs(task.note)))
    yield Grid(tuple(rows), heads=1, widths=(5, 2, 4))


def name_of(contents: Contents, ending: str, *, blank: bool = False) -> str:
    """What the file is called: it says what it is."""
    what = _("Form") if blank else _("Report")
    draft = f" ({_('draft')})" if contents.is_draft and not blank else ""
    return file_name(f"{what} — {contents.city} — {contents.sector} — {contents.year}{draft}.{ending}")  # fmt: skip  # noqa: E501
