"""The piece of a text that is shown under a hit."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given, settings, strategies as st

from asdg_portal.search.query import BadQuery, parse
from asdg_portal.search.snippets import mark, snippet


def plain(html: str) -> str:
    return unescape(re.sub(r"</?mark>", "", html))


def is_safe(html: str) -> bool:
    """Only paired marks, nothing else that a browser would read as markup."""
    rest = re.sub(r"<mark>[^<>]*</mark>", "", html)
    return "<" not in rest and ">" not in rest


def test_words_are_marked_in_any_form() -> None:
    assert mark("Опытом мэров", parse("опыт мэра")) == "<mark>Опытом</mark> <mark>мэров</mark>"


def test_text_is_escaped() -> None:
    html = snippet("<script>парк</script> & <b>", parse("парк script"))
    assert is_safe(html)
    assert "&lt;<mark>script</mark>&gt;<mark>парк</mark>" in html


def test_the_window_is_where_most_of_the_query_stands() -> None:
    filler = "Прочее дело города. " * 40
    html = snippet(f"Парк. {filler}Новый парк у музея открыт. {filler}", parse("парк музей"))
    assert "<mark>парк</mark> у <mark>музея</mark>" in html
    assert html.startswith("… ")
    assert html.endswith(" …")


def test_words_are_not_cut() -> None:
    text = " ".join(["муниципалитет"] * 100)
    assert set(plain(snippet(text, parse(""))).split()) == {"муниципалитет", "…"}


def test_beginnings_are_marked_and_excluded_words_are_not() -> None:
    assert mark("школа и парк", parse("шко* -парк")) == "<mark>школа</mark> и парк"


@pytest.mark.parametrize("text", ["", " ", "\n", "🙂", "а" * 100_000, "слово " * 400_000])
def test_odd_texts_have_snippets(text: str) -> None:
    html = snippet(text, parse("слово"))
    assert is_safe(html)
    assert len(plain(html)) < 400


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet=st.one_of(st.characters(), st.sampled_from("<>&\"' парк.музей\n"))),
    st.text(max_size=60),
)
def test_any_text_gives_safe_html_that_is_part_of_it(text: str, asked: str) -> None:
    try:
        query = parse(asked)
    except BadQuery:
        query = parse("парк")
    html = snippet(text, query)
    assert is_safe(html)
    assert plain(html).removeprefix("… ").removesuffix(" …") in text
    assert plain(mark(text, query)) == text
