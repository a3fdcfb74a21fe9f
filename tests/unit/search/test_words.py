"""How a text is cut into words and what each can mean."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from asdg_portal.search.words import is_stop_word, tokenize


def terms(text: str) -> list[tuple[str, ...]]:
    return [token.terms for token in tokenize(text)]


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("опытом", "опыт"),
        ("опыта", "опыт"),
        ("люди", "человек"),
        ("мэров", "мэр"),
        ("органов", "орган"),
        ("Учёта", "учет"),
        ("CRM", "crm"),
    ],
)
def test_a_form_has_its_dictionary_form(form: str, lemma: str) -> None:
    assert lemma in terms(form)[0]


def test_a_form_of_two_words_has_both() -> None:
    assert set(terms("дорог")[0]) == {"дорога", "дорогой"}


@pytest.mark.parametrize("text", ["440-р", "12.05.2020", "1,5", "4К"])
def test_what_holds_digits_stays_whole(text: str) -> None:
    assert terms(text) == [(text.lower(),)]


def test_jubilees_are_found_in_any_case() -> None:
    assert terms("300-летию") == terms("300-летием")


def test_hyphens_divide_words() -> None:
    assert terms("социально-экономическое") == [*terms("социально"), *terms("экономическое")]


def test_both_unicode_spellings_are_one() -> None:
    assert terms("Музе\u0438\u0306") == terms("музей")


def test_function_words_are_known() -> None:
    assert [is_stop_word(token) for token in tokenize("опыт для нас")][:2] == [False, True]


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_tokens_stand_in_the_text_in_order(text: str) -> None:
    at = 0
    for token in tokenize(text):
        assert at <= token.start < token.end <= len(text)
        assert token.terms
        at = token.end


def test_letters_that_nobody_has_named_are_words_of_their_own() -> None:
    assert [token.terms for token in tokenize("𗀀К опыт")][-1] == ("опыт",)
