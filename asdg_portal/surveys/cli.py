"""Commands about reporting years and filled questionnaires."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import click
from flask_babel import gettext as _

from asdg_portal.cities.gazetteer import load_gazetteer
from asdg_portal.cities.queries import sectors
from asdg_portal.core import outbox
from asdg_portal.core.cli import PortalGroup, print_json, why
from asdg_portal.core.errors import NotFound, PortalError
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.moderation.models import State
from asdg_portal.search.sources import TOPIC as INDEX
from asdg_portal.surveys import queries
from asdg_portal.surveys.campaigns import services
from asdg_portal.surveys.documents import ParsedFile, ParsedReport, Sectors, parse, to_json
from asdg_portal.surveys.imports import Stored, store
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


def _read(files: Sequence[str]) -> list[tuple[str, ParsedFile | str]]:
    """Read every file; one that cannot be read gives the reason in place of its records."""
    gazetteer = load_gazetteer()
    known = Sectors([{"name": s.name, "synonyms": s.synonyms} for s in sectors(active_only=False)])
    read: list[tuple[str, ParsedFile | str]] = []
    for name in files:
        try:
            read.append((name, parse(name, Path(name).read_bytes(), gazetteer, known)))
        except OSError as error:
            read.append((name, _("The file cannot be read: %(why)s", why=why(error))))
    return read


def _refuse(files: Sequence[tuple[str, ParsedFile | str]]) -> bool:
    """Say on stderr which files were refused, and whether any was."""
    refused = False
    for name, parsed in files:
        if reason := parsed if isinstance(parsed, str) else parsed.error:
            click.echo(f"{name}: {reason}", err=True)
            refused = True
    return refused


def _as_json(name: str, parsed: ParsedFile | str) -> object:
    if isinstance(parsed, str):
        return {"file": name, "records": [], "warnings": [], "error": parsed}
    return to_json(parsed)


@reports.command("parse")
@click.argument("files", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def parse_files(ctx: click.Context, files: tuple[str, ...], as_json: bool) -> None:
    """Read filled questionnaires; nothing is stored."""
    read = _read(files)
    if as_json:
        rows = [_as_json(name, parsed) for name, parsed in read]
        print_json(rows)
    else:
        for name, parsed in read:
            if not isinstance(parsed, str):
                _print_parsed(name, parsed)
    if _refuse(read):
        ctx.exit(1)


def _print_parsed(name: str, parsed: ParsedFile) -> None:
    for record in parsed.records:
        known = sum(1 for text in record.answers.values() if text)
        place = f"{record.city or '?'} — {record.sector or '?'}, {record.year or '?'}"
        click.echo(f"{name}: {place}; {_('answers: %(number)s', number=known)}")
    for warning in parsed.warnings:
        click.echo(f"{name}: {warning.message}")


@reports.command("import")
@click.argument("files", nargs=-1, required=True)
@click.option("--state", type=click.Choice(["draft", "submitted", "published"]), default="draft")
@click.option("--year", type=int)
@click.option("--sector")
@click.pass_context
def import_files(
    ctx: click.Context, files: tuple[str, ...], state: str, year: int | None, sector: str | None
) -> None:
    """Store filled questionnaires; read twice, they are stored once."""
    read = _read(files)
    refused = _refuse(read)
    seen: set[int] = set()
    put = partial(store, state=State(state), year=year, sector=sector, just_stored=seen)
    for name, parsed in read:
        if not isinstance(parsed, str) and not parsed.error:
            refused |= _store_file(name, parsed, put, seen)
    outbox.settle(INDEX)
    if refused:
        ctx.exit(1)


def _store_file(
    name: str, parsed: ParsedFile, put: Callable[[ParsedReport], Stored], seen: set[int]
) -> bool:
    """Store the records of one file in one transaction; tell whether any was refused.

    ``seen`` gathers the reports that the sheets of an import have become.
    """
    refused, lines = [], []
    with unit_of_work():
        for number, record in enumerate(parsed.records, 1):
            try:
                stored = put(record)
            except PortalError as error:
                refused.append(_("%(file)s, record %(number)s: %(why)s", file=name, number=number, why=error))  # fmt: skip  # noqa: E501
                continue
            seen.add(stored.report.id)
            outcome = _("stored") if stored.changed else _("already there")
            lines.append(f"{name}: {stored.report.label}: {outcome} (/reports/{stored.report.id}/)")
    for line in lines:
        click.echo(line)
    for line in refused:
        click.echo(line, err=True)
    return bool(refused)


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
