"""Whatever is sent to an address, into a form or a command: an answer, never a breakdown."""

from __future__ import annotations

import json

import pytest
from sqlalchemy.exc import SQLAlchemyError

from asdg_portal.core.db import db
from tests.factories import World
from tests.portal import make_app

ODD = ["%00", "a%00b", "0", "-1", "99999999999999999999", "%ED%A0%80", "%E2%80%AE", "%FF"]
ADDRESSES = {
    None: [
        "/practices/?city={}", "/practices/?sector={}", "/practices/?tag={}", "/practices/?page={}",
        "/search?q={}", "/search?city={}&page={}", "/cities/{}/", "/api/v1/reports?city={}",
        "/api/v1/search?q={}", "/static/{}", "/invitation/{}", "/password/{}", "/sign-in?next=/{}",
    ],
    "moderator": ["/desk/?kind={}", "/desk/?city={}", "/desk/?page={}", "/desk/?year={}"],
    "admin": [
        "/admin/log/?subject={}", "/admin/log/?page={}", "/admin/people/?q={}",
        "/admin/cities/{}/", "/admin/sectors/{}/",
    ],
    "omsk": ["/practices/new?report={}&question={}", "/profile?restore={}"],
}  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_no_address_breaks_a_page_on_postgresql(world_on_postgres: World, odd: str) -> None:
    for name, addresses in ADDRESSES.items():
        client = world_on_postgres.browser(name)
        for address in addresses:
            answer = client.get(address.replace("{}", odd))
            assert answer.status_code < 500, address
            answer.close()


def test_no_field_breaks_a_form_on_postgresql(world_on_postgres: World) -> None:
    world = world_on_postgres
    sent = {"email": "a\x00b@example.org", "password": "\x00\x00\x00\x00\x00\x00\x00\x00"}
    assert world.browser().post("/sign-in", data=sent).status_code == 400
    assert world.browser().post("/password/forgotten", data=sent).status_code == 303
    city = {"name": "Омск\x00", "region": "Омская\x00\nобласть", "timezone": "Asia/Omsk"}
    city |= {"adjective": "\u202eомский", "demonym": "оми\x00чи", "successor": "0"}
    admin = world.browser("admin")
    assert admin.post("/admin/cities/omsk/", data=city).status_code == 303
    assert "Омская область" in admin.get("/cities/omsk/").text


def test_a_name_too_long_for_a_file_is_no_file(world: World) -> None:
    for name in ("a" * 3000, "%D0%B0" * 300, "%00.css"):
        assert world.browser().get(f"/static/{name}").status_code == 404


def test_a_page_zero_is_the_first_one(world: World) -> None:
    assert world.browser("admin").get("/admin/log/?page=0").status_code == 200


def test_an_error_in_the_database_still_has_its_page(world_on_postgres: World) -> None:
    app = world_on_postgres.app
    app.config["TESTING"] = False

    def fail() -> str:
        with pytest.raises(SQLAlchemyError):
            db.session.execute(db.text("SELECT nothing FROM nowhere"))
        raise LookupError("after a transaction that has failed")

    app.add_url_rule("/broken", view_func=fail)
    page = world_on_postgres.browser("moderator").get("/broken")  # whose navigation counts
    assert page.status_code == 500
    assert "Ошибка записана под номером" in page.text
    assert "Content-Security-Policy" in page.headers


@pytest.mark.parametrize(
    "body", [b"a=&" * 1001, b"a=" + b"b" * (17 * 1024 * 1024)], ids=["fields", "length"]
)
def test_a_form_without_end_is_refused_before_it_is_read(world: World, body: bytes) -> None:
    form = "application/x-www-form-urlencoded"
    page = world.browser("omsk").post("/profile", data=body, content_type=form)
    assert page.status_code == 413
    assert "Отправлено слишком много данных" in page.text


def test_even_without_a_database_the_error_is_told(world: World) -> None:
    app = make_app(world.folder, testing=False, database_url="sqlite:////nowhere/portal.db")
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "somebody who was signed in"
    page = client.get("/my/")
    assert page.status_code == 500
    assert "что-то сломалось" in page.text
    assert "Content-Security-Policy" in page.headers


@pytest.mark.parametrize(
    ("group", "line", "reason"),
    [
        (["cities", "mentions"], "{", "Строка 1 — не объект JSON"),
        (["cities", "mentions"], "[" * 100_000, "Строка 1 — не объект JSON"),
        (["cities", "mentions"], '{"id": 1}', "В строке 1 нет поля «text»"),
        (["search", "query", "--batch"], '{"id": 1}', "В строке 1 нет поля «query»"),
        (["search", "query", "--batch", "-"], '{"id": 1, "query": "а", "limit": "х"}', "Строка 1:"),
        (["search", "query", "--batch", "/nowhere"], "", "такого файла или папки нет"),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_in_russian(
    world: World, group: list[str], line: str, reason: str
) -> None:
    done = world.app.test_cli_runner().invoke(args=group, input=line)
    assert (done.exit_code, done.stdout) == (1, "")
    assert reason in done.stderr


def test_only_a_line_feed_ends_a_line(world: World) -> None:
    rows = [{"id": "\u2028\ud800", "text": "Отметим\u2028 опыт\x0b\x85Томска.", "own_city": None}]
    text = json.dumps(rows[0], ensure_ascii=False).encode("utf-8", "backslashreplace")
    done = world.app.test_cli_runner().invoke(args=["cities", "mentions"], input=text)
    assert (done.exit_code, done.stderr) == (0, "")
    assert json.loads(done.stdout_bytes) == {"id": "\u2028\ud800", "cities": ["Томск"], "for": {}}


def test_queries_come_by_file_and_by_standard_input_alike(world: World) -> None:
    lines = '{"id": 1, "query": "опыт"}\r\n\r\n{"id": 2, "query": ""}\n'
    (world.folder / "queries.jsonl").write_text("\ufeff" + lines, encoding="utf-8")
    runner = world.app.test_cli_runner()
    file = str(world.folder / "queries.jsonl")
    for arguments, given in (([], lines), (["-"], lines), ([file], "")):
        done = runner.invoke(args=["search", "query", "--batch", *arguments], input=given)
        assert (done.exit_code, done.stderr) == (0, "")
        assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1, 2]
