"""Whether the search finds what people mean: judged queries over texts of the portal's own.

``judged/texts.tsv`` holds 80 practices (key, city, direction, title, text), ``queries.tsv`` 160
queries: whether its author looked at the answers (``seen``) or kept it for the end (``kept``), its
type, its words, and the texts that answer it with their grades (2 is the answer, 1 helps).
``forms.tsv`` holds sentences with words that must find them in another form, and nothing else.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from math import log2
from pathlib import Path

from asdg_portal import create_app
from asdg_portal.accounts.policies import Visitor
from asdg_portal.config import Config
from asdg_portal.core.slugs import slugify
from asdg_portal.search.index import Document, Kind
from asdg_portal.search.service import MOST_HITS, Wanted, find
from asdg_portal.search.sources import get_index
from tests.postgres import running_server

JUDGED = Path(__file__).parent / "judged"
DEPTH = 10
ENGINES = ("whoosh", "tantivy", "postgres")
TYPES = ("form", "syn", "abbr", "typo")

Row = dict[str, float | str]
Grades = Mapping[str, int]


def run() -> dict[str, list[Row]]:
    """Ask every engine the judged queries."""
    tables: dict[str, list[Row]] = {"what is meant": [], "forms of words": []}
    with running_server() as server, tempfile.TemporaryDirectory() as folder:
        for engine in ENGINES:
            url = server.create() if engine == "postgres" else f"sqlite:///{folder}/{engine}.db"
            app = create_app(_config(Path(folder) / engine, engine, url))
            app.extensions["prepare"]()
            with app.test_request_context():
                tables["what is meant"] += _queries(engine)
                tables["forms of words"].append(_forms(engine))
    return tables


def _config(folder: Path, engine: str, url: str) -> Config:
    folder.mkdir()
    return Config(
        data_dir=folder,
        secret_key="for this run only",
        database_url=url,
        search_engine=engine,
        redis_url=None,
        mail_url=None,
        mail_from="portal@asdg.example",
        base_url="http://localhost",
        production=False,
        testing=True,
    )


def _lines(name: str) -> Iterator[list[str]]:
    for line in (JUDGED / name).read_text(encoding="utf-8").splitlines():
        yield line.split("\t")


def _document(key: str, title: str, body: str, city: str = "", sector: str = "") -> Document:
    return Document(
        key=key,
        kind=Kind.PRACTICE,
        title=title,
        body=body,
        city=slugify(city),
        city_name=city,
        region="",
        region_name="",
        sector=slugify(sector),
        sector_name=sector,
        year=2020,
        question=None,
        url=f"/practices/{key}/",
        audience="public",
        published_on=date(2020, 5, 1),
    )


def _queries(engine: str) -> Iterator[Row]:
    """Score the queries: those looked at and those kept back, whole and by type."""
    get_index().rebuild(
        _document(key, title, text, city, sector)
        for key, city, sector, title, text in _lines("texts.tsv")
    )
    scores: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for part, kind, text, judged in _lines("queries.tsv"):
        pairs = (pair.split(":") for pair in judged.split())
        grades = {key: int(grade) for key, grade in pairs}
        found = [hit.document.key for hit in find(Wanted(text, limit=DEPTH), Visitor()).hits]
        score = (_gain(found, grades), len(set(found) & set(grades)) / len(grades))
        scores[part, "all"].append(score)
        scores[part, kind].append(score)
    for part in ("seen", "kept"):
        for kind in ("all", *TYPES):
            if of_kind := scores[part, kind]:
                yield {
                    "engine": engine,
                    "queries": f"{part}, {kind}",
                    "number": float(len(of_kind)),
                    f"nDCG@{DEPTH}": sum(gain for gain, _recall in of_kind) / len(of_kind),
                    f"recall@{DEPTH}": sum(recall for _gain, recall in of_kind) / len(of_kind),
                }


def _gain(found: Sequence[str], grades: Grades) -> float:
    """Say how near an order is to the best one: nDCG with the gain ``2 ** grade - 1``."""
    best = sorted(grades.values(), reverse=True)[:DEPTH]
    return _sum(grades.get(key, 0) for key in found) / _sum(best)


def _sum(grades: Iterator[int] | list[int]) -> float:
    return sum((2**grade - 1) / log2(place + 2) for place, grade in enumerate(grades))


def _forms(engine: str) -> Row:
    """Ask for words in forms other than those of the texts, and judge all that is found."""
    wanted: dict[str, set[str]] = defaultdict(set)
    documents = []
    for number, (text, words) in enumerate(_lines("forms.tsv")):
        documents.append(_document(f"f{number}", "—", text))
        for word in filter(None, words.split(";")):
            wanted[word].add(f"f{number}")
    get_index().rebuild(documents)
    right = found = 0
    for word, keys in wanted.items():
        hits = {h.document.key for h in find(Wanted(word, limit=MOST_HITS), Visitor()).hits}
        right += len(hits & keys)
        found += len(hits)
    expected = sum(map(len, wanted.values()))
    return {
        "engine": engine,
        "words": float(len(wanted)),
        "recall": right / expected,
        "precision": right / found,
    }
