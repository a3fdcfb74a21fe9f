"""What a full-text index must do, whichever engine stands behind it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from asdg_portal.search.index import IndexUnavailable, Kind, Request, SearchIndex
from asdg_portal.search.query import AnyOf, Query, Word, parse
from asdg_portal.search.words import city_term
from tests.contract.search_world import EVERYBODY, Engine, ask, found_by, keys, make


@pytest.fixture
def index(engine: Engine, tmp_path: Path) -> SearchIndex:
    index = engine(tmp_path / "index")
    index.rebuild([])
    return index


def test_what_is_put_is_found_whole_and_what_is_removed_is_gone(index: SearchIndex) -> None:
    document = make("a", "Ремонт дорог", external_id="p001")
    index.update([document], [])
    assert ask(index, "дорога").hits[0].document == document

    index.update([replace(document, body="Приём граждан")], [])
    assert found_by(index, "дорога") == set()
    assert keys(ask(index, "приемы гражданина")) == ["a"]

    index.update([], ["a", "never was there"])
    assert ask(index).total == 0


def test_an_empty_external_id_deletes_nobody_else(index: SearchIndex) -> None:
    index.update([make("a", "парк"), make("b", "парк", external_id="")], [])
    index.update([make("c", "парк", external_id="")], [])
    assert found_by(index, "парк") == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("изучили опыт соседей", "опытом"),
        ("перенимаем опыта много", "опыт"),
        ("встреча мэров городов", "мэра"),
        ("люди пришли", "человек"),
        ("учёт воды", "учет"),
        ("внедрена CRM", "crm"),
        ("распоряжение 440-р", "440-р"),
        ("социально-экономическое развитие", "экономический"),
        ("й".join(["музе", ""]), "музеи"),
    ],
)
def test_words_are_found_in_any_form(index: SearchIndex, written: str, asked: str) -> None:
    index.update([make("a", written), make("b", "совсем другое")], [])
    assert keys(ask(index, asked)) == ["a"]


def test_parts_of_numbers_are_not_words(index: SearchIndex) -> None:
    index.update([make("a", "распоряжение 440-р")], [])
    assert found_by(index, "441-р") == set()
    assert found_by(index, "440") == set()


@pytest.fixture
def library(index: SearchIndex) -> SearchIndex:
    index.update(
        [
            make("a", "ремонт дорог и мостов", year=2019, published_on=date(2020, 1, 1)),
            make(
                "b",
                "ремонт школ",
                city="tomsk",
                city_name="Томск",
                region="tomsk-oblast",
                sector="education",
                kind=Kind.REPORT,
                question=1,
                year=2022,
                published_on=date(2022, 1, 1),
            ),
            make("c", "ремонт парка", city="tomsk", year=2021, published_on=date(2021, 1, 1)),
            make("d", "ремонт тайного хода", audience="staff"),
            make("e", "ремонт среди своих", audience="members"),
        ],
        [],
    )
    return index


def test_people_find_only_what_they_may_read(library: SearchIndex) -> None:
    everybody = ask(library, "ремонт")
    assert (everybody.total, set(keys(everybody))) == (3, {"a", "b", "c"})
    assert sum(everybody.facets["city"].values()) == 3
    members = frozenset({"public", "members"})
    assert found_by(library, "ремонт", audiences=members) == {"a", "b", "c", "e"}
    assert ask(library, "ремонт", audiences=members | {"staff"}).total == 5
    assert ask(library, "ремонт", audiences=frozenset()).total == 0
    assert ask(library, "тайный").facets["kind"] == {}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"kind": ["report"]}, {"b"}),
        ({"city": ["tomsk"]}, {"b", "c"}),
        ({"city": ["tomsk", "omsk"]}, {"a", "b", "c"}),
        ({"region": ["tomsk-oblast"]}, {"b"}),
        ({"sector": ["education"]}, {"b"}),
        ({"year": ["2019", "2021"]}, {"a", "c"}),
        ({"question": ["1"]}, {"b"}),
        ({"city": ["tomsk"], "year": ["2021"]}, {"c"}),
        ({"city": ["nowhere"]}, set()),
        ({"city": []}, {"a", "b", "c"}),
    ],
)
def test_filters_narrow(
    library: SearchIndex, filters: dict[str, list[str]], expected: set[str]
) -> None:
    for text in ("", "ремонт"):
        found = ask(library, text, filters=filters)
        assert set(keys(found)) == expected
        assert found.total == len(expected)


def test_a_facet_counts_under_all_other_filters(library: SearchIndex) -> None:
    facets = ask(library, "ремонт", filters={"city": ["tomsk"], "year": ["2021"]}).facets
    assert facets["city"] == {"tomsk": 1}
    assert facets["year"] == {"2021": 1, "2022": 1}
    assert facets["kind"] == {"practice": 1}
    assert facets["question"].get("1", 0) == 0


def test_documents_on_their_way_out_leave_hits_total_and_facets(library: SearchIndex) -> None:
    found = ask(library, "ремонт", without=frozenset({"b"}))
    assert (set(keys(found)), found.total) == ({"a", "c"}, 2)
    assert found.facets["kind"] == {"practice": 2}


def test_order_and_pages(library: SearchIndex) -> None:
    assert keys(ask(library)) == ["b", "c", "a"]
    assert keys(ask(library, "ремонт", sort="newest")) == ["b", "c", "a"]
    assert keys(ask(library, "ремонт", sort="city"))[0] == "a"
    pages = [ask(library, "ремонт", offset=at, limit=2) for at in (0, 2, 4)]
    assert [len(page.hits) for page in pages] == [2, 1, 0]
    assert sorted(key for page in pages for key in keys(page)) == ["a", "b", "c"]
    assert {page.total for page in pages} == {3}


def test_phrases_stand_side_by_side(index: SearchIndex) -> None:
    index.update(
        [
            make("a", "создан городской парк отдыха"),
            make("b", "парк, в который ходит городской житель"),
            make("c", "парк", title="Городской"),
        ],
        [],
    )
    assert found_by(index, '"городские парки"') == {"a"}
    assert found_by(index, "«городского парка»") == {"a"}
    assert found_by(index, 'парк -"городской парк"') == {"b", "c"}


@pytest.mark.parametrize(
    "phrase", ["заметка старый", "старый омск", "омск культура", "культура парк", "заметка парк"]
)
def test_no_phrase_reaches_from_title_or_place_to_what_follows(
    index: SearchIndex, phrase: str
) -> None:
    index.update([make("a", "парк у реки", city_name="Старый Омск")], [])
    assert found_by(index, f'"{phrase}"') == set()
    assert found_by(index, phrase) == {"a"}
    assert found_by(index, '"парк у реки"') == {"a"}


def test_minus_and_beginnings(library: SearchIndex) -> None:
    assert found_by(library, "ремонт -дорога") == {"b", "c"}
    assert found_by(library, "-ремонт") == set()
    assert found_by(library, "-дороги") == {"b", "c"}
    assert found_by(library, "шко*") == {"b"}


def test_a_beginning_stands_for_all_its_words_however_many(index: SearchIndex) -> None:
    index.update([make(f"k{n}", f"код{n}х") for n in range(300)], [])
    index.update([make("k0", "другое")], [f"k{n}" for n in range(1, 50)])
    assert ask(index, "код*").total == 250


def test_more_words_met_stand_first_and_one_unknown_word_empties_nothing(
    index: SearchIndex,
) -> None:
    index.update([make("a", "ремонт дорог зимой"), make("b", "ремонт"), make("c", "дети")], [])
    assert keys(ask(index, "ремонт дорог зимой фыва")) == ["a", "b"]


def test_a_thing_is_found_by_any_way_of_saying_it_and_counts_once(index: SearchIndex) -> None:
    index.update(
        [
            make("a", "внедрена СЭД"),
            make("b", "внедрён электронный документооборот"),
            make("c", "электронный журнал, бумажный документооборот"),
            make("d", "СЭД и электронный документооборот, ремонт"),
        ],
        [],
    )
    short, long = parse("СЭД").wanted[0], parse('"электронный документооборот"').wanted[0]
    assert not isinstance(short, AnyOf)
    assert not isinstance(long, AnyOf)
    either = AnyOf(((short, 1.0), (long, 0.5)))
    assert found_by(index, Query("СЭД", (either,))) == {"a", "b", "d"}
    assert found_by(index, Query("-СЭД", (), (either,))) == {"c"}
    assert keys(ask(index, Query("СЭД", (either,))))[-1] == "b"
    both = Query("СЭД ремонт", (either, parse("ремонт").wanted[0]))
    assert keys(ask(index, both))[0] == "d"


def test_the_form_that_was_typed_stands_first(index: SearchIndex) -> None:
    index.update([make("a", "опытом соседей"), make("b", "опыта соседей")], [])
    assert keys(ask(index, "опытом")) == ["a", "b"]
    assert keys(ask(index, "опыта")) == ["b", "a"]


def test_when_time_is_up_what_was_typed_is_found_all_the_same(index: SearchIndex) -> None:
    index.update([make("a", "ремонт"), make("b", "починка"), make("c", "музей")], [])
    either = AnyOf(((Word(("ремонт",)), 1.0), (Word(("починка",)), 0.5)))
    request = Request(Query("", (either, Word(("музей",)))), EVERYBODY)
    assert set(keys(index.search(request))) == {"a", "b", "c"}
    assert {"a", "c"} <= set(keys(index.search(replace(request, until=0.0))))


def test_a_title_weighs_more(index: SearchIndex) -> None:
    index.update([make("a", "музей и город"), make("b", "город и", title="Музей")], [])
    assert keys(ask(index, "музей")) == ["b", "a"]


def test_all_texts_of_a_city_have_its_term(index: SearchIndex) -> None:
    index.update([make("a", "парк"), make("b", "парк", city="tomsk", city_name="Томск")], [])
    assert found_by(index, Query("", (Word((city_term("tomsk"),)),))) == {"b"}
    assert found_by(index, "@tomsk") == set()


def test_content_hashes_are_those_of_what_was_put(library: SearchIndex) -> None:
    document = make("z", "новое")
    library.update([document], ["a"])
    hashes = dict(library.hashes())
    assert set(hashes) == {"b", "c", "d", "e", "z"}
    assert hashes["z"] == document.content_hash


def test_a_second_process_sees_updates_and_rebuilds(engine: Engine, tmp_path: Path) -> None:
    writer, reader = engine(tmp_path / "index"), engine(tmp_path / "index")
    writer.rebuild([make("a", "парк")])
    assert found_by(reader, "парк") == {"a"}
    writer.update([make("b", "парк")], [])
    assert found_by(reader, "парк") == {"a", "b"}
    writer.update([], ["a"])
    assert found_by(reader, "парк") == {"b"}
    assert writer.rebuild([make("c", "парк")]) == 1
    assert found_by(reader, "парк") == {"c"}


def test_many_small_updates_stay_few_files(index: SearchIndex) -> None:
    for number in range(30):
        index.update([make(f"k{number % 10}", f"парк номер {number}")], [])
    assert ask(index, "парк").total == 10
    assert index.status()["documents"] == 10


def test_searching_goes_on_while_the_index_is_made_anew(index: SearchIndex) -> None:
    documents = [make(f"k{number}", "парк у реки") for number in range(40)]
    index.rebuild(documents)
    totals: list[object] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            try:
                totals.append(ask(index, "парк").total)
            except Exception as error:
                totals.append(error)

    readers = [threading.Thread(target=look) for _number in range(2)]
    for reader in readers:
        reader.start()
    for _round in range(4):
        index.rebuild(documents)
        index.update(documents[:3], [])
    done.set()
    for reader in readers:
        reader.join()
    assert totals
    assert set(totals) == {40}


def test_a_failed_write_changes_nothing_and_leaves_no_lock(library: SearchIndex) -> None:
    broken = replace(make("x", "ремонт"), body=None)  # type: ignore[arg-type]
    with pytest.raises((TypeError, ValueError, AttributeError, IndexUnavailable)):
        library.update([make("y", "ремонт"), broken], ["a"])
    with pytest.raises((TypeError, ValueError, AttributeError, IndexUnavailable)):
        library.rebuild([broken])
    assert found_by(library, "ремонт") == {"a", "b", "c"}
    library.update([make("y", "ремонт")], [])
    assert "y" in found_by(library, "ремонт")


def test_the_words_of_the_texts_are_known(index: SearchIndex) -> None:
    index.update([make("a", "ремонт парка")], [])
    words = index.words()
    assert {"ремонт", "парк", "заметка", "культура"} <= words
    assert index.words() is words
    index.update([make("b", "музей")], [])
    assert "музей" in index.words()
    index.rebuild([make("c", "дорога")])
    assert index.words() & {"дорога", "музей"} == {"дорога"}
