"""Tasks read out of an answer, and recognised in other words, against what a reader finds."""

from __future__ import annotations

import pytest

from asdg_portal.core.text import clean
from asdg_portal.surveys.commitments.matching import is_same, key_of, pair
from asdg_portal.surveys.commitments.splitting import MOST_TASKS, split_tasks
from tests.unit.surveys.tasks import APART, CASES, SAME


@pytest.mark.parametrize("name", CASES)
def test_tasks_of_an_answer(name: str) -> None:
    text, tasks = CASES[name]
    assert split_tasks(clean(text)) == tasks


def test_a_long_answer_gives_no_endless_list() -> None:
    assert len(split_tasks("\n".join(f"- задача номер {n}" for n in range(999)))) == MOST_TASKS


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_task_in_other_words(one: str, other: str) -> None:
    assert is_same(one, other)
    assert is_same(other, one)


@pytest.mark.parametrize(("one", "other"), APART)
def test_tasks_that_only_look_alike(one: str, other: str) -> None:
    assert not is_same(one, other)
    assert not is_same(other, one)


def test_a_key_does_not_change_with_spaces_case_or_yo() -> None:
    assert key_of("Ремонт  лёгких сетей.") == key_of("ремонт легких сетей")
    assert key_of("ремонт сетей") != key_of("ремонт дорог")


def test_every_task_is_recognised_once() -> None:
    old = {"a": "ремонт моста через Обь", "b": "построить школу"}
    new = ["построить школу в центре", "завершить ремонт моста через Обь", "иное дело города"]
    assert pair(old, new) == {"a": new[1], "b": new[0]}
    assert pair({"a": "построить школу", "b": "построить школу"}, ["построить школу"]) == {
        "a": "построить школу"
    }
