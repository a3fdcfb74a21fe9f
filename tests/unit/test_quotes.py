"""Quoted words are found again through the markup of a page, and nothing but marks is added."""

from __future__ import annotations

import re

import pytest

from asdg_portal.core.quotes import excerpt, mark
from asdg_portal.core.text import to_html

LIST = "Сделано:\n\n- обучены *86* человек\n- обновлён сайт & портал"


@pytest.mark.parametrize(
    ("text", "quote", "marked"),
    [
        ("Открыт музей флота.", "музей", ["музей"]),
        ("Открыт  музей\nречного флота.", "музей речного", ["музей", "речного"]),
        (LIST, "обучены 86 человек", ["обучены ", "86", " человек"]),
        (LIST, "человек обновлён", ["человек", "обновлён"]),
        (LIST, "сайт & портал", ["сайт &amp; портал"]),
        ("5 < 7 и «кавычки»", "< 7 и «кав", ["&lt; 7 и «кав"]),
        ("Открыт музей.", "театр", []),
        ("Открыт музей.", "  ", []),
        ("", "музей", []),
    ],
)
def test_words_are_marked_wherever_the_markup_is(text: str, quote: str, marked: list[str]) -> None:
    page = mark(to_html(text), [quote])
    assert re.findall(r"<mark>(.*?)</mark>", page, re.DOTALL) == marked
    assert re.sub(r"</?mark>", "", page) == to_html(text)


def test_quotes_that_meet_are_one_stretch() -> None:
    page = mark(to_html("один два три четыре"), ["два три", "один два", "два"])
    assert re.sub(r"</mark><mark>", "", page) == "<p><mark>один два три</mark> четыре</p>\n"


def test_nothing_in_a_quote_becomes_markup() -> None:
    evil = "<script>alert(1)</script>"
    page = mark(to_html(f"Вот: {evil}"), [evil])
    assert "<script>" not in page
    assert "<mark>&lt;script&gt;alert(1)&lt;/script&gt;</mark>" in page


def test_an_address_is_not_looked_into() -> None:
    page = mark(to_html("[сайт](https://omsk.example/план)"), ["omsk", "план", "сайт"])
    assert page.count("<mark>") == 1
    assert 'href="https://omsk.example/' in page


def test_an_excerpt_shows_what_stands_around_the_words() -> None:
    text = f"{'а' * 200} начало  нужные\nслова конец {'я' * 200}"
    found = excerpt(text, "нужные слова")
    assert found is not None
    assert found.words == "нужные слова"
    assert found.before.startswith("…")
    assert found.before.endswith("начало ")
    assert found.after.endswith("…")
    whole = excerpt("нужные слова", "нужные слова")
    assert whole is not None
    assert (whole.before, whole.after) == ("", "")
    assert excerpt(text, "других слов") is None
    assert excerpt(text, "") is None
