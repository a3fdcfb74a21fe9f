"""What people may type, and that nothing they type breaks the search."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from asdg_portal.search.query import BadQuery, Beginning, Phrase, Query, Word, needed, parse


def words(query: Query) -> list[str]:
    return [clause.terms[0] for clause in query.wanted if isinstance(clause, Word)]


def test_words_are_taken_by_their_dictionary_forms_without_function_words() -> None:
    assert words(parse("опыт для мэров")) == ["опыт", "мэр"]
    assert words(parse("опыт опыта опытом")) == ["опыт"]


def test_function_words_count_if_there_is_nothing_else() -> None:
    assert words(parse("и в")) == ["и", "в"]


@pytest.mark.parametrize("text", ['"городской парк"', "«городской парк»", "“городской парк”"])
def test_phrases(text: str) -> None:
    (clause,) = parse(text).wanted
    assert isinstance(clause, Phrase)
    assert [word.terms[0] for word in clause.words] == ["городской", "парк"]


def test_an_open_quote_goes_to_the_end() -> None:
    assert isinstance(parse('опыт "городской парк').wanted[1], Phrase)


def test_a_minus_before_a_word_excludes_it_and_inside_a_word_does_not() -> None:
    query = parse("парк -музей")
    assert (words(query), query.unwanted[0]) == (["парк"], Word(("музей",)))
    assert parse("Улан-Удэ").unwanted == ()
    assert parse("парк - музей").unwanted == ()
    assert isinstance(parse('-"городской парк"').unwanted[0], Phrase)


def test_a_star_needs_three_letters() -> None:
    assert parse("Шко*").wanted == (Beginning("шко"),)
    assert not any(isinstance(clause, Beginning) for clause in parse("шк* *").wanted)


@pytest.mark.parametrize("text", ["", "   ", "\x00", "***", "---", '""', "🙂", "\ud800", "()[]{}"])
def test_nothing_to_look_for_means_everything(text: str) -> None:
    assert parse(text).is_empty


def test_limits() -> None:
    letters = [f"слово{number}" for number in range(21)]
    assert len(parse(" ".join(letters[:20])).wanted) == 20
    with pytest.raises(BadQuery):
        parse(" ".join(letters))
    assert parse("а" * 200).wanted
    for text in ("а" * 201, "a " * 5_000, '"' * 10_000):
        with pytest.raises(BadQuery):
            parse(text)


def test_one_met_word_is_enough_and_none_is_needed_of_none() -> None:
    assert [needed(count) for count in (0, 1, 2, 6)] == [0, 1, 1, 1]


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from('"«»-*() аб1'))))
def test_any_text_is_a_query_or_refused(text: str) -> None:
    try:
        query = parse(text)
    except BadQuery as refused:
        assert str(refused)  # noqa: PT017
    else:
        assert isinstance(query, Query)
        assert len(query.wanted) + len(query.unwanted) <= 20
