"""Every address of the portal against everybody: an address that stands in no row fails the tests.

``yes`` is an answer to the question, a complaint about an empty form among them; ``no``: there is
no such page; ``403``: what one may read, but not do; ``sign in``: the way to the door.
"""

from __future__ import annotations

import re

import pytest
from werkzeug.test import TestResponse

from asdg_portal.cities.models import Sector
from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from asdg_portal.practices.models import Attachment, Practice, PracticeRevision
from tests.factories import World

WHO = (None, "specialist", "tomsk", "moderator", "admin", "omsk")
# Signing out comes last: whoever has done it is nobody for the rows below.
TABLE = """
"""


def rows() -> list[tuple[str, str, list[str]]]:
    """The table: method, rule and what each person meets."""
    lines = [re.split(r"\s*\|\s*", line.strip()) for line in TABLE.strip().splitlines()[1:]]
    return [(line[0].split()[0], line[0].split()[1], line[1:]) for line in lines]


class Things:
    """What the placeholders of an address stand for; what a row has used up is made anew."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._made: dict[str, int] = {}
        with world.app.app_context():
            self._sectors = [sector.name for sector in db.session.query(Sector)]

    def address(self, rule: str) -> str:
        """Fill in the numbers of things that exist."""
        return re.sub(r"\{(\w+)\}", lambda found: str(self._number(found[1])), rule)

    def _number(self, name: str) -> int:
        if name == "person":
            return self._world.id_of("omsk2")
        state = State.DRAFT if "draft" in name else State.PUBLISHED
        if name not in self._made or self._world.state_or_none(self._made[name]) is not state:
            if name.endswith("practice"):
                self._made[name] = self._world.practice(state)
            else:
                self._made[name] = self._world.report(state, sector=self._sectors.pop())
        return self._made[name]
