"""Commands about cities and directions."""

from __future__ import annotations

import click
from flask_babel import gettext as _

from asdg_portal.cities import queries, services
from asdg_portal.cities.gazetteer import load_gazetteer
from asdg_portal.core.cli import PortalGroup, bad_line, print_json, read_rows, read_text
from asdg_portal.core.clock import today

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
        print_json(rows)
        return
    for row in rows:
        click.echo("\t".join(str(row[key]) for key in ("slug", "name", "region", "timezone")))


@cities.command("mentions")
@click.argument("file", default="-")
def mentions(file: str) -> None:
    """Find the cities that texts name with praise; JSON Lines in, JSON Lines out."""
    gazetteer = load_gazetteer()
    for number, row in read_rows(file):
        try:
            name, text, own = row["id"], str(row["text"]), str(row.get("own_city") or "")
        except KeyError as error:
            raise bad_line(number, error) from error
        found = gazetteer.mentions(text, own_city=own)
        print_json(
            {
                "id": name,
                "cities": [mention.city for mention in found],
                "for": {mention.city: mention.phrase for mention in found if mention.phrase},
            }
        )


@sectors.command("load")
@click.argument("file")
def load_sectors(file: str) -> None:
    """Load a JSON list of directions with their synonyms."""
    done = services.load_sectors(read_text(file))
    click.echo(_("Added: %(added)s, changed: %(changed)s.", added=done.added, changed=done.changed))
