"""The command that brings in old questionnaires, one or a whole archive of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

from asdg_portal.core import outbox
from asdg_portal.core.db import db
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.moderation.models import State
from asdg_portal.search.sources import TOPIC as INDEX
from asdg_portal.surveys.archive.gathering import Entry, gather
from asdg_portal.surveys.archive.models import Became
from asdg_portal.surveys.archive.taking import Outcome, Plan, Reader


@click.command("import")
@with_appcontext
@click.argument("files", nargs=-1, required=True)
@click.option("--state", type=click.Choice(["draft", "submitted", "published"]), default="draft")
@click.option("--year", type=int)
@click.option("--sector")
@click.option("--careful", is_flag=True, help="Leave doubtful sheets drafts, whatever the state.")
@click.pass_context
def import_files(ctx: click.Context, /, files: tuple[str, ...], state: str, **said: object) -> None:
    """Store filled questionnaires: files, folders or .zip; read twice, they are stored once."""
    plan = Plan(State(state), **said)  # type: ignore[arg-type]
    reader, refused = Reader(), False
    with gather(files) as entries:
        for entry in _counted(entries):
            parsed = reader.read(entry)
            with unit_of_work():
                outcome = plan.take(parsed)
            db.session.expunge_all()  # what one file has touched is not kept for the next
            refused |= _tell(entry.name, outcome)
    outbox.settle(INDEX)
    if refused:
        ctx.exit(1)


def _counted(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Give the files one by one; whoever looks on at a terminal sees how far it is."""
    if len(entries) < 2 or not sys.stderr.isatty():
        yield from entries
        return
    with click.progressbar(entries, label=_("Files"), show_pos=True, file=sys.stderr) as bar:
        yield from bar


def _tell(name: str, outcome: Outcome) -> bool:
    """Print what became of a file; tell whether anything in it was refused."""
    for reason in outcome.reasons:
        click.echo(f"{name}: {reason}", err=True)
    for number, sheet in enumerate(outcome.sheets, 1):
        if sheet.became is Became.REFUSED:
            reason = sheet.reasons[0]
            click.echo(_("%(file)s, record %(number)s: %(why)s", file=name, number=number, why=reason), err=True)  # fmt: skip  # noqa: E501
            continue
        done = _("already there") if sheet.became is Became.PRESENT else _("stored")
        click.echo(f"{name}: {sheet.label}: {done} (/reports/{sheet.report}/)")
        for doubt in sheet.reasons if sheet.became is Became.DOUBTFUL else ():
            told = _("doubtful: %(why)s", why=doubt)
            click.echo(f"{name}: {sheet.label}: {told}", err=True)
    return outcome.became is Became.REFUSED
