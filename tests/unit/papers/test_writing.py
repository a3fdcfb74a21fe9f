"""Pieces written as kept text: read again, they are the same pieces, whatever they say."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings, strategies as st

from asdg_portal.core.text import clean
from asdg_portal.papers.markdown import to_blocks
from asdg_portal.papers.pieces import pieces_of
from asdg_portal.papers.writing import to_markdown

# What is kept comes back letter by letter.
AS_IT_WAS = (
    "Абзац.\n\nЕщё один\nс двумя строками",
    "- пункт\n- ещё\n  - внутри\n    - глубже\n- последний",
    "3. третье\n4. четвёртое\n   - внутри\n5. пятое",
    "1. а\n\n   его абзац\n\n2. б",
    "Введение:\n\n1. а\n2. б\n\nИтог.",
    "| Год | Итог |\n| --- | --- |\n| 2024 | **120** |\n| 2025 | a \\| b |",
    "**Важно** и *особо*, ***вместе***, [сайт](https://omsk.example/a), [скобки](<https://omsk.example/a_(b)>)",
    "5 * 3 * 2, snake_case_name, a|b, C:\\dir, # не заголовок, 1 < 2 & 3 > 2, `код`",
    "\\- не пункт",
    "2024\\. Год",
    "\\*не курсив\\*",
    "**Итоги:** всё *сделано*.",
)


@pytest.mark.parametrize("text", AS_IT_WAS)
def test_plain_text_comes_back_letter_by_letter(text: str) -> None:
    assert to_markdown(pieces_of(to_blocks(text))) == text


SIGNS = st.text(alphabet=" \n-*_|\\#<&1.)[]()аб", max_size=40)
WORDS = st.sampled_from(
    ("слово", "**важно**", "*особо*", "a_b", "1.", "- ", "[x](https://a.ru/b)", "|", "\n", "\n\n",
     "\n- пункт", "\n1. раз", "\n   - внутри", "\n7) семь", "\n\n   абзац пункта",
     "\n\n| а | б |\n|---|---|\n| в | г |\n\n", "\\", "#", "<b>")
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.one_of(SIGNS, st.lists(WORDS, max_size=14).map(" ".join)))
@example("- а\n\n1) б")
def test_what_is_written_reads_the_same(text: str) -> None:
    pieces = pieces_of(to_blocks(clean(text)))
    written = to_markdown(pieces)
    again = pieces_of(to_blocks(written))
    # An item without words is nowhere to be seen: what is in it stands a level higher.
    assert [(p.kind, p.cells) for p in again] == [(p.kind, p.cells) for p in pieces]
    # Written once, it does not change any more.
    assert to_markdown(again) == written
