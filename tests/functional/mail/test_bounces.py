"""Letters that come back: whom the portal cannot reach is seen, and nothing is tried for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from asdg_portal.core.letters import TOPIC, Letter, send
from asdg_portal.core.outbox import count_pending, drain
from asdg_portal.mail.bounces import bounced_addresses
from tests.factories import World
from tests.functional.core.test_mail import Sink, sink  # noqa: F401  the fixture

NOTICE = """From: MAILER-DAEMON@mx.example.org
To: portal@asdg.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not work.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; Omsk@example.org
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: message/rfc822

From: portal@asdg.example
To: omsk@example.org
Subject: Reminder
MIME-Version: 1.0
Content-Type: text/plain

Hello

--b--
"""


def post(world: World, *addresses: str) -> int:
    """Send a letter to each address; tell how many still wait afterwards."""
    with world.app.app_context():
        for address in addresses:
            send(Letter(address, "", "Опубликовано", "Текст"))
            drain(TOPIC)
        return count_pending(TOPIC)


def test_an_unknown_address_is_shown_and_not_tried_again(world: World, sink: Sink) -> None:  # noqa: F811
    sink.refused.add("gone@example.org")
    assert post(world, "gone@example.org", "first@example.org") == 0
    page = world.browser("moderator").get("/admin/mail/").text
    assert "gone@example.org" in page
    assert "550 no such mailbox" in page
    assert [to for (to,), _message in sink.got] == ["first@example.org"]


@pytest.mark.parametrize(
    "words", ["550 5.7.1 relaying denied", "451 try later", "530 authentication required"]
)
def test_what_speaks_of_our_server_keeps_the_letter(world: World, sink: Sink, words: str) -> None:  # noqa: F811
    sink.refused.add("omsk@example.org")
    sink.words = words
    assert post(world, "omsk@example.org") == 1
    with world.app.app_context():
        assert not bounced_addresses()
    page = world.browser("moderator").get("/admin/mail/").text
    assert words.split(maxsplit=1)[1] in page
    assert "omsk@example.org" in page


def test_an_address_that_was_set_right_is_written_to_again(world: World, sink: Sink) -> None:  # noqa: F811
    sink.refused.add("gone@example.org")
    post(world, "gone@example.org")
    answer = world.browser("moderator").post(
        "/admin/mail/again", data={"address": "gone@example.org"}
    )
    assert answer.status_code == 303
    with world.app.app_context():
        assert not bounced_addresses()


@pytest.mark.parametrize(("action", "bounced"), [("failed", True), ("delayed", False)])
def test_a_notice_that_comes_later_names_the_address(
    world: World, tmp_path: Path, action: str, bounced: bool
) -> None:
    file = tmp_path / "notice.eml"
    file.write_text(NOTICE.format(action=action))
    result = world.app.test_cli_runner().invoke(args=["mail", "returned", str(file)])
    assert result.exit_code == 0
    assert ("Omsk@example.org" in result.stdout) is bounced
    with world.app.app_context():
        assert ("omsk@example.org" in bounced_addresses()) is bounced


def test_any_other_message_is_refused(world: World, tmp_path: Path) -> None:
    file = tmp_path / "letter.eml"
    file.write_text("Subject: Re: anketa\n\nHello")
    result = world.app.test_cli_runner().invoke(args=["mail", "returned", str(file)])
    assert result.exit_code == 1
    assert "не уведомление" in result.stderr
