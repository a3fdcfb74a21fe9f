"""What pages share: errors in words, forms that come back filled, files that are kept."""

from __future__ import annotations

import gzip
import logging
import re
from html import unescape

import pytest
from flask import Flask

from asdg_portal.core.errors import TooLarge, TooMany, Unavailable
from asdg_portal.core.security import CSP
from tests.factories import World
from tests.portal import make_app

RUSSIAN = re.compile(r"<h1[^>]*>\s*[А-ЯЁ][^<a-zA-Z]+</h1>")
STYLE = "/static/css/portal.css"


def broken(world: World) -> Flask:
    """The portal as people use it, with pages that go wrong."""
    app = make_app(world.folder, testing=False)

    def fail(how: str) -> str:
        raise {
            "bug": ZeroDivisionError("the secret of the house"),
            "large": TooLarge("Файл слишком велик."),
            "often": TooMany("Слишком часто.", retry_after=77),
            "away": Unavailable("Поиск не отвечает."),
        }[how]

    app.add_url_rule("/broken/<how>", view_func=fail)
    return app


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/no-such-page", 404),
        ("/reports/99999999999999999999/", 404),
        ("/reports/-1/", 404),
        ("/static/no-such-file.css", 404),
        ("/static/../wsgi.py", 404),
        ("/static/%2e%2e/wsgi.py", 404),
        ("/broken/bug", 500),
        ("/broken/large", 413),
        ("/broken/often", 429),
        ("/broken/away", 503),
    ],
)
def test_an_error_is_a_page_in_russian_under_the_same_policy(
    world: World, address: str, status: int
) -> None:
    page = broken(world).test_client().get(address)
    assert page.status_code == status
    assert RUSSIAN.search(page.text), re.findall("<h1.*?</h1>", page.text)
    assert page.headers["Content-Security-Policy"] == CSP
    assert '<html lang="ru">' in page.text
    assert "Traceback" not in page.text
    assert "secret" not in page.text


def test_an_unexpected_error_has_a_number_that_stands_in_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        page = broken(world).test_client().get("/broken/bug").text
    number = re.search(r"\b[0-9a-f]{8}\b", re.sub("<head>.*</head>", "", page, flags=re.DOTALL))
    assert number
    assert number[0] in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_who_asks_too_often_learns_when_to_come_back(world: World) -> None:
    assert broken(world).test_client().get("/broken/often").headers["Retry-After"] == "77"


def test_a_wrong_method_says_so_and_which_is_right(world: World) -> None:
    page = world.browser().put("/sign-in")
    assert page.status_code == 405
    assert "POST" in page.headers["Allow"]


@pytest.mark.parametrize("limit", ["MAX_CONTENT_LENGTH", "MAX_FORM_MEMORY_SIZE"])
def test_too_much_is_refused_in_words(world: World, limit: str) -> None:
    world.app.config[limit] = 5000
    typed = {"email": "я" * 6000}
    page = world.browser().post("/sign-in", data=typed, content_type="multipart/form-data")
    assert page.status_code == 413
    assert RUSSIAN.search(page.text)
    assert page.headers["Content-Security-Policy"] == CSP


@pytest.mark.parametrize("token", [None, "", "forged", "IjEi.aaaa.bbbb"])
def test_a_change_without_a_good_token_is_400_and_gives_the_form_back(
    world: World, token: str | None
) -> None:
    report, client = world.report(), world.browser("omsk")
    client.with_token = False  # type: ignore[attr-defined]
    typed = "Весь вечер писал: <b>ёлки</b> & «опыт»\nвторая строка"
    fields = {"q1": typed, "author_name": "Ёжикова А."} | ({"csrf_token": token} if token else {})
    page = client.post(f"/reports/{report}/edit", data=fields)
    assert page.status_code == 400
    assert typed in unescape(page.text)
    assert 'value="Ёжикова А."' in page.text
    assert "<b>ёлки" not in page.text
    assert 'name="q1"' in page.text
    with_token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert with_token
    again = client.post(f"/reports/{report}/edit", data=fields | {"csrf_token": with_token[1]})
    assert again.status_code == 303


def test_a_form_that_is_shown_nowhere_gives_its_text_back_too(world: World) -> None:
    client = world.browser("omsk")
    client.with_token = False  # type: ignore[attr-defined]
    page = client.post(f"/reports/{world.report()}/delete", data={"note": "мой <i>текст"})
    assert page.status_code == 400
    assert "мой &lt;i&gt;текст" in page.text


def test_what_a_visitor_had_typed_stands_under_names_that_people_know(world: World) -> None:
    client = world.browser()
    client.with_token = False  # type: ignore[attr-defined]
    typed = {"version": "1", "q2": "мой текст", "contact_phone": "+7 1", "then": "save"}
    page = client.post(f"/reports/{world.report()}/edit", data=typed)
    assert page.status_code == 400
    assert re.findall(r"<label[^>]*>([^<]+)</label>", page.text) == ["Вопрос 2", "Телефон"]
    assert "нажмите кнопку ещё раз" not in page.text


@pytest.mark.parametrize(
    ("name", "address", "statuses"),
    [
        ("tomsk", "/reports/1/edit", {404}),
        (None, "/reports/1/edit", {400, 401, 303}),
        ("omsk", "/desk/1/", {404}),
        ("omsk", "/admin/sectors/", {404}),
        (None, "/admin/sectors/", {400, 401, 303}),
    ],
)
@pytest.mark.parametrize("token", ["forged", ""])
def test_a_stranger_is_shown_nothing_on_this_way(
    world: World, name: str | None, address: str, statuses: set[int], token: str
) -> None:
    world.report()
    client = world.browser(name)
    client.with_token = False  # type: ignore[attr-defined]
    page = client.post(address, data={"q1": "чужой", "csrf_token": token})
    assert page.status_code in statuses
    assert "Принята новая инструкция" not in page.text
    assert "Молодёжная политика" not in page.text


def test_files_are_compressed_and_kept_for_a_year_under_their_version(world: World) -> None:
    page = world.browser().get("/sign-in").text
    found = re.search(rf'"({STYLE}\?v=([0-9a-f]+))"', page)
    assert found
    client = world.browser()
    packed = client.get(found[1], headers={"Accept-Encoding": "gzip"})
    plain = client.get(found[1], headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data)
    assert packed.mimetype == plain.mimetype == "text/css"
    assert packed.headers["ETag"] != plain.headers["ETag"]
    for answer in (packed, plain):
        assert answer.cache_control.max_age == 365 * 24 * 3600
        assert answer.cache_control.public
        assert answer.headers["Content-Security-Policy"] == CSP
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert "Set-Cookie" not in answer.headers


def test_a_file_without_its_version_is_asked_for_again(world: World) -> None:
    client = world.browser()
    first = client.get(STYLE)
    assert (first.cache_control.max_age or 0) <= 3600
    again = client.get(STYLE, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


def test_a_refusal_has_a_short_title_and_a_way_on(world: World) -> None:
    page = world.browser().get("/invitation/used-up")
    assert page.status_code == 404
    assert "<h1>Эта страница не открывается</h1>" in page.text
    assert "попросите исполнительную дирекцию" in page.text
    assert page.text.count('href="/sign-in"') == 2
    assert world.browser("omsk").get("/reports/9999/").text.count('href="/sign-in"') == 0


def test_who_is_asked_to_sign_in_is_told_why(world: World) -> None:
    visitor = world.browser()
    assert "откроется страница, которую вы искали" in visitor.get("/sign-in?next=/my/").text
    assert "откроется страница, которую вы искали" not in visitor.get("/sign-in").text
