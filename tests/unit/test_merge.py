"""Two changes of one text: put together where they do not meet, left to people where they do."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from asdg_portal.core.merge import merge

BASE = "Один два три.\n\nЧетыре пять шесть.\n"


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        (BASE, "Иначе", "Иначе"),
        (
            "ОДИН" + BASE[4:],
            BASE.replace("шесть", "ШЕСТЬ"),
            "ОДИН два три.\n\nЧетыре пять ШЕСТЬ.\n",
        ),
        (BASE.replace("два ", ""), BASE.replace("пять", "5"), "Один три.\n\nЧетыре 5 шесть.\n"),
        (BASE.replace("два", "2"), BASE.replace("два", "2"), BASE.replace("два", "2")),
        (BASE.replace("два", "2"), BASE.replace("два", "II"), None),
        (BASE.replace("два", "2"), BASE.replace("три", "3"), None),
        (BASE + "Моё", BASE + "Чужое", None),
        ("Начало. " + BASE, BASE + "Конец.", "Начало. " + BASE + "Конец."),
        ("", BASE.replace("пять", "5"), None),
    ],
)
def test_both_changes(mine: str, theirs: str, both: str | None) -> None:
    assert merge(BASE, mine, theirs) == both
    assert merge(BASE, theirs, mine) == both


@given(*[st.text("аб \n", max_size=30)] * 2)
def test_who_changes_nothing_is_in_nobodys_way(base: str, changed: str) -> None:
    assert merge(base, base, changed) == changed
    assert merge(base, changed, base) == changed
    assert merge(base, changed, changed) == changed


def test_a_long_text_is_compared_by_lines() -> None:
    lines = [f"строка {number} из многих\n" for number in range(3000)]
    mine, theirs = lines.copy(), lines.copy()
    mine[5], theirs[2000] = "моя\n", "чужая\n"
    both = merge("".join(lines), "".join(mine), "".join(theirs))
    assert both is not None
    assert both.splitlines(keepends=True)[5::1995] == ["моя\n", "чужая\n"]
