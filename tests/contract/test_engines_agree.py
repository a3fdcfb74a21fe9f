"""Every engine finds the same, counts the same and ranks by the same figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from asdg_portal.search.index import FACETS, Document, Found, Kind, Request, SearchIndex
from asdg_portal.search.query import AnyOf, BadQuery, Clause, Query, parse
from tests.contract.search_world import EMBEDDED, Engine, keys, make

# Forms of one word, words of two dictionary forms, numbers that are nearly the same.
WORDS = (  # noqa: SIM905
    "стали сталь стать парк парка парки города городской город опыт опытом опыта ремонт ремонта "
    "дорога дороги мыла мыло стекла печь банки банка жилые 440-р 441-р 440 12.5 2014 "
    "социально-экономическое экономический CRM и в ёлка елки музей музеи СЭД ПО документооборот "
    "131-ФЗ 30.12.2014 фывапова фываповой"
).split()
WORDS += ["30 декабря 2014", "распоряжение № 440-р", "закон 131"]
AUDIENCES = ("public", "members", "staff")
TOWNS = ("omsk", "tomsk", "tomsk-2", "chita")
word = st.sampled_from(WORDS)


def texts(least: int, most: int) -> st.SearchStrategy[str]:
    """Words in a row, as in a sentence."""
    gaps = st.sampled_from([" ", ", ", ". ", "\n", " — "])
    pairs = st.lists(st.tuples(word, gaps), min_size=least, max_size=most)
    return pairs.map(lambda row: "".join(word + gap for word, gap in row))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    kind = draw(st.sampled_from(Kind))
    town = draw(st.sampled_from(TOWNS))
    return make(
        f"{kind}:{draw(st.integers(1, 30))}",
        draw(texts(0, 14)),
        kind=kind,
        title=draw(texts(0, 4)),
        city=town,
        city_name=draw(st.sampled_from(["Омск", "Город Сталь"])),
        region=draw(st.sampled_from(["", "here", "there"])),
        sector=draw(st.sampled_from(["parks", "roads"])),
        sector_name=draw(st.sampled_from(["Парки", "Ремонт дорог"])),
        year=draw(st.integers(2019, 2021)),
        question=draw(st.sampled_from([None, 0, 1, 5])) if kind is Kind.REPORT else None,
        audience=draw(st.sampled_from(AUDIENCES)),
        published_on=date(2020, 5, draw(st.integers(1, 3))),
    )


simple = st.one_of(
    word,
    word.filter(lambda w: len(w) > 2).map(lambda w: f"{w[:3]}*"),
    st.lists(word, min_size=2, max_size=4).map(lambda row: f'"{" ".join(row)}"'),
)


def _clause(text: str) -> Clause | None:
    wanted = parse(text).wanted
    return wanted[0] if wanted else None


@st.composite
def clauses(draw: st.DrawFn) -> Clause | None:
    """Any kind of clause, such as a word with its synonyms."""
    found = [_clause(draw(simple)) for _n in range(draw(st.sampled_from([1, 1, 2, 3])))]
    options = [(c, draw(st.sampled_from([1.0, 0.5]))) for c in found if not isinstance(c, AnyOf)]
    kept = [(clause, weight) for clause, weight in options if clause]
    return AnyOf(tuple(kept)) if len(kept) > 1 else kept[0][0] if kept else None


@st.composite
def queries(draw: st.DrawFn) -> Query:
    if draw(st.booleans()):
        minus = st.tuples(st.sampled_from(["", "", "", "-"]), simple).map("".join)
        try:
            return parse(" ".join(draw(st.lists(minus, max_size=5))))
        except BadQuery:
            return Query("")
    wanted = [clause for clause in draw(st.lists(clauses(), max_size=4)) if clause]
    unwanted = [clause for clause in draw(st.lists(clauses(), max_size=1)) if clause]
    return Query("", tuple(dict.fromkeys(wanted)), tuple(unwanted))


VALUES: Mapping[str, Sequence[str]] = {
    "kind": [str(kind) for kind in Kind],
    "city": [*TOWNS, "nowhere"],
    "region": ["here", "there"],
    "sector": ["parks", "roads"],
    "year": ["2019", "2020", "2021"],
    "question": ["0", "1", "5"],
}
narrowed = st.fixed_dictionaries(
    {}, optional={name: st.lists(st.sampled_from(VALUES[name]), max_size=2) for name in FACETS}
)
requests = st.builds(
    Request,
    query=queries(),
    audiences=st.sets(st.sampled_from(AUDIENCES)).map(frozenset),
    filters=st.one_of(st.just({}), narrowed),
    without=st.sets(st.integers(1, 30).map("report:{}".format), max_size=3).map(frozenset),
    sort=st.sampled_from(["relevance", "newest", "city"]),
    limit=st.just(100),
)


@pytest.fixture(
    scope="module",
    params=["tantivy", pytest.param("postgres", marks=pytest.mark.postgres)],
)
def engines(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[SearchIndex, SearchIndex]:
    """An index of the default engine and one of another."""
    folder = tmp_path_factory.mktemp("agree")
    if request.param == "postgres":
        other: Engine = request.getfixturevalue("on_postgres")
    else:
        other = EMBEDDED[request.param]
    return EMBEDDED["whoosh"](folder / "whoosh"), other(folder / "other")


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    stored=st.lists(documents(), max_size=20),
    later=st.lists(documents(), max_size=4),
    gone=st.sets(st.integers(1, 30).map("report:{}".format), max_size=4),
    asked=st.lists(requests, min_size=1, max_size=12),
)
def test_engines_give_the_same(
    engines: tuple[SearchIndex, SearchIndex],
    stored: list[Document],
    later: list[Document],
    gone: set[str],
    asked: list[Request],
) -> None:
    for index in engines:
        index.rebuild({document.key: document for document in stored}.values())
        index.update({document.key: document for document in later}.values(), gone)
    first, second = (sorted(index.hashes()) for index in engines)
    assert first == second
    for request in asked:
        one, other = (index.search(request) for index in engines)
        assert one.total == other.total, request
        assert one.facets == other.facets, request
        assert _scores(one) == pytest.approx(_scores(other), rel=1e-3, abs=1e-5), request
        if request.sort == "city" or not request.query.wanted:
            assert keys(one) == keys(other), request


def _scores(found: Found) -> dict[str, float]:
    return {hit.document.key: hit.score for hit in found.hits}
