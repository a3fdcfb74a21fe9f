"""What can be done with cities and directions; lists are loaded from files, never hard-coded."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from flask_babel import gettext as _
from sqlalchemy import select

from asdg_portal.cities.models import City, Membership, Sector
from asdg_portal.core import audit
from asdg_portal.core.audit import Actor
from asdg_portal.core.db import db
from asdg_portal.core.errors import PortalError
from asdg_portal.core.slugs import slugify
from asdg_portal.core.text import clean_line
from asdg_portal.core.unit_of_work import unit_of_work

DATA = Path(__file__).parent / "data"
REQUIRED = ("name", "region", "timezone")
# More than any municipality has; a larger number would not fit into the table either.
MOST_PEOPLE = 100_000_000


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows of a file were new, and how many changed something known."""

    added: int
    changed: int


def load_cities(text: str, *, actor: Actor | None = None) -> Loaded:
    """Take a CSV with a row a city; cities already known are brought up to date by name.

    Columns: ``name``, ``region``, ``timezone`` and, where there are any, ``federal_district``,
    ``latitude``, ``longitude``, ``population``, ``adjective``, ``demonym_plural``, ``status``
    (``member`` or else), ``status_confidence`` (``certain`` confirms the membership),
    ``member_from``, ``member_until`` (ISO dates), ``successor`` (a name in the list).

    :raises PortalError: naming the line that cannot be read; then nothing is stored.
    """
    rows = _read_csv(text)
    added = changed = 0
    with unit_of_work():
        known = {city.name: city for city in db.session.scalars(select(City))}
        for line, row in enumerate(rows, 2):
            name = clean_line(row["name"])
            city = known.get(name)
            if city is None:
                city = known[name] = City(name=name, slug=slugify(name))
                db.session.add(city)
                added += 1
            changed += _fill(city, row, line)
        _link_successors(rows, known)
        audit.record("load_cities", "cities", actor, after={"added": added, "changed": changed})
    return Loaded(added, changed)


