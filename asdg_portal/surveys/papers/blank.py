"""The questionnaire of a sheet as a Word file, to be filled in where there is no network.

What is only to be read (hints, last year's answers) stands in frames that the reader of files
leaves out; everything below a question's frame is its answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _

from asdg_portal.moderation.models import Part
from asdg_portal.papers.markdown import to_blocks
from asdg_portal.papers.model import Block, Box, Grid, Heading, Paper, Paragraph, Run, line
from asdg_portal.papers.pieces import pieces_of
from asdg_portal.surveys import parts
from asdg_portal.surveys.commitments.forms import outcome_names
from asdg_portal.surveys.commitments.models import Commitment
from asdg_portal.surveys.commitments.queries import open_cards
from asdg_portal.surveys.documents import own_file as own
from asdg_portal.surveys.documents.own_word import FRAME, PART, ROW
from asdg_portal.surveys.earlier import EarlierAnswer, by_part, earlier_sheets
from asdg_portal.surveys.models import Report
from asdg_portal.surveys.papers.contents import FIELDS, Contents
from asdg_portal.surveys.papers.report import fields, head, heading, paper, runs


def blank_contents(report: Report) -> Contents:
    """What a city has to fill in: all parts and all lines, with what stands there already."""
    revision = report.current
    details = [
        Part(name, parts.label(name), parts.shown(name, parts.read(revision, name)))
        for name in FIELDS
    ]
    city, sector = report.city.name, report.sector.name
    return Contents(
        report.id, city, sector, report.year, "", True, list(revision.parts()), details, None
    )


def blank_paper(report: Report, contents: Contents) -> Paper:
    """Lay the form of a sheet out as a document; the sheet need not be stored yet."""
    sheets = earlier_sheets(report)
    earlier, cards = by_part(sheets), open_cards(report, sheets)
    blocks: list[Block] = [*head(contents), line(_how_to(), "note")]
    frames: dict[str, str] = {}
    for part in contents.parts:
        if part.name == "q1" and cards:
            blocks += _tasks(cards, contents.year)
        frame = _frame(part, earlier.get(part.name, []))
        frames[f"{own.FRAME}{part.name}"] = own.fingerprint(_words(frame.blocks))
        blocks += [heading(part), frame, *(to_blocks(part.text) or (line(""),))]
    blocks += [Heading(1, _("Who answers, and whom to call"), f"{PART}details")]
    blocks.append(fields(contents.details))
    return paper("blank", contents, blocks, contents.parts, frames)


def _how_to() -> str:
    return str(_("A form to fill in offline. Write below the frame under each question, with lists and tables if you like; leave the headings as they are. Then upload the file on the portal, or send it to the executive office."))  # fmt: skip  # noqa: E501


def _frame(part: Part, past: Sequence[EarlierAnswer]) -> Box:
    """What is to be read above an answer: where to write, and what was answered last time."""
    blocks: list[Block] = []
    if part.name == "preface":
        blocks.append(line(_("What the readers should know before the answers; may stay empty."), "small"))  # fmt: skip  # noqa: E501
    blocks.append(line(_("Write below this frame: what stands in it is for reading and belongs to no answer."), "small"))  # fmt: skip  # noqa: E501
    for answer in past[:1]:
        title = _("For reading: the answer of %(year)s", year=answer.year)
        blocks.append(Paragraph((Run(title, bold=True),), "small"))
        if answer.question:
            blocks.append(line(_("The question was then: “%(question)s”", question=answer.question), "small"))  # fmt: skip  # noqa: E501
        blocks += to_blocks(answer.text)
    return Box(tuple(blocks), f"{FRAME}{part.name}")


def _words(blocks: Sequence[Block]) -> str:
    """All words in a frame, one after the other."""
    pieces = pieces_of(blocks)
    return " ".join(run.text for piece in pieces for cell in piece.cells for run in cell)


def _tasks(cards: Sequence[Commitment], year: int) -> Iterator[Block]:
    words = outcome_names()
    yield Heading(1, _("What was promised for %(year)s", year=year), f"{PART}tasks")
    said = ", ".join(words.values())
    yield line(_("Say in the second column what became of each task: %(words)s.", words=said), "note")  # fmt: skip  # noqa: E501
    rows = [(runs(_("Task")), runs(_("Outcome")), runs(_("In one line")))]
    for card in cards:
        outcome = words[card.outcome] if card.outcome else ""
        rows.append((runs(card.text), runs(outcome), runs(card.note)))
    names = ("", *(f"{ROW}{own.TASK}{card.key}" for card in cards))
    yield Grid(tuple(rows), heads=1, names=names, widths=(5, 2, 4))
