"""Filled questionnaires brought in by command: each sheet once, none by half, none unsaid."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result

from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from asdg_portal.surveys.models import Report
from asdg_portal.surveys.wordings import WORDINGS
from tests.factories import World

QUESTIONS = [wording.format(year=2019, next_year=2020) for wording, _audience in WORDINGS]
ANSWERS = [
    "Открыт музей речного флота.",
    "Отметим опыт Томска.",
    "Ремонт причала.",
    "Методики.",
    "Да.",
]


def sheet(head: str = "Омск\nКультура", first: str = ANSWERS[0]) -> str:
    asked = zip(QUESTIONS, [first, *ANSWERS[1:]], strict=True)
    return "\n".join([head, *(f"{n}. {q}\n{a}" for n, (q, a) in enumerate(asked, 1))])


def run(world: World, *arguments: str | Path) -> Result:
    return world.app.test_cli_runner().invoke(args=["reports", *map(str, arguments)])


def bring(world: World, *texts: str, state: State = State.DRAFT) -> Result:
    files = [world.folder / f"{n}.txt" for n in range(len(texts))]
    for file, content in zip(files, texts, strict=True):
        file.write_text(content, encoding="utf-8")
    return run(world, "import", *files, "--state", state)


def stored(world: World) -> list[tuple[str, State, int]]:
    """The direction, the state and the number of revisions of every report."""
    with world.app.app_context():
        reports = db.session.query(Report).order_by(Report.id)
        return [(r.sector.name, r.state, len(r.revisions)) for r in reports]


def found(world: World, words: str) -> list[str]:
    done = world.app.test_cli_runner().invoke(args=["search", "query", words, "--json"])
    return [hit["url"] for hit in json.loads(done.stdout)["hits"]]


def test_what_is_published_is_found_and_a_second_run_changes_nothing(world: World) -> None:
    assert bring(world, sheet(), state=State.PUBLISHED).exit_code == 0
    assert found(world, "музеи речных флотов") == ["/reports/1/#q1"]
    again = bring(world, sheet(), state=State.PUBLISHED)
    assert (again.exit_code, "уже есть" in again.stdout) == (0, True)
    assert stored(world) == [("Культура", State.PUBLISHED, 1)]


def test_the_same_text_goes_on_from_a_draft_to_publication_and_never_back(world: World) -> None:
    for state in (State.DRAFT, State.SUBMITTED, State.PUBLISHED, State.DRAFT):
        assert bring(world, sheet(), state=state).exit_code == 0
    assert stored(world) == [("Культура", State.PUBLISHED, 1)]
    assert found(world, "музей речного флота") == ["/reports/1/#q1"]


def test_a_corrected_sheet_is_the_next_revision_however_often_both_are_read(world: World) -> None:
    better = sheet(first="Открыт музей флота и причал.")
    for text in (sheet(), better, sheet(), better):
        assert bring(world, text, state=State.PUBLISHED).exit_code == 0
    assert stored(world) == [("Культура", State.PUBLISHED, 2)]
    assert found(world, "флот и причалы")[0] == "/reports/1/#q1"


@pytest.mark.parametrize("one_file", [True, False])
def test_two_sheets_for_one_place_do_not_replace_each_other(world: World, one_file: bool) -> None:
    texts = (sheet(), sheet(first="Построен стадион."))
    for _run in range(2):
        done = bring(world, "\n".join(texts)) if one_file else bring(world, *texts)
        assert done.exit_code == 1
        assert "другая анкета этого города" in done.stderr
        assert stored(world) == [("Культура", State.DRAFT, 1)]


def test_what_is_refused_says_why_and_the_rest_is_stored(world: World) -> None:
    done = bring(
        world, "Письмо о погоде.", sheet("Нью-Васюки\nКультура"), sheet(), sheet("Томск\nСпорт")
    )
    assert done.exit_code == 1
    assert "0.txt: В файле нет анкеты" in done.stderr
    assert "1.txt, запись 1: Город неизвестен" in done.stderr
    assert [row[1:] for row in stored(world)] == [(State.DRAFT, 1)] * 2


def test_an_answer_that_no_form_takes_is_refused_whole(world: World) -> None:
    done = bring(world, sheet(first="Построен мост. " * 140_000), state=State.PUBLISHED)
    assert (done.exit_code, stored(world)) == (1, [])
    assert "длиннее 50000 знаков" in done.stderr


def test_markup_in_every_field_is_shown_as_it_was_typed(world: World) -> None:
    text = sheet(first="<script>alert(1)</script> <img src=x onerror=alert(1)>")
    assert bring(world, text, state=State.PUBLISHED).exit_code == 0
    page = world.browser().get("/reports/1/").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<img src=x" not in page


def test_the_answer_for_scripts_is_utf8_even_where_a_name_is_none(world: World) -> None:
    name = str(world.folder).encode() + "/анкета".encode("koi8-r") + b".txt"
    Path(name.decode(errors="surrogateescape")).write_text(sheet(), encoding="utf-8")
    done = run(world, "parse", name.decode(errors="surrogateescape"), "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    assert json.loads(done.stdout_bytes)[0]["file"].encode(errors="surrogateescape") == name


def test_a_file_that_is_not_there_is_told_and_the_others_still_print(world: World) -> None:
    (world.folder / "a.txt").write_text(sheet(), encoding="utf-8")
    done = run(world, "parse", world.folder / "none.txt", world.folder / "a.txt", "--json")
    assert done.exit_code == 1
    assert [bool(row["error"]) for row in json.loads(done.stdout)] == [True, False]
    assert "такого файла или папки нет" in done.stderr
