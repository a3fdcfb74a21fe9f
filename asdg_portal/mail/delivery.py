"""From the outbox to the mailer: queued letters become messages and leave."""

from __future__ import annotations

from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from smtplib import SMTPRecipientsRefused

from flask import current_app

from asdg_portal.core.clock import now
from asdg_portal.core.outbox import OutboxRow
from asdg_portal.core.text import clean, clean_line
from asdg_portal.mail.bounces import is_final, record_bounce


def to_message(payload: dict[str, str], sender: str) -> EmailMessage:
    """Build the message; no header can be smuggled in through a name or a subject."""
    message = EmailMessage()
    local, _at, domain = payload["to"].rpartition("@")
    message["From"] = Address("АСДГ", addr_spec=sender)
    message["To"] = Address(clean_line(payload["name"]), local, domain)
    message["Subject"] = clean_line(payload["subject"])
    message["Date"] = format_datetime(now())
    # The same on every try, so that a letter sent twice after a crash is shown once.
    message["Message-ID"] = f"<{payload['id']}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(clean(payload["body"]) + "\n")
    return message


def deliver(rows: Sequence[OutboxRow]) -> None:
    """Hand queued letters to the mailer of this installation.

    A letter to an address that will never take one is not tried again; people see the address
    among those that do not take letters. Any other failure leaves the letter in the queue.
    """
    mailer, sender = current_app.extensions["mailer"], current_app.config["MAIL_FROM"]
    for row in rows:
        letter = row.payload
        try:
            mailer.send(to_message(letter, sender))
        except SMTPRecipientsRefused as refusal:
            if (said := is_final(refusal)) is None:
                raise
            record_bounce(letter["to"], letter["subject"], said)
