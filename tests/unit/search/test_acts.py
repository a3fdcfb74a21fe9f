"""Numbers and dates of legal acts, however they are spelled."""

from __future__ import annotations

import pytest

from asdg_portal.search.query import Word, parse
from asdg_portal.search.words import tokenize


def terms(text: str) -> set[str]:
    return {term for token in tokenize(text) for term in token.terms}


def asked(text: str) -> list[tuple[str, ...]]:
    return [clause.terms for clause in parse(text).wanted if isinstance(clause, Word)]


NUMBERS = ["440-р", "№ 440-р", "№440-р", "N 440-р", "N440р", "440р", "440 - р", "440–р", "440-p",
           "No. 440-р", "440-Р"]  # fmt: skip
LAWS = ["131-ФЗ", "ФЗ-131", "ФЗ № 131", "ФЗ №131", "131 ФЗ", "№ 131-фз", "федеральный закон № 131",
        "Федерального закона от 06.10.2003 № 131", "федеральным законом РФ от 6 октября 2003 г. N 131"]  # fmt: skip  # noqa: E501
DATES = ["30.12.2014", "30 декабря 2014 г.", "30 декабря 2014 года", "2014-12-30", "30.12.14"]


@pytest.mark.parametrize("written", NUMBERS)
@pytest.mark.parametrize("typed", NUMBERS)
def test_a_number_is_found_in_any_spelling(written: str, typed: str) -> None:
    assert ("440-р",) in asked(typed)
    assert "440-р" in terms(f"Принято распоряжение {written} о порядке")


@pytest.mark.parametrize("written", LAWS)
def test_a_federal_law_is_found_by_its_number_in_any_spelling(written: str) -> None:
    assert ("131-фз",) in asked(written)
    assert "131-фз" in terms(f"в соответствии с нормами ({written})")


@pytest.mark.parametrize("written", DATES)
def test_a_day_is_found_in_any_spelling(written: str) -> None:
    assert asked(written)[0] == ("30.12.2014",)
    assert "30.12.2014" in terms(f"распоряжение от {written}")


def test_a_day_in_words_is_found_by_its_month_too() -> None:
    assert {"декабрь", "2014"} <= terms("30 декабря 2014 года")
    assert "30" not in terms("30 декабря 2014 года")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("440", "440-р"),
        ("441-р", "440-р"),
        ("440-п", "440-р"),
        ("44-р", "440-р"),
        ("440-р", "440-р/1"),
        ("440-р", "1440-р"),
        ("440-р", "440 рублей"),
        ("131", "131-ФЗ"),
        ("131-ФЗ", "закон области № 131"),
        ("01.12.2014", "30.12.2014"),
        ("2014", "30.12.2014"),
    ],
)
def test_another_number_or_a_part_of_one_is_not_found(typed: str, written: str) -> None:
    assert not {term for found in asked(typed) for term in found} & terms(written)


@pytest.mark.parametrize("text", ["4К", "5G", "1,5", "12.345.6789", "192.168.1.1", "20 п. 3"])
def test_what_is_no_act_stays_as_it_is(text: str) -> None:
    assert [token.asks for token in tokenize(text)] == [()] * len(list(tokenize(text)))
