"""How much the portal's own search costs beside the bare engine under it.

One search of the portal gives 20 hits, the exact total, all facets and ten snippets; the bare
engine only gives its 20 best for the same words.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

import pymorphy3
from whoosh.filedb.filestore import FileStorage
from whoosh.query import And, Or, Term

from asdg_portal.search.index import Document, Kind, Request
from asdg_portal.search.query import Clause, Phrase, Query, Word, parse
from asdg_portal.search.snippets import snippet
from asdg_portal.search.whoosh_engine import WhooshIndex

SEED = 20
QUERIES = 60
WORDS_IN_TEXT = 160
WORDS = (  # noqa: SIM905
    "город опыт работа программа житель район проект бюджет дом дорога школа развитие "
    "участие служба семья ребёнок территория ремонт парк услуга отдел совет мероприятие "
    "центр учреждение культура образование здравоохранение транспорт маршрут автобус "
    "остановка котельная отопление вода счётчик двор площадка детский городской "
    "муниципальный новый общественный современный молодёжный социальный жилищный сельский "
    "зимний летний народный бесплатный строительство благоустройство озеленение капитальный "
    "мэр глава депутат специалист волонтёр ветеран инвалид пенсионер студент "
    "предприниматель музей библиотека театр выставка фестиваль праздник конкурс ярмарка "
    "турнир стадион бассейн тренировка секция договор концессия аукцион закупка тендер "
    "субсидия налог аренда имущество земля участок кадастр перепись архив реестр портал "
    "сайт приложение камера датчик светофор тротуар мост набережная река лес пожар паводок "
    "снег мусор контейнер полигон переработка экология воздух мерзлота энергосбережение "
    "лампа подъезд лифт крыша фасад"
).split()
CITIES = ("omsk", "tomsk", "barnaul", "irkutsk", "chita", "yakutsk", "kemerovo", "norilsk")
SECTORS = ("culture", "housing", "education", "transport", "sport", "economy")


def corpus(count: int, seed: int = SEED) -> Iterator[Document]:
    """Make answers whose words are inflected and as unevenly common as in real texts."""
    chance = random.Random(seed)
    dictionary = pymorphy3.MorphAnalyzer(lang="ru")
    forms = [[form.word for form in dictionary.parse(word)[0].lexeme] for word in WORDS]
    weights = list(accumulate(1 / rank for rank in range(1, len(forms) + 1)))
    for number in range(count):
        chosen = chance.choices(forms, cum_weights=weights, k=WORDS_IN_TEXT + 5)
        words = [chance.choice(lexeme) for lexeme in chosen]
        city, sector = chance.choice(CITIES), chance.choice(SECTORS)
        lines = (" ".join(words[at : at + 10]) for at in range(5, len(words), 10))
        yield Document(
            key=f"answer:{number}",
            kind=Kind.REPORT,
            title=" ".join(words[:5]).capitalize(),
            body=". ".join(line.capitalize() for line in lines),
            city=city,
            city_name=city,
            region=city,
            region_name=city,
            sector=sector,
            sector_name=sector,
            year=2005 + number % 20,
            question=1 + number % 5,
            url=f"/reports/{number}/",
            audience="public",
            published_on=date(2005, 1, 1) + timedelta(days=number % 7000),
        )


def queries(seed: int = SEED) -> list[Query]:
    """Queries of one to three words, common and rare, and some phrases."""
    chance = random.Random(seed + 1)
    texts = [" ".join(chance.sample(WORDS, 1 + n % 3)) for n in range(QUERIES)]
    return [parse(f'"{text}"' if n % 10 == 1 else text) for n, text in enumerate(texts)]


def _bare(clause: Clause) -> Any:
    """Say to the bare engine what a clause says to the portal's index."""
    if isinstance(clause, Phrase):
        return And([_bare(word) for word in clause.words])
    terms = clause.terms if isinstance(clause, Word) else ()
    return Or([Term(field, term) for field in ("title", "body") for term in terms])


def _times(work: Callable[[Query], object], asked: Iterable[Query]) -> list[float]:
    """How long each query takes, in milliseconds."""
    found = []
    for query in asked:
        start = time.perf_counter()
        work(query)
        found.append((time.perf_counter() - start) * 1000)
    return found


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def measure(size: int, folder: Path) -> dict[str, float]:
    """Build an index of ``size`` answers and ask portal and bare engine the same, in turn."""
    index = WhooshIndex(folder)
    start = time.perf_counter()
    index.rebuild(corpus(size))
    built = time.perf_counter() - start

    def portal(query: Query) -> object:
        found = index.search(Request(query, frozenset({"public"})))
        return [snippet(hit.document.body, query) for hit in found.hits[:10]]

    path = folder / (folder / "current").read_text()
    asked = queries()
    with FileStorage(str(path)).open_index().searcher() as searcher:

        def bare(query: Query) -> object:
            wanted = Or([_bare(clause) for clause in query.wanted])
            return [hit.fields() for hit in searcher.search(wanted, limit=20)]

        start = time.perf_counter()
        portal(asked[0])
        first = (time.perf_counter() - start) * 1000
        bare(asked[0])
        cold = _times(portal, asked)
        ours, theirs = _times(portal, asked), _times(bare, asked)
    start = time.perf_counter()
    index.update(corpus(5, seed=SEED + 2), [])
    updated = (time.perf_counter() - start) * 1000
    return {
        "answers": size,
        "ratio p50": statistics.median(ours) / statistics.median(theirs),
        "ratio p95": _p95(ours) / _p95(theirs),
        "portal p50 ms": statistics.median(ours),
        "portal p95 ms": _p95(ours),
        "engine p50 ms": statistics.median(theirs),
        "engine p95 ms": _p95(theirs),
        "first asked ratio p50": statistics.median(cold) / statistics.median(theirs),
        "first asked p95 ms": _p95(cold),
        "opening ms": first,
        "update of 5 ms": updated,
        "build s": built,
    }


def run(sizes: Iterable[int] = (2_000, 20_000)) -> list[dict[str, float]]:
    """Measure each size in a folder of its own; ratios first."""
    rows = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(measure(size, Path(folder)))
    return rows
