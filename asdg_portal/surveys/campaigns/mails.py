"""Letters to a city about its own deadline."""

from __future__ import annotations

from flask import current_app
from flask_babel import force_locale, format_date, gettext as _

from asdg_portal.accounts.models import User
from asdg_portal.accounts.queries import representatives
from asdg_portal.cities.models import City
from asdg_portal.core.letters import Letter, send
from asdg_portal.surveys.models import Campaign, Extension


def more_time(campaign: Campaign, city: City, extension: Extension) -> None:
    """Tell everybody who writes for the city its new last day, and why."""
    for person in _readers(city):
        with force_locale(person.language):
            subject = _("More time for %(city)s: the questionnaire of %(year)s", city=city.name, year=campaign.year)  # fmt: skip  # noqa: E501
            day = format_date(extension.due_on, "long")
            told = _("The last day for answers of your city is %(day)s, until 23:59 by the clock of your city.", day=day)  # fmt: skip  # noqa: E501
            reason = _("The reason: %(reason)s", reason=extension.reason)
            send(_letter(person, subject, [told, reason]))


def time_taken_back(campaign: Campaign, city: City) -> None:
    """Tell everybody who writes for the city that the common day holds again."""
    for person in _readers(city):
        with force_locale(person.language):
            subject = _("No more time for %(city)s: the questionnaire of %(year)s", city=city.name, year=campaign.year)  # fmt: skip  # noqa: E501
            day = format_date(campaign.due_on, "long") if campaign.due_on else "—"
            told = _("The day for everybody holds for your city again: %(day)s, until 23:59 by the clock of your city.", day=day)  # fmt: skip  # noqa: E501
            send(_letter(person, subject, [told]))


def _readers(city: City) -> list[User]:
    """Those who have accepted their invitation: a letter to others would say nothing to them."""
    return [person for person in representatives(city.id) if person.password_hash]


def _letter(person: User, subject: str, words: list[str]) -> Letter:
    greeting = _("Dear %(name)s,", name=person.name) if person.name else _("Dear colleague,")
    path = f"{current_app.config['BASE_URL']}/my/"
    lines = [greeting, "", subject + ".", "", *words, "", path]
    return Letter(person.email, person.name, subject, "\n".join(lines))
