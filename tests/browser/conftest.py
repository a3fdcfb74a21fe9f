"""A real Chromium before the real server; every page that is opened is looked through."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    Page,
    Response,
    sync_playwright,
)
from waitress import create_server

from asdg_portal.core.worker import Worker
from tests.factories import PASSWORD, World

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
WIDTHS = (1280, 390)
# Chromium makes two pages of its own for the address bar of every new window, though nobody sees
# it: three quarters of the work of opening one. It heeds only the last such list, so that what
# Playwright leaves out by itself is named here again.
WITHOUT = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs the browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this machine, started once."""
    path = os.environ.get("PORTAL_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-dev-shm-usage",
                f"--disable-features={','.join(WITHOUT)}",
            ],
        )
        yield browser
        browser.close()


class Site:
    """The portal as people meet it in a browser."""

    def __init__(self, world: World, chromium: Browser, address: str) -> None:
        self.world, self.address = world, address
        self._chromium = chromium
        self._contexts: list[BrowserContext] = []

    def visitor(self, name: str | None = None, **options: Any) -> Visitor:
        """Open a browser of somebody's own, already signed in unless it is nobody's."""
        # Colours on their way from one to another are no colours to be judged.
        options = {"reduced_motion": "reduce", "locale": "ru-RU"} | options
        context = self._chromium.new_context(base_url=self.address, **options)
        context.set_default_timeout(8_000)
        self._contexts.append(context)
        if name:
            cookie = self.world.browser(name).get_cookie("session")
            assert cookie is not None
            context.add_cookies([{"name": "session", "value": cookie.value, "url": self.address}])
        return Visitor(context.new_page(), self.address, scripts=_has_scripts(options))

    def close(self) -> None:
        """Close every browser that was opened."""
        for context in self._contexts:
            context.close()


def _has_scripts(options: dict[str, Any]) -> bool:
    return bool(options.get("java_script_enabled", True))


class Visitor:
    """A person in front of a page."""

    def __init__(self, page: Page, address: str, *, scripts: bool) -> None:
        self.page = page
        self._address, self._scripts = address, scripts
        self.responses: list[Response] = []
        self._complaints: list[str] = []
        page.on("response", self._note)
        page.on("console", lambda m: self._complain(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self._complain(str(error)))

    def _note(self, response: Response) -> None:
        self.responses.append(response)
        if not response.url.startswith((self._address, "data:")):
            self._complain(f"asked another host: {response.url}")

    def _complain(self, text: str) -> None:
        # The browser reports refused forms (400, 422 …) as errors too; tests ask for them.
        if "Failed to load resource" not in text:
            self._complaints.append(text)

    def sign_in(self, name: str) -> None:
        """Sign in as people do, on the page that asks for it."""
        self.page.get_by_label("Электронная почта").fill(f"{name}@example.org")
        self.page.get_by_label("Пароль", exact=True).fill(PASSWORD)
        self.press("Войти")

    def open(self, path: str, status: int = 200) -> Page:
        """Open a page and look it through."""
        response = self.page.goto(path)
        assert response is not None
        assert response.status == status, path
        self.look()
        return self.page

    def press(self, button: str) -> Page:
        """Press a button of the page, and look through what comes."""
        with self.page.expect_navigation():
            self.page.get_by_role("main").get_by_role("button", name=button).first.click()
        self.look()
        return self.page

    def follow(self, link: str) -> Page:
        """Follow a link of the page, and look through what comes."""
        with self.page.expect_navigation():
            self.page.get_by_role("main").get_by_role("link", name=link).first.click()
        self.look()
        return self.page

    def look(self) -> None:
        """See that the page is usable: axe finds nothing, nothing sticks out, nothing fails."""
        assert self._complaints == []
        if not self._scripts:
            return
        # Through the debugger: the policy of the page admits no script of another's.
        debugger = self.page.context.new_cdp_session(self.page)
        debugger.send("Runtime.evaluate", {"expression": AXE})
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{self.page.url} is {wide} wide on a screen of {width}"
            assert _violations(debugger) == [], f"{self.page.url} at {width}"
        debugger.detach()
        self.page.set_viewport_size({"width": WIDTHS[0], "height": 900})


def _violations(debugger: CDPSession) -> list[str]:
    answer = debugger.send(
        "Runtime.evaluate",
        {
            "expression": "axe.run(document, {resultTypes: ['violations']}).then(r => "
            "r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' | ')))",
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    found: list[str] = answer["result"]["value"]
    return found


@pytest.fixture
def site(world: World, chromium: Browser) -> Iterator[Site]:
    """The portal on a port of its own, with its worker, as ``./portal run`` serves it."""
    server = create_server(world.app, host="127.0.0.1", port=0, threads=4)
    worker = Worker(world.app)

    def serve() -> None:
        with suppress(OSError):  # its sockets are closed under it at the end
            server.run()

    thread = threading.Thread(target=serve, name="server")
    thread.start()
    worker.start()
    opened = Site(world, chromium, f"http://127.0.0.1:{server.effective_port}")
    try:
        yield opened
    finally:
        opened.close()
        worker.stop()
        server.task_dispatcher.shutdown()
        server.close()
        for channel in [*server.active_channels.values()]:
            channel.close()  # what a browser has not hung up yet
        thread.join(10)
