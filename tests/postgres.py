"""A PostgreSQL server of the tests' own: made in a temporary folder, gone at the end."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

GIVEN = "ASDG_TEST_POSTGRES_URL"
CURE = (
    "PostgreSQL is needed for these tests: apt install postgresql, "
    f"or name a server in {GIVEN}, or leave them out with --no-postgres."
)
# A server that refuses to be run by root is run by the first of these who lives here.
HARMLESS_USERS = ("postgres", "nobody")
# Nothing here must outlive a power cut, and a test machine has little memory.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "listen_addresses": "",
    "shared_buffers": "16MB",
    "max_connections": "40",
    "autovacuum": "off",
}


# Which database the shared world of the functional tests stands in: sqlite, or postgres.
CHOSEN = "ASDG_TEST_DATABASE"


def on_postgres() -> bool:
    """Whether the shared world of the tests is to stand in PostgreSQL this time.

    :raises ValueError: if something else is asked for.
    """
    chosen = os.environ.get(CHOSEN) or "sqlite"
    if chosen not in ("sqlite", "postgres"):
        raise ValueError(f"{CHOSEN}: {chosen!r}; there are sqlite and postgres")
    return chosen == "postgres"


class Server:
    """A running server on which databases can be made, empty or as copies of another one."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._made: list[str] = []

    def create(self, template: str = "template1") -> str:
        """Make a database and give its address; nobody may be connected to the template."""
        name = f"asdg_test_{secrets.token_hex(6)}"
        self._say(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        self._made.append(name)
        return self._url.set(database=name).render_as_string(hide_password=False)

    def renew(self, url: str, template: str) -> None:
        """Put a copy of the template in the place of a database; this takes some 30 ms."""
        name = database_name(url)
        self._say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._say(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')

    def forget(self) -> None:
        """Drop everything that has been made here."""
        for name in self._made:
            self._say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _say(self, statement: str) -> None:
        address = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())


def database_name(url: str) -> str:
    """The name of a database, by which it can serve as a template."""
    return str(make_url(url).database)


def find_binaries() -> Path | None:
    """Look for the newest server among those of the system, then on PATH."""
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(installed, key=lambda path: int(path.parts[-3].split(".")[0]), default=None)
    found = newest or shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def running_server(settings: Mapping[str, str] = SETTINGS) -> Iterator[Server]:
    """Lend a server: the one that is named in the environment, or a new one with ``settings``.

    :raises FileNotFoundError: with the cure, if this machine has no PostgreSQL.
    """
    if given := os.environ.get(GIVEN):
        server = Server(make_url(given).set(drivername="postgresql+psycopg"))
        try:
            yield server
        finally:
            server.forget()
        return
    binaries = find_binaries()
    if binaries is None:
        raise FileNotFoundError(CURE)
    with _own_server(binaries, {**SETTINGS, **settings}) as folder:
        address = URL.create(
            "postgresql+psycopg", "portal", database="postgres", query={"host": str(folder)}
        )
        yield Server(address)


@contextmanager
def _own_server(binaries: Path, settings: Mapping[str, str]) -> Iterator[Path]:
    # Not pytest's folder: only root may enter that one, and a socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="asdg-pg-"))
    owner = _who_runs_it()
    if owner is not None:
        os.chown(folder, owner.pw_uid, owner.pw_gid)

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [binaries / program, "-D", folder / "data", *arguments],
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=os.environ | {"LC_ALL": "C.UTF-8"},
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, f"{program}: {done.stderr}\n{_log(folder)}"

    try:
        run("initdb", "-U", "portal", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        log = str(folder / "log")
        run("pg_ctl", "start", "-w", "-s", "-l", log, "-o", f"{options} -k {folder}")
        try:
            yield folder
        finally:
            run("pg_ctl", "stop", "-w", "-s", "-m", "immediate")
    finally:
        shutil.rmtree(folder)


def _who_runs_it() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    known = {user.pw_name: user for user in pwd.getpwall()}
    return next(known[name] for name in HARMLESS_USERS if name in known)


def _log(folder: Path) -> str:
    log = folder / "log"
    return log.read_text(errors="replace")[-2000:] if log.is_file() else ""
