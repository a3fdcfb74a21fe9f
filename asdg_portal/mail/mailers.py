"""Ways for a letter to leave: through a mail server, or into a folder where one can read it."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from asdg_portal.core.clock import now

TIMEOUT = 10  # seconds; a server that hangs must not hold up the others' letters for long


class Mailer(Protocol):
    """Something that takes a letter away for good, or raises."""

    def send(self, message: EmailMessage) -> None:
        """Deliver one letter."""


class FolderMailer:
    """Letters as .eml files, for installations that have no mail server yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the letter under its time and identifier; a second try overwrites it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        identifier = message["Message-ID"].strip("<>").partition("@")[0]
        name = f"{now():%Y%m%d-%H%M%S}-{identifier}.eml"
        (self._folder / name).write_bytes(message.as_bytes(policy=SMTP))


class SmtpMailer:
    """Letters through a mail server, encrypted where the address says smtps or the server can."""

    def __init__(self, url: str) -> None:
        self._url: SplitResult = urlsplit(url)

    def send(self, message: EmailMessage) -> None:
        """Deliver one letter.

        :raises OSError: if the server cannot be reached or refuses; the outbox tries again.
        """
        host = self._url.hostname or "localhost"
        if self._url.scheme == "smtps":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, self._url.port or 465, timeout=TIMEOUT, context=context
            )
        else:
            server = smtplib.SMTP(host, self._url.port or 25, timeout=TIMEOUT)
        with server:
            server.ehlo()
            if self._url.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
            if self._url.username:
                server.login(unquote(self._url.username), unquote(self._url.password or ""))
            server.send_message(message)


def make_mailer(url: str | None, folder: Path) -> Mailer:
    """Choose by the setting ``ASDG_MAIL_URL``."""
    return SmtpMailer(url) if url else FolderMailer(folder)
