"""Commands about cities and directions."""

from __future__ import annotations

import json

import click
from flask_babel import gettext as _

from asdg_portal.cities import queries, services
from asdg_portal.cities.gazetteer import load_gazetteer
from asdg_portal.core.cli import PortalGroup, read_text
from asdg_portal.core.clock import today
from asdg_portal.core.errors import PortalError

cities = PortalGroup("cities", help="Cities: loading, listing, finding them in text.")
sectors = PortalGroup("sectors", help="Directions of municipal work.")


@cities.command("load")
@click.argument("file")
def load_cities(file: str) -> None:
    """Load a CSV with a row a city."""
    done = services.load_cities(read_text(file))
    click.echo(_("Added: %(added)s, changed: %(changed)s.", added=done.added, changed=done.changed))


@cities.command("list")
@click.option("--json", "as_json", is_flag=True)
def list_cities(as_json: bool) -> None:
    """List the cities that the portal knows."""
    day = today()
    rows = [
        {
            "slug": city.slug,
            "name": city.name,
            "region": city.region,
            "timezone": city.timezone,
            "member": city.is_member(day),
            "latitude": city.latitude,
            "longitude": city.longitude,
            "population": city.population,
        }
        for city in queries.all_cities()
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo("\t".join(str(row[key]) for key in ("slug", "name", "region", "timezone")))


@cities.command("mentions")
@click.argument("file", default="-")
def mentions(file: str) -> None:
    """Find the cities that texts name with praise; JSON Lines in, JSON Lines out."""
    gazetteer = load_gazetteer()
    for number, line in enumerate(read_text(file).splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            name, text, own = row["id"], str(row["text"]), row.get("own_city")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise PortalError(_("Line %(line)s: %(error)s", line=number, error=error)) from error
        found = gazetteer.mentions(text, own_city=own)
        answer = {
            "id": name,
            "cities": [mention.city for mention in found],
            "for": {mention.city: mention.phrase for mention in found if mention.phrase},
        }
        click.echo(json.dumps(answer, ensure_ascii=False))


@sectors.command("load")
@click.argument("file")
def load_sectors(file: str) -> None:
    """Load a JSON list of directions with their synonyms."""
    done = services.load_sectors(read_text(file))
    click.echo(_("Added: %(added)s, changed: %(changed)s.", added=done.added, changed=done.changed))
