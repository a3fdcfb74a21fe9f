"""Every engine finds the same, counts the same and ranks by the same figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from asdg_portal.search.index import FACETS, Document, Kind, Request, SearchIndex
from asdg_portal.search.query import AnyOf, BadQuery, Clause, Query, parse
from tests.contract.search_world import ENGINES, keys, make

# Forms of one word, words of two dictionary forms, numbers that are nearly the same.
WORDS = (  # noqa: SIM905
    "стали сталь стать парк парка парки города городской город опыт опытом опыта ремонт ремонта "
    "дорога дороги мыла мыло стекла печь банки банка жилые 440-р 441-р 440 12.5 2014 "
    "социально-экономическое экономический CRM и в ёлка елки музей музеи СЭД документооборот"
).split()
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


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SearchIndex]:
    """One index of each kind."""
    folder = tmp_path_factory.mktemp("agree")
    return {name: engine(folder / name) for name, engine in ENGINES.items()}


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    stored=st.lists(documents(), max_size=20),
    later=st.lists(documents(), max_size=4),
    gone=st.sets(st.integers(1, 30).map("report:{}".format), max_size=4),
    asked=st.lists(requests, min_size=1, max_size=12),
)
def test_all_engines_give_the_same(
    engines: dict[str, SearchIndex],
    stored: list[Document],
    later: list[Document],
    gone: set[str],
    asked: list[Request],
) -> None:
    for index in engines.values():
        index.rebuild({document.key: document for document in stored}.values())
        index.update({document.key: document for document in later}.values(), gone)
    hashes = {name: sorted(index.hashes()) for name, index in engines.items()}
    assert [name for name in hashes if hashes[name] != hashes["whoosh"]] == []
    for request in asked:
        first = engines["whoosh"].search(request)
        scores = {hit.document.key: hit.score for hit in first.hits}
        for name, index in engines.items():
            found = index.search(request)
            assert found.total == first.total, (name, request)
            assert found.facets == first.facets, (name, request)
            assert {hit.document.key: hit.score for hit in found.hits} == pytest.approx(
                scores, rel=1e-3, abs=1e-5
            ), (name, request)
            if request.sort == "city" or not request.query.wanted:
                assert keys(found) == keys(first), (name, request)
