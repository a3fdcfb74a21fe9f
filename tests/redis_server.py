"""A Redis of our own for the tests, where the machine has one to start."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

NOT_CHECKED = "работа с Redis: на машине нет redis-server / work with Redis: no redis-server here"
PATIENCE = 20  # seconds


def is_installed() -> bool:
    """Whether this machine can start one."""
    return shutil.which("redis-server") is not None


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def running_redis(folder: Path, port: int) -> Iterator[None]:
    """Run a server that keeps nothing on the disk."""
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    process = subprocess.Popen([*command, "--dir", str(folder)], stdout=subprocess.DEVNULL)
    try:
        _await(port)
        yield
    finally:
        process.kill()
        process.wait()


def _await(port: int) -> None:
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            with closing(socket.create_connection(("127.0.0.1", port), 1)):
                return
        except ConnectionRefusedError:
            assert time.monotonic() < give_up, "Redis does not start"
            time.sleep(0.02)
