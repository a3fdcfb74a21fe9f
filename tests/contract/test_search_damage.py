"""An index is a cache: what happens to it while it is in use is noticed, and it is made anew."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from asdg_portal.config import ROOT
from asdg_portal.search.index import IndexUnavailable, SearchIndex
from asdg_portal.search.postgres_engine import PostgresIndex
from asdg_portal.search.postgres_engine.tables import POINTER, SCHEMA
from asdg_portal.search.tantivy_engine import TantivyIndex
from asdg_portal.search.whoosh_engine import WhooshIndex
from tests.contract.search_world import EMBEDDED, Engine, OnPostgres, ask, found_by, make

TEXTS = [make(f"k{number}", f"парк у реки {number}") for number in range(30)]


def data_files(place: Path) -> list[Path]:
    """The files that an embedded engine has written once and for all."""
    return [path for path in place.rglob("*") if path.suffix in {".seg", ".store", ".idx", ".fast"}]


def flip(path: Path) -> None:
    """Change one byte in the middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def cut(path: Path) -> None:
    """Leave nothing of a file that may be in use.

    What tantivy reads in a thread of its own at opening must be over: nobody can help it there.
    """
    while not all(map(_is_resting, Path("/proc/self/task").iterdir())):
        os.sched_yield()
    os.truncate(path, 0)


def _is_resting(task: Path) -> bool:
    """Whether a thread is this one, or has nothing to do."""
    try:
        name, _bracket, state = (task / "stat").read_text().rpartition(")")
    except OSError:  # it has ended
        return True
    if int(task.name) == threading.get_native_id():
        return True
    return state.split()[0] == "S" and "watch-callbacks" not in name


@pytest.mark.parametrize("harm", [flip, cut, Path.unlink])
@pytest.mark.parametrize("name", sorted(EMBEDDED))
def test_damage_under_an_open_index_is_noticed_and_ends_nothing(
    name: str, harm: Callable[[Path], None], tmp_path: Path
) -> None:
    place = tmp_path / "index"
    count = 1 if name == "whoosh" else 3
    for number in range(count):
        index = EMBEDDED[name](place)
        index.rebuild(TEXTS)
        assert ask(index, "парк").total == 30
        current = place / (place / "current").read_text()
        harm(sorted(data_files(current))[number])
        assert index.status()["healthy"] is False
        if harm is not Path.unlink:  # what was opened before it was gone can still be read
            with pytest.raises(IndexUnavailable):
                ask(index, "река")
        assert EMBEDDED[name](place).status()["healthy"] is False
        assert index.rebuild(TEXTS) == 30
        assert ask(index, "парк").total == 30


def test_a_touched_file_is_no_damage(tmp_path: Path) -> None:
    for name, engine in EMBEDDED.items():
        index = engine(tmp_path / name)
        index.rebuild(TEXTS)
        assert ask(index, "парк").total == 30
        for path in data_files(tmp_path / name):
            os.utime(path, (1, 1))
        assert index.status()["healthy"] is True
        assert ask(index, "парк").total == 30


@pytest.mark.postgres
def test_what_is_done_to_the_tables_is_noticed(on_postgres: OnPostgres, tmp_path: Path) -> None:
    index = on_postgres(tmp_path)
    index.rebuild(TEXTS)
    [name] = on_postgres.say(f"SELECT name FROM {POINTER} WHERE superseded_at IS NULL")
    on_postgres.say(f"UPDATE {SCHEMA}.{name} SET document = '{{}}' WHERE key = 'k1'")
    hashes = dict(index.hashes())
    assert [text.key for text in TEXTS if hashes[text.key] != text.content_hash] == ["k1"]
    index.update([TEXTS[1]], [])
    assert dict(index.hashes())["k1"] == TEXTS[1].content_hash
    on_postgres.say(f"DELETE FROM {SCHEMA}.{name} WHERE key = 'k2'")
    assert index.status()["healthy"] is False