def _read_csv(text: str) -> list[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    try:
        absent = [name for name in REQUIRED if name not in (reader.fieldnames or ())]
        if absent:
            raise PortalError(_("The file has no column %(names)s.", names=", ".join(absent)))
        rows = [{k: (v or "").strip() for k, v in row.items() if k} for row in reader]
    except csv.Error as error:
        raise PortalError(_("The file cannot be read as CSV: %(e)s", e=error)) from error
    for line, row in enumerate(rows, 2):
        if not row["name"]:
            raise PortalError(_("Line %(line)s: the city has no name.", line=line))
    return rows


@lru_cache(maxsize=1)
def _time_zones() -> frozenset[str]:
    """Name the zones of this machine; it looks at every file of them, so not for each city."""
    return frozenset(available_timezones())


def _fill(city: City, row: Mapping[str, str], line: int) -> bool:
    """Copy a row into a city; tell whether a known city was changed by it."""
    was_known = city.id is not None
    try:
        people = _number(row, "population", MOST_PEOPLE)
        values: dict[str, Any] = {
            "region": clean_line(row["region"]),
            "timezone": row["timezone"],
            "federal_district": row.get("federal_district", ""),
            "latitude": _number(row, "latitude", 90),
            "longitude": _number(row, "longitude", 180),
            "population": people and int(people),
            "adjective": row.get("adjective", ""),
            "demonym": row.get("demonym_plural", ""),
        }
        period = _period(row)
    except ValueError as error:
        raise PortalError(_("Line %(line)s: a number or a date cannot be read.", line=line)) from error  # fmt: skip  # noqa: E501
    if values["timezone"] not in _time_zones():
        raise PortalError(
            _("Line %(line)s: unknown time zone “%(zone)s”.", line=line, zone=values["timezone"])
        )
    different = {key for key, value in values.items() if getattr(city, key) != value}
    for key, value in values.items():
        setattr(city, key, value)
    if period is not None and not _has_period(city, period):
        city.memberships.append(period)
        different.add("membership")
    return was_known and bool(different)


def _number(row: Mapping[str, str], name: str, most: float) -> float | None:
    """Read a number, if there is one.

    :raises ValueError: if it is none, or none that a place on earth can have.
    """
    if not row.get(name):
        return None
    number = float(row[name])
    if not abs(number) <= most:  # not a number at all compares as nothing does
        raise ValueError(name)
    return number


def _period(row: Mapping[str, str]) -> Membership | None:
    if row.get("status") != "member" and not row.get("member_from"):
        return None
    return Membership(
        since=date.fromisoformat(row["member_from"]) if row.get("member_from") else None,
        until=date.fromisoformat(row["member_until"]) if row.get("member_until") else None,
        confirmed=row.get("status_confidence") == "certain",
    )


def _has_period(city: City, period: Membership) -> bool:
    """A period is known by its first day; its end and confirmation are brought up to date."""
    for known in city.memberships:
        if known.since == period.since:
            known.until, known.confirmed = period.until, period.confirmed or known.confirmed
            return True
    return False


def _link_successors(rows: Iterable[Mapping[str, str]], known: Mapping[str, City]) -> None:
    for row in rows:
        if name := row.get("successor"):
            if name not in known:
                raise PortalError(_("The successor “%(name)s” is not in the list.", name=name))
            known[clean_line(row["name"])].successor = known[name]


def load_sectors(text: str, *, actor: Actor | None = None) -> Loaded:
    """Take a JSON list of ``{"name", "synonyms"}``; known directions get the new synonyms.

    :raises PortalError: if the file has another shape; then nothing is stored.
    """
    try:
        rows = [(clean_line(r["name"]), [clean_line(s) for s in r.get("synonyms", [])])
                for r in json.loads(text)]  # fmt: skip
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise PortalError(_("The file is not a JSON list of directions.")) from error
    added = changed = 0
    with unit_of_work():
        known = {sector.name: sector for sector in db.session.scalars(select(Sector))}
        for position, (name, synonyms) in enumerate(rows, 1):
            if name in known:
                changed += known[name].synonyms != synonyms
                known[name].synonyms = synonyms
            else:
                known[name] = _new_sector(name, synonyms, position)
                added += 1
        audit.record("load_sectors", "sectors", actor, after={"added": added, "changed": changed})
    return Loaded(added, changed)


def add_sector(
    name: str, synonyms: Iterable[str] = (), *, position: int = 0, actor: Actor | None = None
) -> Sector:
    """Add a direction.

    :raises PortalError: if there is one of that name.
    """
    with unit_of_work():
        sector = _new_sector(name, synonyms, position)
        audit.record("add_sector", f"sector:{sector.slug}", actor, after={"name": sector.name})
    return sector


def _new_sector(name: str, synonyms: Iterable[str], position: int) -> Sector:
    name = clean_line(name)
    if not name:
        raise PortalError(_("A direction needs a name."))
    slug = slugify(name) or "sector"
    if db.session.scalar(select(Sector).where((Sector.slug == slug) | (Sector.name == name))):
        raise PortalError(_("There is already a direction “%(name)s”.", name=name))
    sector = Sector(name=name, slug=slug, synonyms=_lines(synonyms), position=position)
    db.session.add(sector)
    return sector


def _lines(names: Iterable[str]) -> list[str]:
    return [line for name in names if (line := clean_line(name))]


def load_shipped() -> None:
    """Put the lists that ship with the portal into an empty database."""
    if db.session.scalar(select(City.id).limit(1)) is None:
        load_cities((DATA / "cities.csv").read_text(encoding="utf-8"))
    if db.session.scalar(select(Sector.id).limit(1)) is None:
        load_sectors((DATA / "sectors.json").read_text(encoding="utf-8"))


def change_city(city: City, values: Mapping[str, Any], *, actor: Actor) -> None:
    """Keep what an administrator says of a city; its address stays when it is renamed.

    :raises PortalError: if another city has the name, or the period ends before it begins.
    """
    name = clean_line(values["name"])
    other = db.session.scalar(select(City).where(City.name == name, City.id != city.id))
    if other is not None:
        raise PortalError(_("There is already a city “%(name)s”.", name=name))
    since, until = values["since"], values["until"]
    if since and until and until < since:
        raise PortalError(_("The membership cannot end before it begins."))
    with unit_of_work():
        before = {"name": city.name, "region": city.region}
        city.name = name
        for key in ("region", "adjective", "demonym"):
            setattr(city, key, clean_line(values[key]))
        city.timezone, city.population = values["timezone"], values["population"]
        successor = values["successor"]
        city.successor_id = successor if successor and successor != city.id else None
        _set_membership(city, member=values["is_member"], since=since, until=until)
        audit.record("change_city", f"city:{city.slug}", actor, before=before, after={"name": name})


def _set_membership(city: City, *, member: bool, since: date | None, until: date | None) -> None:
    """Change the newest period; earlier ones are history and stay."""
    period = city.memberships[-1] if city.memberships else None
    if not member:
        if period is not None and period.since is None and period.until is None:
            city.memberships.remove(period)
        return
    if period is None:
        period = Membership()
        city.memberships.append(period)
    period.since, period.until, period.confirmed = since, until, True


def change_sector(
    sector: Sector, name: str, synonyms: Iterable[str], *, is_active: bool, actor: Actor
) -> None:
    """Rename a direction or stop offering it; its address and its reports stay."""
    name = clean_line(name)
    if db.session.scalar(select(Sector).where(Sector.name == name, Sector.id != sector.id)):
        raise PortalError(_("There is already a direction “%(name)s”.", name=name))
    with unit_of_work():
        before, sector.name = {"name": sector.name}, name
        sector.synonyms = _lines(synonyms)
        sector.is_active = is_active
        audit.record(
            "change_sector", f"sector:{sector.slug}", actor, before=before, after={"name": name}
        )
