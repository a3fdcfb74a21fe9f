"""What stands on a person's own page about questions that were handed over."""

from __future__ import annotations

from asdg_portal.accounts.models import User
from asdg_portal.accounts.policies import is_representative
from asdg_portal.cities.panels import Panel
from asdg_portal.surveys.assignments import queries


def asked_panels(user: User) -> list[Panel]:
    """What one is asked to write; and, for a representative, who owes the city what."""
    if user.city_id is None or user.is_staff:
        return []
    asked, handed = queries.owed(user)
    panels = []
    if asked:
        panels.append(Panel("surveys/assignments/asked.html", {"asked": asked}))
    if handed and is_representative(user):
        panels.append(Panel("surveys/assignments/handed.html", {"handed": handed}))
    return panels
