"""Commands of the search: asking, and looking after the index."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
from flask_babel import gettext as _

from asdg_portal.accounts.policies import Viewer, Visitor
from asdg_portal.accounts.services import find_user
from asdg_portal.core import outbox
from asdg_portal.core.cli import PortalGroup, bad_line, print_json, read_rows, read_text
from asdg_portal.core.errors import PortalError
from asdg_portal.search import health, overview
from asdg_portal.search.index import FACETS, Kind
from asdg_portal.search.query import BadQuery
from asdg_portal.search.service import MOST_HITS, Answer, Wanted, find, to_json
from asdg_portal.search.sources import TOPIC, all_documents, get_index
from asdg_portal.search.vocabulary import services as vocabulary

search = PortalGroup("search", help="The full-text search.")
LIMIT = click.IntRange(1, MOST_HITS)


@search.command("query")
@click.argument("text", default="")
@click.option("--limit", type=LIMIT, default=20)
@click.option("--kind", multiple=True, type=click.Choice([str(kind) for kind in Kind]))
@click.option("--city", multiple=True)
@click.option("--region", multiple=True)
@click.option("--year", multiple=True)
@click.option("--sector", multiple=True)
@click.option("--question", multiple=True)
@click.option("--as", "email", help="See what this person sees.")
@click.option("--json", "as_json", is_flag=True)
@click.option(
    "--batch", is_flag=False, flag_value="-", help="JSON Lines with queries; alone or as - stdin."
)
@click.pass_context
def query(
    ctx: click.Context,
    /,
    text: str,
    limit: int,
    email: str | None,
    *,
    as_json: bool,
    batch: str | None,
    **filters: tuple[str, ...],
) -> None:
    """Search as an anonymous visitor, or as a person named by --as."""
    viewer = _viewer(email)
    health.heal()
    if batch:
        if not _run_batch(batch, viewer, limit):
            ctx.exit(1)
        return
    answer = _ask(Wanted(text, filters, limit=limit), viewer)
    if as_json:
        print_json(to_json(answer))
    else:
        _print(answer)


def _viewer(email: str | None) -> Viewer:
    if email is None:
        return Visitor()
    person = find_user(email)
    if person is None or not person.is_active:
        raise PortalError(_("There is no account with the address %(email)s.", email=email))
    return person


def _ask(wanted: Wanted, viewer: Viewer) -> Answer:
    try:
        answer = find(wanted, viewer)
    except BadQuery as error:
        raise PortalError(str(error)) from error
    if answer.unknown:
        names = ", ".join(f"{facet}={value}" for facet, value in answer.unknown)
        raise PortalError(_("There is nothing called so: %(names)s.", names=names))
    return answer


def _run_batch(batch: str, viewer: Viewer, limit: int) -> bool:
    """Answer line by line; a query that is refused has its reason in its own line."""
    well = True
    for number, row in read_rows(batch):
        try:
            name, wanted = row["id"], _wanted(row, limit)
        except (ValueError, KeyError, TypeError) as error:
            raise bad_line(number, error) from error
        try:
            answer = {"id": name, **to_json(_ask(wanted, viewer))}
        except PortalError as error:
            answer, well = {"id": name, "error": str(error)}, False
        print_json(answer)
    return well


def _wanted(row: Mapping[str, Any], limit: int) -> Wanted:
    filters = {}
    for facet in FACETS:
        given = row.get(facet, [])
        filters[facet] = [str(v) for v in (given if isinstance(given, list) else [given])]
    limit = min(max(int(row.get("limit", limit)), 1), MOST_HITS)
    return Wanted(str(row["query"]), filters, limit=limit)


def _print(answer: Answer) -> None:
    click.echo(_("Found: %(total)s", total=answer.total))
    for hit in answer.hits:
        document = hit.document
        click.echo(f"\n{document.title} ({document.city_name}, {document.year})  {document.url}")
        click.echo(f"  {hit.snippet.striptags()}")
    if answer.suggestion:
        click.echo(_("Perhaps you meant: %(text)s", text=answer.suggestion))


@search.command("words")
@click.option("--load", "file", help="Take groups from a file; - is standard input.")
def words(file: str | None) -> None:
    """Print the words that mean the same, as a file that --load takes again."""
    if file is None:
        click.echo(vocabulary.export_groups(), nl=False)
        return
    added, changed = vocabulary.load_groups(read_text(file))
    click.echo(_("Added: %(added)s, changed: %(changed)s.", added=added, changed=changed))


@search.command("rebuild")
def rebuild() -> None:
    """Make the index anew from the database, beside the old one."""
    count = get_index().rebuild(all_documents())
    outbox.settle(TOPIC)
    click.echo(_("In the index: %(count)s", count=count))


@search.command("check")
@click.option("--repair", is_flag=True)
@click.pass_context
def check(ctx: click.Context, *, repair: bool) -> None:
    """Compare index and database; exit 1 if they differ and were not put right."""
    outbox.settle(TOPIC)
    drift = health.find_drift(repair=repair)
    lines = {
        _("missing"): drift.missing,
        _("outdated"): drift.outdated,
        _("superfluous"): drift.superfluous,
        _("doubled"): drift.doubled,
    }
    for name, keys in lines.items():
        for key in keys:
            click.echo(f"{name}: {key}")
    if not drift:
        click.echo(_("Index and database agree."))
    elif repair:
        click.echo(_("The index is put right."))
    else:
        ctx.exit(1)


@search.command("status")
@click.option("--json", "as_json", is_flag=True)
def status(*, as_json: bool) -> None:
    """Say which engine works, how much it holds, what waits for it, and when to take another."""
    facts = overview.look().to_json()
    if as_json:
        print_json(facts)
        return
    for name, value in facts.items():
        click.echo(f"{name}: {value}")
