"""Passwords: what is refused, and how they are kept."""

from __future__ import annotations

import unicodedata

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask_babel import Babel

from asdg_portal.accounts.passwords import (
    LONGEST,
    SHORTEST,
    check_strength,
    hash_password,
    is_outdated,
    verify,
)
from asdg_portal.core.errors import PortalError


@pytest.fixture(autouse=True)
def _words() -> object:
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    "password",
    ["корова на льду", "x1y2z3w4", "абвгдежз"[:SHORTEST], "密码密码一二三四", "ab1" * 42 + "xy"],
)
def test_good_passwords_of_any_script(password: str) -> None:
    assert SHORTEST <= len(password) <= LONGEST
    check_strength(password, email="somebody@example.org")
    assert verify(hash_password(password), password)


@pytest.mark.parametrize(
    "password",
    ["", "1234567", "x" * (LONGEST + 1), "password", "PassWord", "12345678", "ababababab",
     "Somebody@Example.org"],
)  # fmt: skip
def test_what_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(PortalError):
        check_strength(password, email="somebody@example.org")


def test_only_an_argon2id_hash_is_kept() -> None:
    assert hash_password("секретное слово").startswith("$argon2id$")
    assert hash_password("секретное слово") != hash_password("секретное слово")


@pytest.mark.parametrize("kept", [None, "", "not a hash"])
def test_without_a_hash_no_password_is_right(kept: str | None) -> None:
    assert not verify(kept, "nobody")
    assert not verify(kept, "")


def test_a_letter_typed_as_two_characters_is_the_same_letter() -> None:
    password = "йогурт и ёлка"
    apart = unicodedata.normalize("NFD", password)
    assert apart != password
    assert verify(hash_password(password), apart)
    assert verify(hash_password(apart), password)


def test_a_hash_of_older_parameters_is_made_anew() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024).hash("секретное слово")
    assert is_outdated(weak)
    assert not is_outdated(hash_password("секретное слово"))
