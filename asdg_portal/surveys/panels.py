"""What reports add to a city's page."""

from __future__ import annotations

from typing import Any

from asdg_portal.accounts.policies import audiences
from asdg_portal.cities.models import City
from asdg_portal.cities.panels import Panel
from asdg_portal.surveys import queries
from asdg_portal.surveys.commitments.queries import newest_balance


def reports_panel(city: City, viewer: Any) -> Panel:
    """The city's published reports, and who noticed the city in theirs."""
    return Panel(
        "surveys/panel.html",
        {
            "reports": queries.published_of_city(city),
            "noticed": queries.noticed_by(city),
            "balance": newest_balance(city.id, audiences(viewer)),
        },
    )
