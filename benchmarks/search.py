"""The three engines on one archive, asked in turn, beside PostgreSQL's own Russian search."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from sqlalchemy import create_engine

from asdg_portal.config import ROOT
from asdg_portal.search.index import SearchIndex
from asdg_portal.search.postgres_engine import PostgresIndex
from asdg_portal.search.query import BadQuery, Phrase, Word
from asdg_portal.search.snippets import snippet
from asdg_portal.search.tantivy_engine import TantivyIndex
from asdg_portal.search.whoosh_engine import WhooshIndex
from benchmarks.archive import KINDS, Question, archive, common_phrases, questions
from benchmarks.yardsticks import BareWhoosh, StockPostgres
from tests.contract.test_search_trouble import ODD
from tests.postgres import Server, running_server

ENGINES = ("whoosh", "tantivy", "postgres")
EACH = 25  # questions of a kind
PUBLISHED = 20
SECONDS = 60.0
READERS = 8
ADVERSARIAL = 200
# As a server of its own is set up, rather than one for tests.
SERVER = {"shared_buffers": "512MB", "autovacuum": "on", "max_connections": "60"}

Row = dict[str, float | str]
Tables = dict[str, list[Row]]
Page = Callable[[Question], int]
ResultT = TypeVar("ResultT")


def run(sizes: Sequence[int] = (2_000, 20_000), engines: Collection[str] = ENGINES) -> Tables:
    """Measure each size in one run; ``sizes`` are numbers of answers."""
    tables: Tables = defaultdict(list)
    with running_server(SERVER) as server:
        for size in sizes:
            with tempfile.TemporaryDirectory() as folder:
                _measure(size, Path(folder), server, tables, engines)
    return tables


def _measure(
    size: int, folder: Path, server: Server, tables: Tables, wanted: Collection[str]
) -> None:
    with _engines(folder, server) as (every_engine, url):
        engines = {name: index for name, index in every_engine.items() if name in wanted}
        costs = {name: _build(index, size) for name, index in engines.items()}
        stock = StockPostgres(server.create())
        stock.build(archive(size))
        pages: dict[str, Page] = {name: _page_of(index) for name, index in engines.items()}
        asked = questions(EACH)
        tables["pages"] += _in_turn(size, asked, {**pages, "stock": stock.page})
        if "whoosh" in engines:
            tables["whoosh against itself"].append(_against_itself(size, folder, asked))
        for name, index in engines.items():
            place = url if name == "postgres" else str(folder / name)
            row: Row = {"answers": size, "engine": name, "build documents/s": size / costs[name]}
            row["index MB"] = float(str(index.status()["bytes"])) / 1e6
            row["process MB more"] = _memory(name, place)
            row |= _published(index)
            row["slowest of 200 odd strings, ms"] = _odd(index)
            tables["engines"].append(row)
            tables["readers beside a writer"].append(_beside_a_writer(size, name, index))


@contextmanager
def _engines(folder: Path, server: Server) -> Iterator[tuple[dict[str, SearchIndex], str]]:
    url = server.create()
    database = create_engine(url, pool_size=READERS + 2)
    try:
        yield (
            {
                "whoosh": WhooshIndex(folder / "whoosh"),
                "tantivy": TantivyIndex(folder / "tantivy"),
                "postgres": PostgresIndex(lambda: database),
            },
            url,
        )
    finally:
        database.dispose()


def _build(index: SearchIndex, size: int) -> float:
    start = time.perf_counter()
    index.rebuild(archive(size))
    return time.perf_counter() - start


def _page_of(index: SearchIndex) -> Page:
    def page(question: Question) -> int:
        request = question.request
        found = index.search(request)
        for hit in found.hits[:10]:
            snippet(hit.document.body, request.query)
        return found.total

    return page


def _in_turn(size: int, asked: list[Question], pages: Mapping[str, Page]) -> list[Row]:
    """Ask each question of every engine before the next one; the second time counts."""
    times: dict[tuple[str, str], list[float]] = defaultdict(list)
    totals: dict[str, set[tuple[int, ...]]] = defaultdict(set)
    for counts in (False, True):
        for question in asked:
            found = {}
            for name, page in pages.items():
                start = time.perf_counter()
                found[name] = page(question)
                if counts:
                    took = (time.perf_counter() - start) * 1000
                    times[question.kind, name].append(took)
                    times["all", name].append(took)
            ours = tuple(found[name] for name in pages if name != "stock")
            totals[question.kind].add(ours)
            totals["all"].add(ours)
    return [_row(size, kind, list(pages), times, totals[kind]) for kind in (*KINDS, "all")]


def _row(
    size: int,
    kind: str,
    names: list[str],
    times: Mapping[tuple[str, str], list[float]],
    totals: set[tuple[int, ...]],
) -> Row:
    same = all(len(set(found)) == 1 for found in totals)
    row: Row = {"answers": size, "query": kind, "totals": "equal" if same else "DIFFER"}
    stock = times[kind, "stock"]
    for name in names[:-1]:
        ratio = statistics.median(times[kind, name]) / statistics.median(stock)
        row[f"{name} / stock p50"] = f"{ratio:.3f}"
        row[f"{name} / stock p95"] = f"{_p95(times[kind, name]) / _p95(stock):.3f}"
    for name in names:
        row[f"{name} p50 ms"] = statistics.median(times[kind, name])
        row[f"{name} p95 ms"] = _p95(times[kind, name])
    return row


def _against_itself(size: int, folder: Path, asked: list[Question]) -> Row:
    """Facets and phrases of the portal's whoosh against whoosh's own, for the same answers."""
    bare = BareWhoosh(folder / "bare")
    bare.build(archive(size))
    ours = WhooshIndex(folder / "whoosh")
    times: dict[str, list[float]] = defaultdict(list)
    equal = True
    phrases = [Question(KINDS[2], f'"{text}"') for text in common_phrases(EACH)]
    for question in [*(q for q in asked if q.kind == KINDS[0]), *phrases]:
        # Words that are asked for often have been read before.
        ours.search(replace(question, text=question.text.strip('"')).request)
        everybody = replace(question.request, audiences=frozenset({"public", "members"}))
        clause = everybody.query.wanted[0]
        if isinstance(clause, Phrase):
            kind, theirs = "phrases", partial(bare.phrase, [word.terms for word in clause.words])
        elif isinstance(clause, Word):
            kind, theirs = "facets", partial(bare.facets, clause.terms)
        found, took = _timed(partial(ours.search, everybody))
        times[kind].append(took)
        count, took = _timed(theirs)
        times[f"bare {kind}"].append(took)
        equal = equal and (kind == "facets" or found.total == count)
    row: Row = {"answers": size, "counts of phrases": "equal" if equal else "DIFFER"}
    for kind in ("facets", "phrases"):
        own, other = statistics.median(times[kind]), statistics.median(times[f"bare {kind}"])
        row[f"{kind}, times faster"] = other / own
        row[f"{kind}, ours p50 ms"] = own
        row[f"{kind}, whoosh's p50 ms"] = other
    return row


_ASK = """
import resource, sys
from pathlib import Path
from sqlalchemy import create_engine
from asdg_portal.search.postgres_engine import PostgresIndex
from asdg_portal.search.tantivy_engine import TantivyIndex
from asdg_portal.search.whoosh_engine import WhooshIndex
from benchmarks.archive import questions

