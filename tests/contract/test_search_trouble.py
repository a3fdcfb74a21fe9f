"""What a full-text index does with odd queries, missing files and damage."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from asdg_portal.search.files import Damaged, Files
from asdg_portal.search.index import IndexUnavailable, Request, SearchIndex
from asdg_portal.search.query import AnyOf, BadQuery, Query, Word
from asdg_portal.search.tantivy_engine import TantivyIndex
from asdg_portal.search.tantivy_engine.view import View, files_of
from asdg_portal.search.whoosh_engine import WhooshIndex
from tests.contract.search_world import EVERYBODY, Engine, ask, found_by, keys, make


@pytest.fixture
def library(engine: Engine, tmp_path: Path) -> SearchIndex:
    index = engine(tmp_path / "index")
    index.rebuild([make("a", "ремонт парка"), make("b", "музей"), make("c", "дорога")])
    return index


ODD = [
    "", " ", "\x00", "\x00\x01\x02", "\ud800", "\udfff парк", "🙂", "🙂🙂 парк", "'", '"', '"""',
    "«", "»", "«парк", "парк»", '"парк', '-"', "-", "--", "---парк", "-*", "*", "**", "***", "пар*",
    "пар**", "*парк", "п*", "па*", "пар*парк", "-пар*", "(", ")", "((((", "[а TO я]", "{а TO я}",
    "парк AND", "OR", "NOT парк", "парк~", "парк~9999", "парк^1000000", "title:парк", "key:*",
    "audience:staff", "?", "п?рк", "/.*/", "(.*)+$", "\\", "\\парк", "%", "_", "'; DROP TABLE x--",
    "<script>alert(1)</script>", "парк|музей", "¶", "¶ парк", '"¶ парк"', "|", '"| |"', "\u202eкр",
    "\ufeffпарк", "и\u0306", "музеи\u0306", "\u0301" * 50, "а" * 200, "а" * 201, "а " * 100,
    "а" * 10_000, "-парк " * 20, "и в на", '"и в на"', "-и", "1" * 200, "1-" * 90, "а-" * 90,
    "𝕡𝕒𝕣𝕜", "ﬁ", "İ", "ß", "\u2028парк", "\r\n", "\t", "NaN", "None", "0", "-0", "1e309",
]  # fmt: skip


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_any_string_is_answered_or_refused(library: SearchIndex, text: str) -> None:
    try:
        found = ask(library, text)
    except BadQuery as refused:
        assert str(refused)  # noqa: PT017
    else:
        assert 0 <= len(found.hits) <= found.total <= 3


def test_a_missing_index_says_so_and_a_rebuild_makes_it(engine: Engine, tmp_path: Path) -> None:
    index = engine(tmp_path / "index")
    with pytest.raises(IndexUnavailable):
        ask(index)
    assert index.status()["healthy"] is False
    assert index.rebuild([make("a", "парк")]) == 1
    assert index.status()["healthy"] is True
    assert found_by(index, "парк") == {"a"}


@pytest.mark.parametrize("content", [b"", b"\x00" * 64, b"garbage " * 100])
def test_damage_is_noticed_and_a_rebuild_heals_without_a_restart(
    engine: Engine, tmp_path: Path, content: bytes
) -> None:
    folder = tmp_path / "index"
    index = engine(folder)
    index.rebuild([make("a", "парк"), make("b", "парк")])
    engine.damage(folder, content)
    fresh = engine(folder)
    with pytest.raises(IndexUnavailable):
        ask(fresh, "парк")
    assert fresh.status()["healthy"] is False
    for each in (fresh, index):
        assert each.rebuild([make("c", "парк")]) == 1
        assert found_by(each, "парк") == {"c"}


def test_whoosh_leaves_out_what_stands_for_a_word_when_time_is_up(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path)
    index.rebuild([make("a", "ремонт"), make("b", "починка"), make("c", "музей")])
    either = AnyOf(((Word(("ремонт",)), 1.0), (Word(("починка",)), 0.5)))
    request = Request(Query("", (either, Word(("музей",)))), EVERYBODY, until=0.0)
    assert set(keys(index.search(request))) == {"a", "c"}


def test_tantivy_opens_what_is_written_faster_than_it_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index, writer = TantivyIndex(tmp_path), TantivyIndex(tmp_path)
    index.rebuild([make("a", "парк")])
    assert found_by(index, "парк") == {"a"}
    busy = iter(range(10))
    opened = View._open

    def beside_a_writer(view: View, known: Files) -> None:
        opened(view, known)
        for number in islice(busy, 1):
            writer.update([make(f"new{number}", "музей")], [])

    writer.update([make("b", "парк")], [])
    monkeypatch.setattr(View, "_open", beside_a_writer)
    assert found_by(index, "парк") == {"a", "b"}
    assert not list(busy)


def test_files_that_were_right_are_not_read_again_where_opening_fails(tmp_path: Path) -> None:
    index = TantivyIndex(tmp_path)
    index.rebuild([make("a", "парк")])
    path = tmp_path / (tmp_path / "current").read_text()
    right = [file for file in files_of(path) if file.suffix != ".store"]
    [wrong] = [file for file in files_of(path) if file.suffix == ".store"]
    wrong.write_bytes(b"garbage")
    known = Files([])
    with pytest.raises(Damaged):
        View(path, known)
    assert known.sound.keys() <= {str(file) for file in right}
    assert known.sound
