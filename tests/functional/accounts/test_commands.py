"""The commands about people: what they print, and how they refuse."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from click.testing import Result

from asdg_portal.accounts import services
from asdg_portal.accounts.models import Role
from tests.factories import World


def run(world: World, *words: str) -> Result:
    return world.app.test_cli_runner().invoke(args=["users", *words])


def opens(world: World, output: str) -> bool:
    """Whether what was printed is one absolute link, and nothing else, that opens."""
    assert output.count("\n") == 1
    address = urlsplit(output.strip())
    assert f"{address.scheme}://{address.netloc}" == "http://localhost"
    return world.browser().get(address.path).status_code in {200, 303}


def test_a_sign_in_link_signs_in_once(world: World) -> None:
    result = run(world, "sign-in-link", "OMSK@example.org")
    assert result.exit_code == 0
    browser = world.browser()
    path = urlsplit(result.stdout.strip()).path
    assert browser.get(path).status_code == 303
    assert browser.get("/profile").status_code == 200
    assert not opens(world, result.stdout)


@pytest.mark.parametrize(
    "words",
    [
        ("sign-in-link", "ghost@example.org"),
        ("invite", "omsk@example.org", "--role", "specialist"),
        ("invite", "new@example.org", "--role", "representative"),
        ("invite", "new@example.org", "--role", "representative", "--city", "Китеж"),
        ("invite", "not an address", "--role", "specialist"),
        ("create-admin", "not an address"),
    ],
)
def test_a_refusal_is_exit_code_1_and_words_on_stderr(world: World, words: tuple[str, ...]) -> None:
    result = run(world, *words)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.strip()
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("words", [("invite", "new@example.org"), ("sign-in-link",)])
def test_wrong_usage_is_exit_code_2(world: World, words: tuple[str, ...]) -> None:
    assert run(world, *words).exit_code == 2


@pytest.mark.parametrize("city", ["Томск", "tomsk"])
def test_an_invitation_is_printed_and_sent_and_both_links_open(world: World, city: str) -> None:
    result = run(world, "invite", "new@example.org", "--role", "representative", "--city", city)
    assert result.exit_code == 0
    assert result.stdout.strip() in world.letters()[-1].get_content()
    assert opens(world, result.stdout)


def test_the_first_administrator_begins_with_the_printed_link(world: World) -> None:
    result = run(world, "create-admin", "Chief@example.org")
    assert result.exit_code == 0
    assert result.stdout.strip() in world.letters()[-1].get_content()
    assert opens(world, result.stdout)


def test_somebody_known_becomes_administrator_once(world: World) -> None:
    for _time in range(2):
        result = run(world, "create-admin", "specialist@example.org")
        assert result.exit_code == 0
        assert opens(world, result.stdout)
    with world.app.app_context():
        user = services.find_user("specialist@example.org")
        assert user
        assert user.role is Role.ADMINISTRATOR


def test_a_closed_account_gets_no_sign_in_link(world: World) -> None:
    world.browser("admin").post(f"/admin/people/{world.id_of('omsk')}/block")
    result = run(world, "sign-in-link", "omsk@example.org")
    assert (result.exit_code, result.stdout) == (1, "")
