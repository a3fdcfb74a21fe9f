"""Cities in a query, by names, adjectives and inhabitants."""

from __future__ import annotations

import pytest

from asdg_portal.cities.recognition import CityName
from asdg_portal.search.places import HINTED, NAMED, PlaceNames
from asdg_portal.search.query import Phrase, Word, parse
from asdg_portal.search.words import city_term

CITIES = [
    ("omsk", CityName("Омск", "омский", "омичи")),
    ("novosibirsk", CityName("Новосибирск", "новосибирский", "новосибирцы")),
    ("ulan-ude", CityName("Улан-Удэ", "улан-удэнский", "улан-удэнцы")),
    ("komsomolsk", CityName("Комсомольск-на-Амуре", "комсомольский", "комсомольчане")),
    ("zima", CityName("Зима", "зиминский", "зиминцы")),
    ("bratsk", CityName("Братск", "братский", "братчане")),
    ("kamen", CityName("Большой Камень", "большекаменский", "большекаменцы")),
]
PLACES = PlaceNames(CITIES)


def meant(text: str) -> set[str]:
    """The cities whose own texts a query finds."""
    words = [clause for clause in parse(text).wanted if isinstance(clause, Word)]
    terms = {
        term
        for found in PLACES.find(words)
        for clause, weight in found.options
        if isinstance(clause, Word) and weight == NAMED
        for term in clause.terms
    }
    return {slug for slug, _city in CITIES if city_term(slug) in terms}


@pytest.mark.parametrize(
    ("typed", "city"),
    [
        ("Омск", "omsk"), ("омичам", "omsk"), ("омским коллегам", "omsk"), ("в омске", "omsk"),
        ("новосибирский опыт", "novosibirsk"), ("опыт новосибирцев", "novosibirsk"),
        ("Улан-Удэ", "ulan-ude"), ("улан-удэнская мэрия", "ulan-ude"), ("уланудэнцы", "ulan-ude"),
        ("Комсомольск-на-Амуре", "komsomolsk"), ("в Комсомольске на Амуре", "komsomolsk"),
        ("комсомольчане", "komsomolsk"), ("зиминский опыт", "zima"), ("братчане", "bratsk"),
        ("большекаменская дума", "kamen"), ("в Большом Камне", "kamen"),
    ],
)  # fmt: skip
def test_a_city_is_known_by_every_form(typed: str, city: str) -> None:
    assert meant(typed) == {city}


@pytest.mark.parametrize(
    "typed", ["уборка зимой", "братский союз", "камень", "комсомольский билет", "сибиряки"]
)
def test_common_words_are_no_cities(typed: str) -> None:
    assert meant(typed) == set()


def test_texts_that_name_the_city_are_found_too_and_its_adjective_lower() -> None:
    (found,) = PLACES.find([w for w in parse("омичи").wanted if isinstance(w, Word)])
    weights = {
        clause.terms[0] if isinstance(clause, Word) else "": weight
        for clause, weight in found.options
    }
    assert (weights["омск"], weights["омский"]) == (NAMED, HINTED)
    (found,) = PLACES.find([w for w in parse("улан-удэнцы").wanted if isinstance(w, Word)])
    assert any(isinstance(clause, Phrase) for clause, _weight in found.options)
