"""``./portal bench [name]``: measure, print, and write benchmarks/RESULTS.md."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import (
    campaign,
    importing,
    pages,
    relevance,
    saving,
    search,
    search_core,
    search_page,
)

RESULTS = Path(__file__).parent / "RESULTS.md"
Rows = Sequence[Mapping[str, float | str]]
Result = Rows | Mapping[str, Rows]
BENCHMARKS: dict[str, tuple[str, Callable[..., Result]]] = {
    "pages": (
        (
            "Pages under gunicorn with two workers, 4 clients on the same machine, 2,000 answers; "
            "the share is of a bare Flask “hello” served by the same processes in the same rounds."
        ),
        pages.run,
    ),
    "campaign": (
        (
            "80 cities, 15 directions, 12 years (some 13,000 reports): the table of the newest "
            "year and the desk, beside a template of one line through the same application for "
            "the same signed-in moderator, by WSGI in one process; at rest, and with an act before "
            "every page."
        ),
        campaign.run,
    ),
    "search_core": (
        (
            "One search (20 hits, exact total, all facets, ten snippets) against the bare engine's "
            "20 best for the same words, 60 queries, a tenth of them phrases."
        ),
        search_core.run,
    ),
    "search": (
        (
            "The three engines and PostgreSQL's own `russian` search (GIN, `ts_rank`), each "
            "question asked of all in turn: twenty hits, total, six facets, ten snippets, any of "
            "the words. "
            "The archive is made up: 160 words an answer, 6,000 lemmas by Zipf. `./portal bench "
            "search 2000 20000 140000` measures other sizes, "
            "`./portal bench search 140000 tantivy` only some of the engines."
        ),
        search.run,
    ),
    "search_page": (
        (
            "The search page over an archive of 20,000 answers, as `pages` measures it; "
            "`./portal bench search_page 2000 tantivy` another size and one engine."
        ),
        search_page.run,
    ),
    "relevance": (
        (
            "160 judged queries over 80 short texts of our own, and 188 words in a form other than "
            "that of the sentence they must find. Half of the queries were looked at while the "
            "vocabulary was made (`seen`), half only at the end (`kept`)."
        ),
        relevance.run,
    ),
    "importing": (
        (
            "500 made-up .docx of 600 words (each of another city or direction) brought in by "
            "`reports import FOLDER --state published` on one core, start of the process and index "
            "included; then killed with kill -9 at three random moments, and run again. A "
            "report is counted only if all its answers are there."
        ),
        importing.run,
    ),
    "saving": (
        (
            "What is lost of what people type: a real Chromium killed with SIGKILL (its copy "
            "and autosave against a server of four gunicorn workers, SQLite), sessions deleted, "
            "two people who save two texts each at the same moments, workers killed with kill -9 "
            "while four browsers save and try again. An acknowledged text is lost if it "
            "neither stands now nor is in the history. The control saves without idempotency keys: "
            "what it stores twice shows that the script can find a fault."
        ),
        saving.run,
    ),
}


def main() -> None:
    """Run the benchmark that was named, or all; a result that was not asked for stays.

    Numbers are sizes, names of engines leave the others out: for a benchmark that has some.
    """
    chosen: dict[str, list[Any]] = {}
    if sizes := [int(word) for word in sys.argv[1:] if word.isdigit()]:
        chosen["sizes"] = sizes
    if engines := [word for word in sys.argv[1:] if word in search.ENGINES]:
        chosen["engines"] = engines
    others = [word for word in sys.argv[1:] if not word.isdigit() and word not in engines]
    names = others or list(BENCHMARKS)
    if unknown := set(names) - BENCHMARKS.keys():
        sys.exit(f"{', '.join(unknown)}? {', '.join(BENCHMARKS)}")
    sections = _known()
    for name in names:
        what, run = BENCHMARKS[name]
        result = run(**chosen)
        tables = result if isinstance(result, Mapping) else {"": result}
        headings = {title: f"### {title}\n\n" if title else "" for title in tables}
        parts = [headings[title] + _table(rows) for title, rows in tables.items()]
        sections[name] = "\n\n".join([what, _machine(), *parts])
        print(f"\n## {name}\n\n{sections[name]}")
    text = "".join(f"\n## {name}\n\n{sections[name]}\n" for name in BENCHMARKS if name in sections)
    RESULTS.write_text("# Results of ./portal bench\n" + text, encoding="utf-8")


def _known() -> dict[str, str]:
    if not RESULTS.is_file():
        return {}
    parts = RESULTS.read_text(encoding="utf-8").split("\n## ")[1:]
    return {p.split("\n", 1)[0]: p.split("\n", 1)[1].strip() for p in parts}


def _machine() -> str:
    day = datetime.now(UTC).date()
    return (
        f"{day}, Python {platform.python_version()}, {os.cpu_count()} cores ({platform.machine()})."
    )


def _table(rows: Rows) -> str:
    names = list(rows[0])
    lines = [" | ".join(names), " | ".join("---" for _ in names)]
    for row in rows:
        lines.append(" | ".join(_cell(row[name]) for name in names))
    return "\n".join(f"| {line} |" for line in lines)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}" if value < 100 else f"{value:.0f}"
    return str(value)


main()
