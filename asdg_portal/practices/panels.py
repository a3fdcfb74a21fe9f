"""What practices add to a city's page."""

from __future__ import annotations

from typing import Any

from asdg_portal.cities.models import City
from asdg_portal.cities.panels import Panel
from asdg_portal.practices import queries


def practices_panel(city: City, viewer: Any) -> Panel:
    """The city's published practices."""
    return Panel("practices/panel.html", {"practices": queries.published_of_city(city)})
