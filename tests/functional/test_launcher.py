"""The portal from the outside: how it is started, how it ends, and what it can be told."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from asdg_portal.config import ROOT, BadSetting, Config

PATIENCE = 60  # seconds for a start on a busy machine
END = 10  # seconds that a stop may take
NAME = re.compile(r"\bASDG_[A-Z_]+[A-Z]\b")
SERVE = [sys.executable, "-m", "asdg_portal.serve"]


def run(*command: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Give a command in a shell with these settings."""
    environment = {k: v for k, v in os.environ.items() if not NAME.fullmatch(k)}
    return subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        env=environment | settings,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.parametrize("words", [[], ["nonsense"], ["--port", "80"], ["run "]])
def test_a_wrong_word_is_answered_with_the_right_ones(words: list[str]) -> None:
    done = run(sys.executable, ROOT / "portal", *words)
    assert done.returncode == 2
    for command in ("run", "test", "check", "bench", "manage"):
        assert f"\n  {command} " in done.stderr
    assert not done.stdout


def test_who_asks_for_help_has_done_nothing_wrong() -> None:
    done = run(sys.executable, ROOT / "portal", "--help")
    assert done.returncode == 0
    assert "Использование" in done.stdout + done.stderr


def test_a_start_with_a_wrong_option_is_2() -> None:
    assert run(*SERVE, "--port", "http").returncode == 2


WRONG = {
    "ASDG_DATABASE_URL": "mysql://localhost/portal",
    "ASDG_SEARCH_ENGINE": "grep",
    "ASDG_MAIL_URL": "pigeon://roof",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=name):
        Config.from_environment({name: WRONG[name], "ASDG_DATA_DIR": str(tmp_path)})


@pytest.mark.parametrize(
    ("database", "chosen", "engine"),
    [
        ("", "", "whoosh"),
        ("", "tantivy", "tantivy"),
        ("postgresql+psycopg://localhost/portal", "", "postgres"),
        ("postgresql+psycopg://localhost/portal", "whoosh", "whoosh"),
    ],
)
def test_the_engine_of_the_search_follows_the_database_unless_it_is_chosen(
    database: str, chosen: str, engine: str, tmp_path: Path
) -> None:
    settings = {"ASDG_DATABASE_URL": database, "ASDG_SEARCH_ENGINE": chosen}
    config = Config.from_environment(settings | {"ASDG_DATA_DIR": str(tmp_path)})
    assert config.search_engine == engine


@pytest.mark.parametrize(
    ("wrong", "more"),
    [
        ("ASDG_SECRET_KEY", {"ASDG_BASE_URL": "https://portal.example"}),
        ("ASDG_BASE_URL", {"ASDG_BASE_URL": "http://portal.example", "ASDG_SECRET_KEY": "x"}),
    ],
)
def test_production_starts_with_nothing_by_default(
    wrong: str, more: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(BadSetting, match=wrong):
        Config.from_environment({"ASDG_ENV": "production", "ASDG_DATA_DIR": str(tmp_path)} | more)


def test_a_wrong_setting_ends_a_start_before_anything_is_done(tmp_path: Path) -> None:
    done = run(*SERVE, "--data", tmp_path, **WRONG)
    assert done.returncode == 1
    assert any(name in done.stderr for name in WRONG)
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "portal.db").exists()


