"""Two states of a text told apart word by word: nothing of either is lost, little is marked."""

from __future__ import annotations

from hypothesis import given, strategies as st

from asdg_portal.core.worddiff import ADDED, REMOVED, SAME, Piece, compare, is_changed

TEXTS = st.text(st.sampled_from("аб вг\n-1,"), max_size=60)


def test_a_changed_word_is_marked_and_its_sentence_is_not() -> None:
    pieces = compare("Открыт новый парк у реки.\nДа.", "Открыт большой парк у реки.\nДа.")
    assert pieces == [
        Piece(SAME, "Открыт "),
        Piece(REMOVED, "новый "),
        Piece(ADDED, "большой "),
        Piece(SAME, "парк у реки.\nДа."),
    ]


def test_equal_texts_have_nothing_to_show() -> None:
    assert not is_changed(compare("то же", "то же"))
    assert compare("", "") == []
    assert is_changed(compare("", "появилось"))


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_back_whole(old: str, new: str) -> None:
    pieces = compare(old, new)
    assert "".join(p.text for p in pieces if p.kind != ADDED) == old
    assert "".join(p.text for p in pieces if p.kind != REMOVED) == new
    assert is_changed(pieces) == (old != new)


def test_long_texts_without_a_common_line_are_replaced_whole_and_not_compared_for_ever() -> None:
    old, new = "слово " * 4_000, "иное " * 4_000
    assert compare(old, new) == [Piece(REMOVED, old), Piece(ADDED, new)]
