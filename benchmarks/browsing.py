"""A real Chromium that types an answer and is killed, or finds its session over."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Protocol

from playwright.sync_api import Page, Playwright, sync_playwright

OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--remote-debugging-port=0",
)
WORDS = ("опыт", "города", "работы", "архив", "школа", "дорога", "обращение", "житель", "отчёт")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


class Killed(Enum):
    """When the browser dies."""

    AFTER = "browser killed 3 s after the last key"
    DURING = "browser killed while typing goes on"
    OFFLINE = "network out, browser killed 3 s after the last key"


RUNS = {Killed.AFTER: 20, Killed.DURING: 5, Killed.OFFLINE: 5}


class Portal(Protocol):
    """What is needed of an installation."""

    address: str
    port: int

    def report(self) -> tuple[int, int]:
        """Begin a report."""

    def cookie(self, person: int) -> str:
        """The cookie of somebody who is signed in."""

    def texts(self, revision: int, part: str = "q1") -> list[str]:
        """Every text of a part."""

    def end_sessions(self) -> None:
        """Delete every sign-in."""

    def sign_in_again(self) -> None:
        """Give new ones."""


@contextmanager
def _chromium(
    playwright: Playwright, profile: Path, portal: Portal
) -> Iterator[tuple[Page, subprocess.Popen[bytes]]]:
    """A browser with a profile of its own, in a process that can be killed whole."""
    path = os.environ.get("PORTAL_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)))
    port_file = profile / "DevToolsActivePort"
    port_file.unlink(missing_ok=True)
    process = subprocess.Popen(
        [path, *OPTIONS, f"--user-data-dir={profile}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not (port_file.is_file() and port_file.read_text().strip()):
            time.sleep(0.05)
        browser = playwright.chromium.connect_over_cdp(
            f"http://127.0.0.1:{port_file.read_text().split()[0]}"
        )
        context = browser.contexts[0]
        context.add_cookies([{"name": "session", "value": portal.cookie(0), "url": portal.address}])
        yield context.new_page(), process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Let the browser die in the middle of whatever it does."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)


def killed_browsers(portal: Portal, ways: Killed) -> tuple[float, int]:
    """Type and die, again and again; the longest stretch of typing, in seconds, that was lost."""
    worst, chance = 0.0, random.Random(1)
    with sync_playwright() as playwright:
        for _ in range(RUNS[ways]):
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
                lost = _type_and_die(playwright, Path(name), portal, ways, chance)
            worst = max(worst, lost)
    return worst, RUNS[ways]


def _type_and_die(
    playwright: Playwright, profile: Path, portal: Portal, ways: Killed, chance: random.Random
) -> float:
    report, _revision = portal.report()
    text = " ".join(chance.choice(WORDS) for _ in range(chance.randrange(15, 40)))
    edit = f"{portal.address}/reports/{report}/edit"
    times: list[float] = []
    with _chromium(playwright, profile, portal) as (page, process):
        page.goto(edit)
        if ways is Killed.OFFLINE:
            page.context.set_offline(True)
        page.locator("[name=q1]").focus()
        for letter in text:
            page.keyboard.type(letter)
            times.append(time.monotonic())
            time.sleep(0.01 + chance.random() * 0.03)
        if ways is not Killed.DURING:
            time.sleep(max(0.0, times[-1] + 3 - time.monotonic()))
        kill(process)
    with _chromium(playwright, profile, portal) as (page, _process):
        page.goto(edit)
        page.wait_for_timeout(1500)  # what was left in the browser has been compared by then
        back = page.locator("[name=q1]").input_value()
    assert text.startswith(back), "what came back is what was typed"
    return times[-1] - times[len(back)] if len(back) < len(text.rstrip()) else 0.0


def returns_after_sign_in(portal: Portal, password: str) -> tuple[int, int]:
    """Let the session end between the keys and the save; count the texts that came back whole."""
    back, runs, chance = 0, 5, random.Random(2)
    with sync_playwright() as playwright:
        for _ in range(runs):
            portal.sign_in_again()
            report, revision = portal.report()
            text = "\n\n".join(
                " ".join(chance.choice(WORDS) for _ in range(40)) + " «ё» № 5—𝕏" for _ in range(3)
            )
            with (
                tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name,
                _chromium(playwright, Path(name), portal) as (page, _process),
            ):
                page.goto(f"{portal.address}/reports/{report}/edit")
                page.locator("[name=q1]").press_sequentially(text, delay=2)
                portal.end_sessions()
                page.get_by_role("link", name="Войти снова").click(timeout=20_000)
                page.get_by_label("Электронная почта").fill("one@example.org")
                page.get_by_label("Пароль", exact=True).fill(password)
                page.get_by_role("main").get_by_role("button", name="Войти").click()
                page.locator("[data-part=q1][data-saving=saved]").wait_for(timeout=20_000)
                field = page.locator("[name=q1]").input_value()
            back += field == text == portal.texts(revision)[-1]
    return back, runs