@contextmanager
def serving(
    folder: Path, *options: str, **settings: str
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Start the portal on a free port; give the process once it has said its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [*SERVE, "--data", str(folder), "--port", str(port), "--no-demo", *options],
        cwd=ROOT,
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert any(f":{port}/" in line for line in process.stdout), "it ended before it began"
        yield process, port
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_stop_takes_less_than_ten_seconds_and_a_second_start_keeps_the_key(
    tmp_path: Path,
) -> None:
    keys = []
    for how in (signal.SIGTERM, signal.SIGINT):
        with serving(tmp_path) as (process, port):
            keys.append((tmp_path / "secret-key").read_text())
            with closing(socket.create_connection(("127.0.0.1", port), PATIENCE)) as browser:
                browser.sendall(b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert browser.recv(100).startswith(b"HTTP/1.1 200")
                # It keeps its connection, and is in the middle of another request.
                browser.sendall(b"POST /sign-in HTTP/1.1\r\nContent-Length: 99\r\n\r\nab")
                begun = time.monotonic()
                process.send_signal(how)
                assert process.wait(PATIENCE) == 0
            assert time.monotonic() - begun < END
    assert keys[0] == keys[1]
    assert len(keys[0]) > 40
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


def test_a_mail_server_that_hangs_does_not_hold_up_a_stop(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        hanging.settimeout(PATIENCE)
        url = f"smtp://127.0.0.1:{hanging.getsockname()[1]}"
        with serving(tmp_path, ASDG_MAIL_URL=url) as (process, _port):
            _queue_a_letter(tmp_path / "portal.db")
            connection, _address = hanging.accept()
            with connection:
                begun = time.monotonic()
                process.terminate()
                assert process.wait(PATIENCE) == 0
            assert time.monotonic() - begun < END
    with closing(sqlite3.connect(tmp_path / "portal.db")) as database:
        assert database.execute("SELECT count(*) FROM outbox").fetchone() == (1,), "it is lost"


def test_the_worker_as_its_own_process_works_and_ends(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE)
        settings = {
            "ASDG_DATA_DIR": str(tmp_path),
            "ASDG_MAIL_URL": f"smtp://127.0.0.1:{server.getsockname()[1]}",
        }
        command = [sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi.py"), "worker"]
        with subprocess.Popen(
            command, env=os.environ | settings, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            assert "Ctrl+C" in process.stdout.readline()
            _queue_a_letter(tmp_path / "portal.db")
            connection, _address = server.accept()
            connection.close()
            begun = time.monotonic()
            process.terminate()
            assert process.wait(PATIENCE) == 0
        assert time.monotonic() - begun < END


def _queue_a_letter(path: Path) -> None:
    letter = '{"to": "a@example.org", "name": "", "subject": "s", "body": "b", "id": "1"}'
    moment = "2026-01-01 00:00:00"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "INSERT INTO outbox (topic, key, payload, created_at, not_before, attempts, error)"
            " VALUES ('mail', 'a', ?, ?, ?, 0, '')",
            (letter, moment, moment),
        )


def test_every_setting_is_documented_and_nothing_else_is() -> None:
    known = set(NAME.findall((ROOT / "asdg_portal" / "config.py").read_text()))
    sources = [*(ROOT / "asdg_portal").rglob("*.py"), ROOT / "portal", ROOT / "tests/postgres.py"]
    used = {name for path in sources for name in NAME.findall(path.read_text())}
    documented = set(NAME.findall((ROOT / "docs" / "operations.md").read_text()))
    assert len(known) > 5
    assert known - documented == set(), "not documented"
    assert documented - used == set(), "documented, but nothing reads it"


def test_what_is_left_out_of_the_tests_is_said_aloud() -> None:
    one = ROOT / "tests" / "unit" / "test_workflow.py"
    words = ("-m", "pytest", "-q", "-k", "taken_back", "--no-browser", "--no-postgres")
    done = run(sys.executable, *words, one)
    assert done.returncode == 0, done.stdout
    assert re.search(r"NOT CHECKED.*--no-browser", done.stdout)
    assert re.search(r"NOT CHECKED.*--no-postgres", done.stdout)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ASDG_DATABASE_URL": "mysql://x"},
        {"ASDG_SEARCH_ENGINE": "elastic"},
        {"ASDG_SEARCH_ENGINE": "postgres"},
        {"ASDG_MAIL_URL": "http://x"},
        {"ASDG_ENV": "production"},
        {"ASDG_ENV": "production", "ASDG_BASE_URL": "https://x", "ASDG_SECRET_KEY": ""},
    ],
)
def test_a_setting_that_makes_no_sense_is_named_and_nothing_starts(
    tmp_path: Path, wrong: dict[str, str]
) -> None:
    settings = {"ASDG_DATA_DIR": str(tmp_path), "ASDG_SECRET_KEY": "x"} | wrong
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi.py"), "search", "status"],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("ASDG_")
    assert "Traceback" not in done.stderr


def test_the_address_that_is_told_is_one_that_opens(tmp_path: Path) -> None:
    with serving(tmp_path, "--host", "0.0.0.0") as (process, port):
        assert process.stdout is not None
        assert f"ASDG_BASE_URL=http://имя-компьютера:{port}" in process.stdout.readline()
        with closing(socket.create_connection(("127.0.0.1", port), PATIENCE)) as browser:
            browser.sendall(f"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            assert browser.recv(100).startswith(b"HTTP/1.1 200")