def used():
    line = next(x for x in open("/proc/self/status") if x.startswith("VmRSS"))
    return int(line.split()[1]) / 1000

name, place = sys.argv[1:]
asked = [question.request for question in questions(10)]
before = used()
if name == "postgres":
    engine = create_engine(place)
    index = PostgresIndex(lambda: engine)
else:
    index = {"whoosh": WhooshIndex, "tantivy": TantivyIndex}[name](Path(place))
for request in asked:
    index.search(request)
print(used() - before)
"""


def _memory(name: str, place: str) -> float:
    """How many MB a process needs more once it has answered forty questions."""
    command = [sys.executable, "-W", "ignore", "-c", _ASK, name, place]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout)


def _published(index: SearchIndex) -> Row:
    """From one text handed over until a search finds it."""
    times = []
    for number, document in enumerate(archive(PUBLISHED, seed=99)):
        word = f"находка{number}ъ"
        text = replace(document, body=f"{document.body} {word}", audience="public")
        with ThreadPoolExecutor(1) as reader:
            found = reader.submit(_wait_for, index, Question("", word))
            writer = threading.Thread(target=index.update, args=([text], []))
            _done, took = _timed(partial(_start_and_wait, writer, found))
        # It may still be joining small files when the text is found already.
        writer.join()
        times.append(took)
    return {
        "published until found p50 ms": statistics.median(times),
        "published until found p95 ms": _p95(times),
    }


def _start_and_wait(writer: threading.Thread, found: Future[None]) -> None:
    writer.start()
    found.result(timeout=30)


def _wait_for(index: SearchIndex, question: Question) -> None:
    while not index.search(question.request).total:
        time.sleep(0.001)


def _odd(index: SearchIndex) -> float:
    """The slowest answer to strings that are meant to be slow, in milliseconds."""
    strings = [*ODD, *_slow()][:ADVERSARIAL]
    return max(_timed(partial(_answer, index, text))[1] for text in strings)


def _answer(index: SearchIndex, text: str) -> None:
    with suppress(BadQuery):
        index.search(Question("", text).request)


def _slow() -> Iterable[str]:
    """Beginnings of many words, phrases of common ones, everything but something."""
    asked = [question.text.strip('"') for question in questions(40)]
    for at in range(len(asked)):
        words = " ".join(asked[at : at + 8]).split()
        yield " ".join(f"{word[:3]}*" for word in words if len(word) >= 3)[:200]
        yield " ".join(f'"{one} {other}"' for one, other in pairwise(words))[:199]
        yield " ".join(f"-{word}" for word in words)[:200]
        yield f'"{" ".join(words)}"'[:200]


def _beside_a_writer(size: int, name: str, index: SearchIndex) -> Row:
    """Eight read as fast as they can while one publishes as fast as it can."""
    request = Question("", "город").request
    least = index.search(request).total
    done, lock = threading.Event(), threading.Lock()
    searches, empty, written = 0, 0, 0
    errors: list[str] = []

    def read() -> None:
        nonlocal searches, empty
        while not done.is_set():
            try:
                total = index.search(request).total
            except Exception as error:
                with lock:
                    errors.append(f"{type(error).__name__}: {error}")
                continue
            with lock:
                searches += 1
                empty += total < least

    readers = [threading.Thread(target=read) for _number in range(READERS)]
    for reader in readers:
        reader.start()
    until, documents = time.monotonic() + SECONDS, archive(1_000_000, seed=98)
    while time.monotonic() < until:
        index.update([next(documents)], [])
        written += 1
    done.set()
    for reader in readers:
        reader.join()
    return {
        "answers": size,
        "engine": name,
        "seconds": SECONDS,
        "searches": float(searches),
        "published": float(written),
        "errors": float(len(errors)),
        "the first of them": errors[0] if errors else "",
        "answers that lack something": float(empty),
    }


def _timed(work: Callable[[], ResultT]) -> tuple[ResultT, float]:
    """Do something, and say how many milliseconds it took."""
    start = time.perf_counter()
    done = work()
    return done, (time.perf_counter() - start) * 1000


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]
