"""Words that mean the same: how they are read, found in a query, and put into it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from asdg_portal.core.morphology import fold
from asdg_portal.search.expansion import MOST_OPTIONS, MOST_PHRASES, expand
from asdg_portal.search.families import relatives
from asdg_portal.search.query import AnyOf, BadQuery, Phrase, Query, Word, parse, simple_clauses
from asdg_portal.search.vocabulary.groups import Group, read_groups, read_line, write_groups
from asdg_portal.search.vocabulary.services import SHIPPED, check
from asdg_portal.search.vocabulary.thesaurus import BROADER, NEAR, SAME, WITHIN, Thesaurus

TEXT = """
# Заметка для людей
СЭД | система электронного документооборота ~ документооборот > делопроизводство
детский сад | садик | ДОУ ~ ясли
ПО | программное обеспечение
РАС | аутизм
ГО и ЧС | гражданская оборона
"""
THESAURUS = Thesaurus(read_groups(TEXT))


def said(clause: object) -> str:
    words = clause.words if isinstance(clause, Phrase) else (clause,)
    return " ".join(word.terms[0] for word in words if isinstance(word, Word))


def ways(text: str, place: int = 0, thesaurus: Thesaurus = THESAURUS) -> dict[str, float]:
    """What else a word of a query is met by, and how well."""
    clause = expand(parse(text), (thesaurus,)).wanted[place]
    return {said(option): weight for option, weight in simple_clauses(clause)[1:]}


def test_lines_are_read_and_written() -> None:
    groups = read_groups(TEXT)
    same = ("СЭД", "система электронного документооборота")
    assert groups[0] == Group(same, ("документооборот",), ("делопроизводство",))
    assert read_groups(write_groups(groups)) == groups
    assert read_line("а | б") == Group(("а", "б"))


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("|~>\n# "))))
def test_any_text_is_read(text: str) -> None:
    for group in read_groups(text):
        assert isinstance(group, Group)


def test_an_abbreviation_leads_to_what_it_stands_for_and_back() -> None:
    found = ways("СЭД внедрена")
    assert found["система электронный документооборот"] == SAME
    assert found["документооборот"] == NEAR
    assert ways("сэд внедрена") == found
    assert ways("системой электронного документооборота")["сэд"] == SAME
    assert ways("документооборота музей")["сэд"] == NEAR


def test_what_is_broader_is_found_but_leads_nowhere() -> None:
    assert ways("СЭД внедрена")["делопроизводство"] == BROADER
    assert "сэд" not in ways("делопроизводство музея")


def test_a_single_word_is_met_by_what_is_near_only_if_it_is_to_be_met_widely() -> None:
    assert list(ways("СЭД")) == ["система электронный документооборот"]
    wide = expand(parse("СЭД"), (THESAURUS,), widely=True).wanted[0]
    assert "документооборот" in {said(option) for option, _weight in simple_clauses(wide)}


def test_words_within_an_expression_say_less() -> None:
    thesaurus = Thesaurus([*read_groups(TEXT), Group(("сад", "огород"))])
    assert ways("детский сад", 1, thesaurus)["огород"] == SAME * WITHIN
    assert ways("сад музея", 0, thesaurus)["огород"] == SAME


@pytest.mark.parametrize("text", ["детские сады", "в детском саду", "садах детских"])
def test_an_expression_is_known_in_any_form_and_order(text: str) -> None:
    for place in (0, 1):
        assert ways(text, place)["садик"] == SAME


def test_function_words_within_an_expression_do_not_count() -> None:
    assert ways("отдел ГО ЧС", 1)["гражданский оборона"] == SAME


def test_an_abbreviation_that_is_a_word_too_counts_in_capitals_only() -> None:
    assert ways("закупка ПО", 1)["программный обеспечение"] == SAME
    assert [said(c) for c in expand(parse("закупка по"), (THESAURUS,)).wanted] == ["закупка"]
    assert "аутизм" in ways("дети с РАС", 1)
    assert "аутизм" not in ways("дети разных рас", 2)
    assert "раса" not in ways("аутизм")
    clause = expand(parse("аутизм"), (THESAURUS,)).wanted[0]
    assert simple_clauses(clause)[1][0] == Word(("РАС",))


def test_a_single_word_is_met_by_its_forms_and_what_means_the_same_alone() -> None:
    assert ways("школа") == {}
    family = expand(parse("школа музей"), ()).wanted[0]
    assert isinstance(family, AnyOf)
    assert {"школьник", "школьный"} <= set(simple_clauses(family)[1][0].terms)  # type: ignore[union-attr]


def test_excluded_words_and_phrases_stay_as_they_are() -> None:
    query = expand(parse('-СЭД "детский сад"'), (THESAURUS,))
    assert query.unwanted == parse("СЭД").wanted
    assert isinstance(query.wanted[0], Phrase)


@pytest.mark.parametrize(
    ("word", "kin"),
    [
        ("снос", "сносить"), ("обучение", "обучать"), ("школа", "школьник"), ("школьник", "школа"),
        ("автобус", "автобусный"), ("коммуналка", "коммунальный"), ("очистка", "очищать"),
        ("дорога", "дорожный"), ("освещение", "осветить"), ("переселение", "переселять"),
        ("льгота", "льготный"), ("документ", "документация"), ("земля", "земельный"),
        ("бюджет", "бюджетный"), ("строительство", "строить"), ("волонтер", "волонтерский"),
    ],
)  # fmt: skip
def test_words_of_one_family(word: str, kin: str) -> None:
    assert kin in relatives((word,))
    assert word not in relatives((word,))


@pytest.mark.parametrize("word", ["440-р", "сэд", "crm", "рао", "@omsk", "2014", "год"])
def test_numbers_foreign_and_short_words_have_no_family(word: str) -> None:
    assert relatives((word,)) == ()


def shipped() -> list[Group]:
    return read_groups(SHIPPED.read_text(encoding="utf-8"))


def test_the_shipped_table_is_wide_and_every_group_can_be_kept() -> None:
    groups = shipped()
    assert len(groups) >= 400
    for group in groups:
        check(group)
    names = [fold(group.same[0]) for group in groups]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("ТОС", "территориальный общественный"), ("КРТ", "комплексный развитие территория"),
        ("ГЧП", "государственный частный"), ("ЖКХ", "жилищный коммунальный хозяйство"),
        ("МСУ", "местный самоуправление"), ("НПА", "нормативный правовой акт"),
        ("МКД", "многоквартирный дом"), ("ТКО", "твердый коммунальный отход"),
        ("ТСЖ", "товарищество собственник"), ("ЕДДС", "единый дежурный диспетчерский"),
        ("МФЦ", "многофункциональный центр"), ("ПЗЗ", "правило землепользование"),
        ("ИЖС", "индивидуальный жилищный"), ("НКО", "некоммерческий организация"),
        ("бухучет", "бухгалтерский учет"), ("капремонт", "капитальный ремонт"),
        ("садик", "детский сад"), ("киоск", "ларек"), ("волонтер", "доброволец"),
        ("бродячие собаки", "безнадзорный животное"),
    ],
)  # fmt: skip
def test_the_shipped_table_knows_the_field(typed: str, other: str) -> None:
    found = ways(typed, 0, Thesaurus(shipped()))
    assert any(fold(option).startswith(other[:12]) for option in found), sorted(found)


def test_what_is_added_to_a_query_is_bounded() -> None:
    thesaurus = Thesaurus(shipped())
    words = ("ремонт дорог снег школа сад мусор свалка автобус питание жильё вода тепло спорт "
             "культура бюджет налоги туризм пожар выборы парк")  # fmt: skip
    query = expand(parse(words), (thesaurus,))
    options = [o for clause in query.wanted for o, _w in simple_clauses(clause)[1:]]
    assert len(query.wanted) == 20
    assert 0 < len(options) <= MOST_OPTIONS
    assert sum(isinstance(option, Phrase) for option in options) <= MOST_PHRASES


@settings(max_examples=100, deadline=None)
@given(
    st.text(
        alphabet=st.one_of(st.characters(), st.sampled_from('"«»-* СЭДдетскийсад')), max_size=80
    )
)
def test_any_query_can_be_expanded(text: str) -> None:
    try:
        query = parse(text)
    except BadQuery:
        return
    expanded = expand(query, (THESAURUS,))
    assert isinstance(expanded, Query)
    assert len(expanded.wanted) == len(query.wanted)
