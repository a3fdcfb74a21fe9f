"""The commands about cities and directions: shapes that scripts rely on, and refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result

from asdg_portal.cities.services import DATA
from tests.factories import World


def run(world: World, *words: str, text: str = "") -> Result:
    return world.app.test_cli_runner().invoke(args=list(words), input=text)


def test_the_list_as_json(world: World) -> None:
    result = run(world, "cities", "list", "--json")
    assert result.exit_code == 0
    cities = {city["name"]: city for city in json.loads(result.stdout)}
    omsk = cities["Омск"]
    assert (omsk["slug"], omsk["region"]) == ("omsk", "Омская область")
    assert (omsk["timezone"], omsk["member"]) == ("Asia/Omsk", True)
    assert "Омск" in result.stdout, "Russian stays readable"


def test_the_list_for_people(world: World) -> None:
    result = run(world, "cities", "list")
    assert "omsk\tОмск\tОмская область\tAsia/Omsk" in result.stdout.splitlines()


def test_the_shipped_lists_load_twice_without_a_change(world: World) -> None:
    before = run(world, "cities", "list", "--json").stdout
    for words in (("cities", "cities.csv"), ("sectors", "sectors.json")):
        result = run(world, words[0], "load", str(DATA / words[1]))
        assert result.exit_code == 0
        assert result.stdout.count("0") == 2
    assert run(world, "cities", "list", "--json").stdout == before


@pytest.mark.parametrize(
    ("group", "content"),
    [
        ("cities", b"\xff\xfe"),
        ("cities", b"name\nX\n"),
        ("sectors", b"{"),
        ("sectors", b'{"name": "x"}'),
        ("sectors", b'[{"names": "x"}]'),
        ("sectors", b'["x"]'),
        ("sectors", b"[1]"),
        ("sectors", b'[{"name": ""}]'),
        ("sectors", b'[{"name": "x", "synonyms": 5}]'),
        ("sectors", "[]".encode("utf-16")),
    ],
)
def test_a_bad_file_is_refused(world: World, tmp_path: Path, group: str, content: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    result = run(world, group, "load", str(file))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.strip()
    assert "Traceback" not in result.stderr


def test_a_file_that_is_not_there_is_refused(world: World) -> None:
    assert run(world, "cities", "load", "/nowhere.csv").exit_code == 1
    assert run(world, "cities", "load").exit_code == 2


def test_mentions_are_found_line_by_line(world: World) -> None:
    lines = [
        {"id": "1", "text": "Отметим опыт Томска.", "own_city": "Омск"},
        {"id": 2, "text": "Никого не отмечаем."},
    ]
    text = "\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    result = run(world, "cities", "mentions", text=text)
    assert result.exit_code == 0
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["1", 2]
    assert answers[0]["cities"] == ["Томск"]
    assert set(answers[0]["for"]) <= {"Томск"}
    assert answers[1] == {"id": 2, "cities": [], "for": {}}


@pytest.mark.parametrize("line", ["{", "[]", "5", "null", '{"id": 1}', '{"text": "x"}'])
def test_a_bad_line_is_refused_with_its_number(world: World, line: str) -> None:
    result = run(world, "cities", "mentions", text='{"id": 0, "text": ""}\n' + line)
    assert result.exit_code == 1
    assert "2" in result.stderr