@pytest.fixture(params=[*EMBEDDED, pytest.param("postgres", marks=pytest.mark.postgres)])
def of(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Callable[[Callable[[], str]], SearchIndex]:
    """Open one index as made from the database of a certain name."""
    if request.param == "postgres":
        engine: OnPostgres = request.getfixturevalue("on_postgres")
        engine(tmp_path)
        return lambda owner: PostgresIndex(engine.lend, owner)
    if request.param == "tantivy":
        return lambda owner: TantivyIndex(tmp_path, owner)
    return lambda owner: WhooshIndex(tmp_path, owner)


def test_an_index_of_another_database_is_none(
    of: Callable[[Callable[[], str]], SearchIndex],
) -> None:
    names = ["first"]
    one, other = of(lambda: names[0]), of(lambda: "second")
    one.rebuild([make("a", "парк")])
    with pytest.raises(IndexUnavailable, match="another database"):
        ask(other, "парк")
    assert other.status()["healthy"] is False
    other.rebuild([make("b", "парк")])
    assert found_by(other, "парк") == {"b"}
    assert one.status()["healthy"] is False
    # A backup was put in the place of the database: no restart is needed to see it.
    names[0] = "second"
    assert found_by(one, "парк") == {"b"}
    names[0] = "third"
    assert one.status()["healthy"] is False


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from asdg_portal.search.index import IndexUnavailable
from tests.contract.search_world import EMBEDDED, ask, make

index = EMBEDDED[sys.argv[1]](Path(sys.argv[2]))
big = [make(f"big{n}", " ".join(f"слово{n}x{m}" for m in range(400))) for n in range(20)]

def write(work):
    _soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        work()
    except (IndexUnavailable, OSError, ValueError) as error:
        print("refused", type(error).__name__)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
write(lambda: index.update(big, ["k1"]))
assert ask(index, "парк").total == 30, "what was there is still there"
write(lambda: index.rebuild(big))
assert ask(index, "парк").total == 30
assert index.status()["healthy"]
index.update(big, ["k1"])
assert (ask(index, "парк").total, ask(index, "слово3x3").total) == (29, 1)
"""


@pytest.mark.parametrize("name", sorted(EMBEDDED))
def test_a_full_disk_is_survived_without_a_restart(name: str, tmp_path: Path) -> None:
    EMBEDDED[name](tmp_path).rebuild(TEXTS)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FULL_DISK, name, str(tmp_path)],
        capture_output=True,
        check=False,
        text=True,
        cwd=ROOT,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("refused") == 2


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.contract.search_world import EMBEDDED, make

def documents():
    yield from (make(f"new{n}", "парк") for n in range(5))
    os.kill(os.getpid(), signal.SIGKILL)

index = EMBEDDED[sys.argv[1]](Path(sys.argv[2]))
index.rebuild(documents()) if sys.argv[3] == "rebuild" else index.update(documents(), ["k1"])
"""


@pytest.mark.parametrize("act", ["update", "rebuild"])
@pytest.mark.parametrize("name", sorted(EMBEDDED))
def test_who_is_killed_while_writing_leaves_what_was_there(
    name: str, act: str, tmp_path: Path
) -> None:
    index = EMBEDDED[name](tmp_path)
    index.rebuild(TEXTS)
    command = [sys.executable, "-W", "ignore", "-c", KILLED, name, str(tmp_path), act]
    assert subprocess.run(command, cwd=ROOT, check=False, timeout=60).returncode < 0
    assert ask(index, "парк").total == 30
    index.update([make("after", "парк")], ["k1", "k2"])
    assert ask(index, "парк").total == 29


def test_eight_read_while_one_writes(engine: Engine, tmp_path: Path) -> None:
    index = engine(tmp_path / "index")
    index.rebuild(TEXTS)
    totals: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                totals.append(ask(index, "парк").total)
            except Exception as error:
                totals.append(error)

    readers = [threading.Thread(target=read) for _number in range(8)]
    for reader in readers:
        reader.start()
    for number in range(20):
        index.update([replace(TEXTS[number], body=f"парк {number}")], [])
    done.set()
    for reader in readers:
        reader.join()
    assert len(totals) > 8
    assert set(totals) == {30}
