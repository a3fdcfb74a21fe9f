"""Commands about practices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import click
from flask_babel import gettext as _

from asdg_portal.cities.models import City, Sector
from asdg_portal.cities.queries import find_city, find_sector
from asdg_portal.cities.services import add_sector
from asdg_portal.core import audit, outbox
from asdg_portal.core.cli import PortalGroup, bad_line, read_rows
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.errors import PortalError
from asdg_portal.core.text import clean, clean_line
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.moderation.models import State
from asdg_portal.moderation.services import make_public
from asdg_portal.moderation.workflow import Action
from asdg_portal.practices import effects
from asdg_portal.practices.models import Practice, PracticeRevision
from asdg_portal.practices.queries import find_by_external_id
from asdg_portal.practices.services import PracticeText, new_practice, write
from asdg_portal.search.sources import TOPIC as INDEX

practices = PortalGroup("practices", help="Best practices.")
FIRST_YEAR, LAST_YEAR = 1986, 2200


@dataclass(frozen=True, slots=True)
class Line:
    """A practice as a file gives it."""

    id: str
    city: str
    sector: str
    year: int
    title: str
    text: str


@practices.command("import")
@click.argument("file")
@click.option("--state", type=click.Choice(["draft", "submitted", "published"]), default="draft")
def import_file(file: str, state: str) -> None:
    """Store practices from JSON Lines; read twice, they are stored once."""
    stored = known = 0
    with unit_of_work():
        for number, line in _read(file):
            city = find_city(line.city)
            if city is None:
                raise PortalError(_("Line %(line)s: the city “%(city)s” is not in the list.", line=number, city=line.city))  # fmt: skip  # noqa: E501
            practice = find_by_external_id(line.id)
            if practice and not _is_behind(practice, line, State(state)):
                known += 1
                continue
            _put(practice or _write(line, city, _sector(line.sector)), State(state))
            stored += 1
    outbox.settle(INDEX)
    click.echo(_("Stored: %(stored)s; there already: %(known)s.", stored=stored, known=known))


def _read(file: str) -> Iterator[tuple[int, Line]]:
    for number, row in read_rows(file):
        try:
            line = _line(row)
        except (ValueError, KeyError, TypeError) as error:
            raise bad_line(number, error) from error
        if not line.title.strip() or not FIRST_YEAR <= line.year <= LAST_YEAR:
            raise PortalError(_("Line %(line)s: a practice needs a title and a year.", line=number))
        yield number, line


def _line(row: dict[str, Any]) -> Line:
    words = {name: str(row[name]) for name in ("id", "city", "sector", "title", "text")}
    return Line(year=int(row["year"]), **words)


def _sector(name: str) -> Sector:
    """Find a direction; one that nobody knew is added and named in the output."""
    sector = find_sector(name)
    if sector is None:
        sector = add_sector(name, actor=None)
        click.echo(_("A new direction: %(name)s", name=sector.name))
    return sector


def _write(line: Line, city: City, sector: Sector) -> Practice:
    practice = new_practice(city, sector, line.year, actor=None)
    practice.external_id = line.id
    write(practice, PracticeText(title=line.title, sections={"solution": line.text}))
    db.session.flush()
    return practice


def _is_behind(practice: Practice, line: Line, state: State) -> bool:
    """Whether a practice that is there already, as it was read, has a step still to go."""
    steps = (State.DRAFT, State.SUBMITTED, State.PUBLISHED)
    if practice.state not in steps or steps.index(practice.state) >= steps.index(state):
        return False
    kept = practice.current
    assert isinstance(kept, PracticeRevision)  # noqa: S101  a practice has no other
    same = kept.title == clean_line(line.title) and kept.solution == clean(line.text)
    return same and practice.open_review is None


def _put(practice: Practice, state: State) -> None:
    """Put a practice into a state as it would be had the city and the staff acted themselves."""
    practice.state, practice.updated_at = state, now()
    if state is not State.DRAFT:
        practice.current.submitted_at = now()
    practice.submitted_at = now() if state is State.SUBMITTED else None
    if state is State.PUBLISHED:
        make_public(practice)
        db.session.flush()
        effects.after(Action.PUBLISH, practice, None)
    audit.record("import", f"practice:{practice.id}", None, after={"state": state})
