"""Labels by their words, and cities by the beginnings of their names."""

from __future__ import annotations

import pytest

from asdg_portal.cities.recognition import CityName
from asdg_portal.cities.recognition.beginnings import Beginnings
from asdg_portal.search.lookup import Lookup, words_of

LABELS = {
    1: "Организационная работа",
    2: "жилищно-коммунальное хозяйство",
    3: "Учёт обращений граждан",
    4: "Работа с обращениями",
}
CITIES = Beginnings(
    [
        CityName("Омск", "омский", "омичи", "Омская область"),
        CityName("Новосибирск", "новосибирский", "новосибирцы", "Новосибирская область"),
        CityName("Новокузнецк", "новокузнецкий", "новокузнечане", "Кемеровская область"),
        CityName("Комсомольск-на-Амуре", "комсомольский", "комсомольчане", "Хабаровский край"),
        CityName("Улан-Удэ", "улан-удэнский", "улан-удэнцы", "Бурятия"),
        CityName("Мирный", "мирнинский", "мирнинцы", "Якутия"),
    ]
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("орг", {1}),
        ("раб", {1, 4}),
        ("работе", {1, 4}),
        ("работой с обр", {4}),
        ("обращение", {3, 4}),
        ("коммунальн", {2}),
        ("хозяйством", {2}),
        ("граждан учет", {3}),
        ("граждан ремонт", set()),
        ("уче", {3}),
        ("о", set()),
    ],
)
def test_labels_are_found_by_their_words_in_any_form(typed: str, found: set[int]) -> None:
    assert Lookup(LABELS.items()).find(words_of(typed)) == found


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("но", ["Новосибирск", "Новокузнецк"]),
        ("новосиб", ["Новосибирск"]),
        ("новосибирском", ["Новосибирск"]),
        ("новосибирцам", ["Новосибирск"]),
        ("омич", ["Омск"]),
        ("омск", ["Омск"]),
        ("улан у", ["Улан-Удэ"]),
        ("уланудэнц", ["Улан-Удэ"]),
        ("комсомольска на ам", ["Комсомольск-на-Амуре"]),
        ("мирном", ["Мирный"]),
        ("казан", []),
    ],
)
def test_cities_are_begun_by_any_of_their_names(typed: str, names: list[str]) -> None:
    assert CITIES.begun(typed.split()) == names


def test_what_is_called_so_is_more_than_a_beginning() -> None:
    assert CITIES.called(["новосиб"]) == []
    assert CITIES.called(["новосибирские"]) == ["Новосибирск"]
