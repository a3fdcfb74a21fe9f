"""Who may open which page: every address of people and cities against every role."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.factories import World

EVERYBODY = (None, "omsk", "specialist", "moderator", "admin")
PUBLIC = ("/sign-in", "/password/forgotten", "/cities/", "/cities/omsk/")
OWN = ("/profile", "/profile/password")
ADMINISTRATION = (
    "/admin/people/",
    "/admin/people/1/",
    "/admin/people/1/part",
    "/admin/log/",
    "/admin/cities/",
    "/admin/cities/omsk/",
    "/admin/sectors/",
    "/admin/sectors/zhkkh/",
)
ACTS = (
    "/admin/people/1/block",
    "/admin/people/1/unblock",
    "/admin/people/1/invite",
    "/admin/people/1/part",
    "/admin/people/1/",
    "/admin/people/",
    "/admin/cities/",
    "/admin/cities/omsk/",
    "/admin/sectors/",
    "/admin/sectors/zhkkh/",
)
SECRET = "omsk@example.org"


@pytest.fixture
def browsers(world: World) -> dict[str | None, FlaskClient]:
    return {name: world.browser(name) for name in EVERYBODY}


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_are_open_to_all(browsers: dict[str | None, FlaskClient], path: str) -> None:
    assert {browsers[name].get(path).status_code for name in EVERYBODY} == {200}


@pytest.mark.parametrize("path", OWN)
def test_own_pages_need_signing_in(browsers: dict[str | None, FlaskClient], path: str) -> None:
    statuses = [browsers[name].get(path).status_code for name in EVERYBODY]
    assert statuses[0] in {302, 303}
    assert set(statuses[1:]) == {200}


@pytest.mark.parametrize("path", ADMINISTRATION)
def test_administration_exists_for_administrators_only(
    browsers: dict[str | None, FlaskClient], path: str
) -> None:
    statuses = [browsers[name].get(path).status_code for name in EVERYBODY]
    assert statuses[0] in {302, 303}
    assert statuses[1:] == [404, 404, 404, 200]


@pytest.mark.parametrize("path", ACTS)
def test_acts_exist_for_administrators_only(
    browsers: dict[str | None, FlaskClient], path: str
) -> None:
    assert browsers[None].post(path).status_code == 401
    for name in ("omsk", "specialist", "moderator"):
        assert browsers[name].post(path).status_code == 404


@pytest.mark.parametrize("with_token", [True, False], ids=["token", "no token"])
@pytest.mark.parametrize("name", EVERYBODY[:-1])
@pytest.mark.parametrize("path", ACTS)
def test_no_way_of_posting_shows_what_is_hidden(
    world: World, path: str, name: str | None, with_token: bool
) -> None:
    browser = world.browser(name)
    browser.with_token = with_token  # type: ignore[attr-defined]
    answer = browser.post(path, data={"email": "x@example.org"})
    assert answer.status_code in {400, 401, 404}
    assert SECRET not in answer.text
    assert "cities_admin" not in answer.text
    assert 'name="synonyms"' not in answer.text
    assert 'name="timezone"' not in answer.text


@pytest.mark.parametrize("path", ["/admin/people/999999/", "/admin/people/" + "9" * 30 + "/"])
def test_a_person_who_is_not_there(world: World, path: str) -> None:
    assert world.browser("admin").get(path).status_code == 404
