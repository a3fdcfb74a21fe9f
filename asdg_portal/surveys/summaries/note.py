"""A summary as a note for the Council: themes with the cities and their words, as a Word file."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _, ngettext

from asdg_portal.core.clock import today
from asdg_portal.core.formats import day
from asdg_portal.moderation.models import Audience
from asdg_portal.papers.model import Block, Grid, Heading, Items, Paper, Paragraph, Run, Runs, line
from asdg_portal.papers.word import to_docx
from asdg_portal.surveys.summaries import queries
from asdg_portal.surveys.summaries.models import Summary


def title_of(summary: Summary) -> str:
    """What a summary is called."""
    return str(_("Summary: question %(number)s, %(sector)s, %(year)s", number=summary.number, sector=summary.sector.name, year=summary.campaign.year))  # fmt: skip  # noqa: E501


def to_word(summary: Summary, author: str) -> bytes:
    """Write the note: what was asked, how many answered, a table of themes, then their quotes."""
    shown = queries.overview(summary)
    return to_docx(Paper(title_of(summary), tuple(_blocks(shown)), author))


def _blocks(shown: queries.Overview) -> Iterator[Block]:
    yield line(shown.question, "subtitle")
    yield line(_("Cities that answered: %(cities)s. Quotes: %(quotes)s. Put together on %(day)s.", cities=len(shown.cities), quotes=shown.number, day=day(today())), "small")  # fmt: skip  # noqa: E501
    if shown.audience is not Audience.PUBLIC:
        yield line(_("The answers to this question are not open to everybody."), "note")
    if shown.themes:
        yield Grid(tuple(_table(shown)), heads=1)
    for part in shown.themes:
        if part.theme and part.quotes:
            yield from _part(part.theme.name, part)
    if shown.rest.quotes:
        yield from _part(_("Other"), shown.rest)


def _table(shown: queries.Overview) -> Iterator[tuple[Runs, ...]]:
    yield (Run(_("Theme")),), (Run(_("Cities")),), (Run(_("Quotes")),)
    for part in shown.themes:
        if part.theme and part.quotes:
            numbers = (str(len(part.cities)), str(len(part.quotes)))
            yield ((Run(part.theme.name),), *((Run(number),) for number in numbers))


def _part(name: str, part: queries.Heading) -> Iterator[Block]:
    yield Heading(1, name)
    count = ngettext("%(num)s city", "%(num)s cities", len(part.cities))
    yield line(f"{count}: {', '.join(part.cities)}", "small")
    yield Items(
        tuple((Paragraph((Run(f"{q.city}: ", bold=True), Run(q.text))),) for q in part.quotes)
    )
