"""What the floors above show on a city's page: each panel is a template with its data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from asdg_portal.cities.models import City


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a city's page, made for one viewer."""

    template: str
    context: Mapping[str, Any]


MakePanel = Callable[[City, Any], Panel]
Counts = Callable[[], Mapping[int, int]]


def init_panels(app: Flask, panels: Iterable[MakePanel], counts: Counts) -> None:
    """Tell the application what stands on a city's page, and how much each city has published."""
    app.extensions["city_panels"] = list(panels)
    app.extensions["city_counts"] = counts


def panels_of(city: City, viewer: Any) -> list[Panel]:
    """Make every panel of a city's page."""
    return [make(city, viewer) for make in current_app.extensions["city_panels"]]


def published_counts() -> Mapping[int, int]:
    """How many published texts each city has, by its id."""
    counts: Counts = current_app.extensions["city_counts"]
    return counts()
