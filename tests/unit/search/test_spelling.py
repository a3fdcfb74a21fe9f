"""What a word was meant to be that stands in no text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from asdg_portal.core.morphology import is_known
from asdg_portal.search.layout import to_latin
from asdg_portal.search.spelling import Speller, distance, nearest_form, other_layout
from asdg_portal.search.words import tokenize

TEXT = """Модельные библиотеки, выделенные полосы, жители города, концессия, бесхозяйные сети,
видеокамеры, озеленение, подростки, имущество, инвестиционный паспорт, коммунальные услуги,
детский сад, трудоустройство, малоимущие, коворкинг, капитальный ремонт"""
SPELLER = Speller(frozenset(term for token in tokenize(TEXT) for term in token.terms))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("библеотеки", "библиотеки"), ("выделеные", "выделенные"), ("концесия", "концессия"),
        ("безхозяйных", "бесхозяйных"), ("видиокамеры", "видеокамеры"),
        ("озелинение", "озеленение"), ("подросков", "подростков"), ("имушество", "имущество"),
        ("инвистиционые", "инвестиционные"),
        ("комунальные", "коммунальные"), ("детскийсад", "детский сад"), ("кооворкинг", "коворкинг"),
        ("трудоустройтво", "трудоустройство"), ("малаимущие", "малоимущие"),
        ("каптальный", "капитальный"), ("Библеотека", "библиотека"),
    ],
)  # fmt: skip
def test_slips_are_put_right_in_the_form_that_was_typed(typed: str, meant: str) -> None:
    assert SPELLER.candidates(typed)[0].text == meant


@pytest.mark.parametrize("typed", ["ыва", "щщщщщщ", "440-р", "crm", "", "а" * 200, "музеи", "снег"])
def test_nothing_is_made_up(typed: str) -> None:
    assert SPELLER.candidates(typed) == []


def test_only_words_of_the_texts_are_offered() -> None:
    assert is_known("опера")
    assert not Speller(frozenset({"парк"})).candidates("опира")


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("парк", "парк", 0), ("парк", "прак", 1), ("парк", "пак", 1), ("парк", "барка", 2)],
)  # fmt: skip
def test_slips_are_counted(one: str, other: str, slips: int) -> None:
    assert distance(one, other) == distance(other, one) == slips


def test_the_nearest_form_is_chosen() -> None:
    assert nearest_form("библиотека", "библеотекой") == "библиотекой"
    assert nearest_form("тосэр", "тосер") == "тосэр"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("jgsn", "опыт"), (";bkmt", "жилье"), ("ljrevtynjj,jhjn", "документооборот"), ("TOC", "ТОС"),
     ("GPS", None), ("qwerty", None), ("", None), ("hello", None), ("[fhfrnth", "характер")],
)  # fmt: skip
def test_the_other_keyboard_is_read_if_that_makes_words(typed: str, meant: str | None) -> None:
    read = other_layout(typed, lambda word: is_known(word) or word == "тос")
    assert read == meant


def test_a_latin_word_typed_in_russian_letters() -> None:
    assert to_latin("пзы") == "gps"
    assert to_latin("жук") is None


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_any_text_can_be_looked_at(text: str) -> None:
    for candidate in SPELLER.candidates(text):
        assert candidate.text
    other_layout(text, is_known)
