"""Letters on their way: to a real mail server, past a dead one, and without strangers' headers."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller

from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.letters import TOPIC, Letter, send
from asdg_portal.core.outbox import count_pending, drain
from asdg_portal.mail.delivery import to_message
from asdg_portal.mail.mailers import SmtpMailer, make_mailer
from tests.factories import World

SUBJECT = "Возвращено на доработку: Улан-Удэ — «Ёлки и ЖКХ», 2026 № 440-р " * 3
LETTER = Letter("omsk@example.org", "Ёжикова, Анна", SUBJECT, "Здравствуйте!\n\n— Опыт: ёлки.")


class Sink:
    """A mail server's inside: keeps what it gets; ``refused`` are addresses it does not know."""

    def __init__(self) -> None:
        self.got: list[tuple[list[str], EmailMessage]] = []
        self.refused: set[str] = set()
        self.words = "550 no such mailbox"

    async def handle_RCPT(  # noqa: N802  the library's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Take a recipient or not."""
        if address in self.refused:
            return self.words
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a letter."""
        message = message_from_bytes(envelope.original_content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.got.append((list(envelope.rcpt_tos), message))
        return "250 OK"


@pytest.fixture
def sink(world: World) -> Iterator[Sink]:
    """A mail server on a free port, which the portal uses."""
    sink = Sink()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(sink, hostname="127.0.0.1", port=port)
    server.start()
    world.app.extensions["mailer"] = SmtpMailer(f"smtp://127.0.0.1:{port}")
    yield sink
    server.stop()


def test_russian_arrives_as_it_was_written(world: World, sink: Sink) -> None:
    with world.app.app_context():
        send(LETTER)
        assert drain(TOPIC) == 1
    ((recipients, message),) = sink.got
    assert recipients == ["omsk@example.org"]
    assert message["Subject"] == SUBJECT.strip()
    assert message["To"].addresses[0].display_name == "Ёжикова, Анна"
    assert message["From"].addresses[0].addr_spec == "portal@asdg.example"
    assert message.get_content().replace("\r\n", "\n") == LETTER.body + "\n"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x85", "\x00\n"])
def test_no_header_comes_from_a_text(world: World, sink: Sink, end: str) -> None:
    evil = f"Отчёт{end}Bcc: thief@example.net{end}{end}<b>"
    with world.app.app_context():
        send(Letter("omsk@example.org", evil, evil, "Тело"))
        drain(TOPIC)
    ((recipients, message),) = sink.got
    assert recipients == ["omsk@example.org"]
    assert "Bcc" not in message
    assert message.get_content().strip() == "Тело"
    assert "thief@example.net" in message["Subject"]


def test_an_address_with_a_line_end_is_no_address(world: World) -> None:
    payload = {"to": "a@example.org\nBcc: b@example.org", "name": "", "id": "1"}
    with pytest.raises(ValueError, match=r"CR or LF|[Ii]nvalid|parse"):
        to_message(payload | {"subject": "x", "body": "y"}, "portal@asdg.example")


def test_a_dead_server_keeps_the_letters_and_the_page_goes_on(world: World, sink: Sink) -> None:
    alive = world.app.extensions["mailer"]
    with world.app.app_context(), time_machine.travel(now(), tick=False) as clock:
        world.app.extensions["mailer"] = SmtpMailer("smtp://127.0.0.1:1")
        send(LETTER)
        drain(TOPIC)
        assert count_pending(TOPIC) == 1
        world.app.extensions["mailer"] = alive
        clock.shift(timedelta(seconds=3))
        drain(TOPIC)
        assert count_pending(TOPIC) == 0
        db.session.remove()
    assert len(sink.got) == 1


def test_one_refused_address_neither_stops_nor_doubles_the_others(world: World, sink: Sink) -> None:
    sink.refused.add("gone@example.org")
    sink.words = "450 mailbox is busy"
    people = ["first@example.org", "gone@example.org", "last@example.org"]
    with world.app.app_context(), time_machine.travel(now(), tick=False) as clock:
        for address in people:
            send(Letter(address, "", "Опубликовано", "Текст"))
        for _round in range(8):
            drain(TOPIC)
            clock.shift(timedelta(seconds=1.5))
        assert count_pending(TOPIC) == 1
        db.session.remove()
    assert sorted(to for (to,), _message in sink.got) == ["first@example.org", "last@example.org"]


def test_a_letter_tried_twice_is_the_same_letter(world: World, sink: Sink) -> None:
    payload = {"to": "a@example.org", "name": "", "id": "x1", "subject": "x", "body": "y"}
    one, two = (to_message(payload, "portal@asdg.example") for _ in "ab")
    assert one["Message-ID"] == two["Message-ID"] == "<x1@asdg.example>"


def test_without_a_server_letters_are_files(world: World) -> None:
    with world.app.app_context():
        send(LETTER)
    (letter,) = world.letters()
    assert letter["Subject"] == SUBJECT.strip()
    make_mailer(None, world.folder / "mail").send(letter)
    assert len(list((world.folder / "mail").iterdir())) == 1
