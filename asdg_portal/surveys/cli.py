"""Commands about reporting years and filled questionnaires."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click
from flask_babel import gettext as _

from asdg_portal.core.cli import PortalGroup, print_json
from asdg_portal.core.errors import NotFound
from asdg_portal.surveys import queries
from asdg_portal.surveys.archive.cli import import_files
from asdg_portal.surveys.archive.gathering import Entry
from asdg_portal.surveys.archive.taking import Reader
from asdg_portal.surveys.campaigns import services
from asdg_portal.surveys.documents import ParsedFile, to_json
from asdg_portal.surveys.reminders.letters import reminder
from asdg_portal.surveys.reminders.owed import owed
from asdg_portal.surveys.reminders.services import (
    Round,
    remind as send_reminders,
    remind_as_planned,
)

reports = PortalGroup("reports", help="Filled questionnaires: reading and importing them.")
campaigns = PortalGroup("campaigns", help="Reporting years.")

DAY = click.DateTime(["%Y-%m-%d"])


def _read(files: Sequence[str]) -> list[ParsedFile]:
    """Read every file; one that cannot be read gives the reason in place of its records."""
    reader = Reader()
    return [reader.read(Entry(name, Path(name).read_bytes)) for name in files]


def _refuse(files: Sequence[ParsedFile]) -> bool:
    """Say on stderr which files were refused, and whether any was."""
    refused = [parsed for parsed in files if parsed.error]
    for parsed in refused:
        click.echo(f"{parsed.file}: {parsed.error}", err=True)
    return bool(refused)


@reports.command("parse")
@click.argument("files", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def parse_files(ctx: click.Context, files: tuple[str, ...], as_json: bool) -> None:
    """Read filled questionnaires; nothing is stored."""
    read = _read(files)
    if as_json:
        print_json([to_json(parsed) for parsed in read])
    else:
        for parsed in read:
            _print_parsed(parsed.file, parsed)
    if _refuse(read):
        ctx.exit(1)


def _print_parsed(name: str, parsed: ParsedFile) -> None:
    for record in parsed.records:
        known = sum(1 for text in record.answers.values() if text)
        place = f"{record.city or '?'} — {record.sector or '?'}, {record.year or '?'}"
        click.echo(f"{name}: {place}; {_('answers: %(number)s', number=known)}")
    for warning in parsed.warnings:
        click.echo(f"{name}: {warning.message}")


reports.add_command(import_files)


@campaigns.command("open")
@click.argument("year", type=int)
@click.option("--opens", type=DAY)
@click.option("--due", type=DAY)
@click.option("--closes", type=DAY)
def open_year(
    year: int, opens: datetime | None, due: datetime | None, closes: datetime | None
) -> None:
    """Open a reporting year with the questions of the year before."""
    days = [day.date() if day else None for day in (opens, due, closes)]
    services.open_campaign(year, actor=None, opens_on=days[0], due_on=days[1], closes_on=days[2])
    click.echo(_("The year %(year)s is open.", year=year))


@campaigns.command("remind")
@click.argument("year", type=int, required=False)
@click.option("--preview", is_flag=True, help="Print the letters and send none.")
@click.option("--as-planned", is_flag=True, help="Only what the plan has for this hour.")
def remind(year: int | None, *, preview: bool, as_planned: bool) -> None:
    """Write to everybody who still owes a sheet of the year (the newest one that is open).

    Nobody is written to twice on one day, however often this is run.
    """
    if as_planned:
        for done in remind_as_planned():
            _print_round(done)
        return
    campaign = queries.find_campaign(year) if year else queries.newest_open_campaign()
    if campaign is None:
        raise NotFound(_("This year has not been opened.") if year else _("No year is open now."))
    if preview:
        for notice in owed(campaign).notices:
            letter = reminder(campaign, notice)
            click.echo(f"{letter.to}\n{letter.subject}\n\n{letter.body}\n")
        return
    _print_round(send_reminders(campaign, actor=None))


def _print_round(done: Round) -> None:
    for notice in done.sent:
        click.echo(f"{notice.person.email}: {_('sheets: %(number)s', number=len(notice.sheets))}")
    for notice in done.unreachable:
        click.echo(_("%(address)s does not take letters.", address=notice.person.email), err=True)
    click.echo(_("Letters: %(sent)s; reminded today already: %(already)s.", sent=len(done.sent), already=len(done.reminded_today)))  # fmt: skip  # noqa: E501
