"""The log in words: every act that is ever written down has a Russian name."""

from __future__ import annotations

import re
from pathlib import Path

from asdg_portal.core.audit import AuditEntry
from asdg_portal.log_words import in_words
from asdg_portal.moderation.workflow import Action
from tests.factories import World

PACKAGE = Path(__file__).parents[3] / "asdg_portal"
RECORDED = re.compile(r'audit\.record\(\s*f?"([a-z_]+)"')


def test_every_recorded_act_has_a_name(world: World) -> None:
    acts = set(Action)
    for path in PACKAGE.rglob("*.py"):
        acts |= set(RECORDED.findall(path.read_text(encoding="utf-8")))
    assert len(acts) > 25
    with world.app.test_request_context("/?lang=ru"):
        for act in acts:
            line = in_words(AuditEntry(action=act, subject="report:7", before={}, after={}))
            assert not line.act.isascii(), act


def test_a_change_is_told_by_what_it_changed(world: World) -> None:
    entry = AuditEntry(
        action="submit",
        subject="report:7",
        before={"state": "draft", "role": "specialist"},
        after={"state": "submitted", "role": "specialist", "revision": 2},
    )
    with world.app.test_request_context("/?lang=ru"):
        line = in_words(entry)
        strange = in_words(AuditEntry(action="dance", subject="moon:1", before={}, after={}))
    assert (line.about, line.url) == ("Отчёт 7", "/reports/7/preview")
    assert line.change == "состояние: черновик → на проверке; редакция: 2"
    assert (strange.act, strange.url) == ("dance", "")


def test_how_a_sheet_came_is_told_in_words(world: World) -> None:
    after = {"channel": "paper", "received_on": "2026-11-24", "number": "112/04"}
    entry = AuditEntry(action="file_for_city", subject="report:7", before={}, after=after)
    with world.app.test_request_context("/?lang=ru"):
        change = in_words(entry).change
    assert change == "как поступило: на бумаге; дата поступления: 24.11.2026; номер: 112/04"


def test_the_page_of_the_log_speaks_russian(world: World) -> None:
    admin = world.browser("admin")
    admin.post(f"/admin/people/{world.id_of('omsk')}/block")
    page = admin.get("/admin/log/").text
    assert "учётная запись закрыта" in page
    assert f'href="/admin/people/{world.id_of("omsk")}/"' in page
