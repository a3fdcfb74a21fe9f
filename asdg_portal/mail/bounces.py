"""Letters that came back: refused at once by a server, or returned later by a notice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import Parser
from smtplib import SMTPRecipientsRefused

from flask_babel import gettext as _
from sqlalchemy import delete, select

from asdg_portal.accounts.models import User
from asdg_portal.core import audit
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.errors import PortalError
from asdg_portal.core.text import clean_line
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.mail.models import Bounce

LONGEST_ERROR = 500
# 5.7.x and "relay" speak of us, not of the address: our own server must be set right, then the
# letter goes out.
_OURS = re.compile(r"\b5\.7\.\d|relay|authenti", re.I)


def is_final(refusal: SMTPRecipientsRefused) -> str | None:
    """What the server says of the address, if it will never take a letter for it; else None."""
    code, words = next(iter(refusal.recipients.values()), (0, b""))
    said = f"{code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"
    return said if 500 <= code < 600 and not _OURS.search(said) else None


def record_bounce(address: str, subject: str, error: str) -> None:
    """Remember that an address does not take letters."""
    with unit_of_work():
        bounce = db.session.scalar(select(Bounce).filter_by(address=address.lower()))
        if bounce is None:
            bounce = Bounce(address=address.lower())
            db.session.add(bounce)
        bounce.at, bounce.subject = now(), clean_line(subject)
        bounce.error = clean_line(error)[:LONGEST_ERROR]


def bounced_addresses() -> dict[str, Bounce]:
    """Every address that does not take letters, with what was said of it."""
    return {bounce.address: bounce for bounce in db.session.scalars(select(Bounce))}


def forget_bounce(address: str, *, actor: User) -> None:
    """Write to an address again: it has been set right."""
    with unit_of_work():
        db.session.execute(delete(Bounce).filter_by(address=address.lower()))
        audit.record("forget_bounce", f"mail:{address.lower()}", actor)


def read_notice(text: str) -> list[str]:
    """Take in a notice of a mail server that letters could not be delivered (RFC 3464).

    Returns the addresses that failed for good; a notice of a mere delay names none.

    :raises PortalError: if the text is no such notice.
    """
    message = Parser(EmailMessage, policy=policy.default).parsestr(text)
    if message.get_content_type() != "multipart/report":
        raise PortalError(_("This is not a notice of a letter that could not be delivered."))
    # The letter that came back is a part of the notice.
    subjects = [str(part["Subject"]) for part in message.walk() if part["Subject"]]
    failed = [*_failed(message)]
    for address, error in failed:
        record_bounce(address, subjects[-1] if len(subjects) > 1 else "", error)
    return [address for address, _error in failed]


def _failed(message: EmailMessage) -> Iterator[tuple[str, str]]:
    for part in message.walk():
        action, recipient = str(part["Action"] or ""), str(part["Final-Recipient"] or "")
        if action.strip().lower() == "failed" and recipient:
            address = recipient.rpartition(";")[2].strip()
            code = str(part["Diagnostic-Code"] or part["Status"] or "")
            yield address, code.removeprefix("smtp;").strip()
