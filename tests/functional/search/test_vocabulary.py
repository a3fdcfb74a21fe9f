"""The staff's table of words: changed on a page, told to every search, kept in the log."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping

import pytest

from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from asdg_portal.search.sources import all_documents, get_index
from asdg_portal.search.vocabulary import services
from asdg_portal.search.vocabulary.models import WordGroup
from tests.factories import World
from tests.portal import make_app


@pytest.fixture
def library(world: World) -> World:
    world.practice(State.PUBLISHED, title="Тёплый павильон ожидания")
    with world.app.app_context():
        get_index().rebuild(all_documents())
    return world


def found(world: World, text: str) -> int:
    answer = world.browser().get("/api/v1/search", query_string={"q": text}).json
    assert answer is not None
    return int(answer["total"])


def send(world: World, path: str, fields: Mapping[str, str], name: str = "moderator") -> tuple[int, str]:  # fmt: skip  # noqa: E501
    answer = world.browser(name).post(path, data=fields, follow_redirects=True)
    return answer.status_code, answer.text


def group_of(world: World, name: str) -> tuple[int, int]:
    """The number of a group, and its version."""
    with world.app.app_context():
        row = db.session.query(WordGroup).filter_by(name=name).one()
        return row.id, row.version


def acts(world: World) -> list[str]:
    with world.app.app_context():
        rows = db.session.query(AuditEntry.action).order_by(AuditEntry.id).all()
        return [action for (action,) in rows if action.endswith("_words")]


def test_the_table_ships_filled_once(world: World) -> None:
    with world.app.app_context():
        assert len(services.all_groups()) >= 400
        db.session.query(WordGroup).delete()
        db.session.commit()
        services.load_shipped_groups()
        assert services.all_groups() == []


def test_a_group_works_from_the_next_search_on_in_every_process(library: World) -> None:
    other = make_app(library.folder).test_client()
    assert found(library, "пергола") == 0
    fields = {"same": "пергола\r\nтёплый павильон", "near": "", "broader": ""}
    code, page = send(library, "/admin/words/new", fields)
    assert (code, "Сохранено" in page) == (200, True)
    assert found(library, "перголы") == 1
    assert other.get("/api/v1/search?q=пергола").json["total"] == 1  # type: ignore[index]
    number, version = group_of(library, "пергола")
    changed = fields | {"same": "пергола\nхолодный навес", "version": str(version)}
    assert send(library, f"/admin/words/{number}/", changed)[0] == 200
    assert found(library, "пергола") == 0
    send(library, f"/admin/words/{number}/", fields | {"version": str(version + 1)})
    assert found(library, "пергола") == 1
    assert send(library, f"/admin/words/{number}/remove", {})[0] == 200
    assert found(library, "пергола") == 0
    assert acts(library)[-4:] == ["add_words", "change_words", "change_words", "remove_words"]
    log = library.browser("admin").get("/admin/log/").text
    assert "добавлены слова с одним смыслом" in log
    assert "пергола | тёплый павильон" in log


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"same": "", "near": "парк"}, "Заполните"),
        ({"same": "одинокое", "near": ""}, "хотя бы ещё одно"),
        ({"same": "сквер\nи в на"}, "нечего искать"),
        ({"same": "сквер\nпо"}, "нечего искать"),
        ({"same": "сквер\n!!!"}, "нечего искать"),
        ({"same": "сквер\nскверы"}, "одно и то же"),
        ({"same": "один два три четыре пять шесть\nсквер"}, "больше 5 слов"),
        ({"same": "сквер\n" + "о" * 101}, "слишком длинно"),
        ({"same": "\n".join(f"слово{n}" for n in range(41))}, "не больше 40 слов"),
        ({"same": "СЭД\nновая система"}, "уже есть"),
    ],
)
def test_what_is_no_group_is_refused_and_given_back(
    library: World, fields: dict[str, str], said: str
) -> None:
    whole = {"near": "беседка", "broader": ""} | fields
    before = acts(library)
    code, page = send(library, "/admin/words/new", whole)
    assert code == 400
    assert said in page
    for text in whole.values():
        assert text.replace("\n", "\r\n") in page.replace("\r\n", "\n").replace("\n", "\r\n")
    assert acts(library) == before


def test_two_at_once_see_what_the_other_has_written(library: World) -> None:
    number, version = group_of(library, fold_name := "сэд")
    first = {"same": "СЭД\nэлектронный оборот", "version": str(version)}
    second = {"same": "СЭД\nбумажный оборот", "version": str(version)}
    assert send(library, f"/admin/words/{number}/", first)[0] == 200
    code, page = send(library, f"/admin/words/{number}/", second, "moderator2")
    assert code == 400
    assert "изменил кто-то другой" in page
    assert "бумажный оборот" in page
    assert "СЭД · электронный оборот" in page
    version_now = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert version_now
    again = second | {"version": version_now[1]}
    assert send(library, f"/admin/words/{number}/", again, "moderator2")[0] == 200
    with library.app.app_context():
        assert services.get_group(number).same == ["СЭД", "бумажный оборот"]
    assert group_of(library, fold_name)[0] == number


@pytest.mark.parametrize("version", ["", "x", "9" * 30])
def test_a_version_that_is_none_overwrites_nothing(library: World, version: str) -> None:
    number, _version = group_of(library, "сэд")
    fields = {"same": "СЭД\nдругое", "version": version}
    assert send(library, f"/admin/words/{number}/", fields)[0] == 400


def test_what_a_group_would_find_is_shown_before_it_is_kept(library: World) -> None:
    before = acts(library)
    fields = {"same": "павильон\nшатёр", "near": "зонт", "look": "1"}
    code, page = send(library, "/admin/words/new", fields)
    assert code == 200
    cells = re.findall(r"<tr><td>(?:<a[^>]*>|<b>)([^<]+)</(?:a|b)></td><td>(\d+)</td>", page)
    assert dict(cells) == {"Всё, что одно и то же": "1", "павильон": "1", "шатёр": "0", "зонт": "0"}
    assert acts(library) == before


def test_a_group_that_is_gone_is_no_page(library: World) -> None:
    assert library.browser("moderator").get("/admin/words/99999/").status_code == 404
    assert send(library, "/admin/words/99999/remove", {})[0] == 404


def test_groups_are_found_by_a_word(library: World) -> None:
    page = library.browser("moderator").get("/admin/words/?q=документооборот").text
    assert "СЭД" in page
    assert "велодорожка" not in page
    assert "Ни в одной группе" in library.browser("moderator").get("/admin/words/?q=ъъъ").text


@pytest.mark.parametrize(("page", "rows"), [("", 50), ("2", 50), ("x", 50), ("999", 0)])
def test_the_long_table_comes_in_pages(library: World, page: str, rows: int) -> None:
    text = library.browser("moderator").get(f"/admin/words/?page={page}").text
    assert len(re.findall(r'<li><a href="/admin/words/\d+/"', text)) == rows


def load(world: World, data: bytes) -> tuple[int, str]:
    file = {"file": (io.BytesIO(data), "words.txt")}
    answer = world.browser("moderator").post(
        "/admin/words/", data=file, content_type="multipart/form-data", follow_redirects=True
    )
    return answer.status_code, answer.text


def test_the_table_goes_out_and_comes_back_as_a_file(library: World) -> None:
    table = library.browser("moderator").get("/admin/words/words.txt").data
    assert "СЭД | система электронного документооборота" in table.decode()
    code, page = load(library, table)
    assert (code, "Добавлено: 0, изменено: 0" in page) == (200, True)
    code, page = load(library, "СЭД | новая система\nшатёр | павильон".encode())
    assert (code, "Добавлено: 1, изменено: 1" in page) == (200, True)
    assert found(library, "шатёр") == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [("шатёр | павильон\nодинокое".encode(), "одинокое: "), ("шатёр".encode("cp1251"), "UTF-8")],
)
def test_a_file_with_a_line_that_is_no_group_changes_nothing(
    library: World, data: bytes, said: str
) -> None:
    code, page = load(library, data)
    assert code == 400
    assert said in page
    assert found(library, "шатёр") == 0


def test_the_command_prints_the_table_and_takes_it(library: World) -> None:
    runner = library.app.test_cli_runner()
    printed = runner.invoke(args=["search", "words"])
    assert printed.exit_code == 0
    assert "ТОС | территориальное общественное самоуправление" in printed.stdout
    taken = runner.invoke(args=["search", "words", "--load", "-"], input="шатёр | павильон\n")
    assert (taken.exit_code, taken.stdout) == (0, "Добавлено: 1, изменено: 0.\n")
    refused = runner.invoke(args=["search", "words", "--load", "-"], input="одинокое\n")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "одинокое" in refused.stderr
    assert found(library, "шатёр") == 1
