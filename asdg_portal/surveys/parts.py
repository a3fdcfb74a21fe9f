"""The parts of a report, each written and saved by itself under a name that stays the same."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from typing import TypeGuard

from flask_babel import gettext as _, lazy_gettext as _l

from asdg_portal.core.errors import PortalError
from asdg_portal.core.text import clean, clean_line
from asdg_portal.moderation.drafts import are_addresses
from asdg_portal.surveys.documents import LONGEST_ANSWER
from asdg_portal.surveys.models import ReportRevision

LONGEST_LINE = 200
LINES = ("author_name", "author_post", "outgoing_number", *ReportRevision.CONTACT)
DATE = "outgoing_date"
LABELS = {
    "preface": _l("Preface"),
    "author_name": _l("Who has prepared the answers"),
    "author_post": _l("Post and department"),
    "contact_name": _l("Whom colleagues may ask"),
    "contact_post": _l("Post"),
    "contact_email": _l("E-mail"),
    "contact_phone": _l("Telephone"),
    "outgoing_number": _l("Outgoing number"),
    DATE: _l("Outgoing date"),
}
DATE_FORMATS = ("%Y-%m-%d", "%d.%m.%Y")


class Unfit(PortalError):
    """A text that cannot stand in its part; the message says why."""

    status = 422


def names(revision: ReportRevision) -> list[str]:
    """List the parts that a city writes, in the order of the page."""
    return ["preface", *(f"q{number}" for number in sorted(revision.answers)), *LINES, DATE]


def is_name(name: object) -> TypeGuard[str]:
    """Whether something that was sent can be the name of a part at all."""
    if not isinstance(name, str):
        return False
    return name in {"preface", *LINES, DATE} or (name[:1] == "q" and name[1:].isdecimal())


def label(name: str) -> str:
    """What a part is called, by itself."""
    return str(LABELS[name]) if name in LABELS else place(name)


def place(name: str) -> str:
    """Where somebody is writing, in half a sentence: «answer 3»."""
    if name[:1] == "q":
        return str(_("answer %(number)s", number=name[1:]))
    return str(_("the preface") if name == "preface" else _("who answers, and whom to call"))


def read(revision: ReportRevision, name: str) -> str:
    """What stands in a part now; a day as ``2025-12-31``."""
    if name[0] == "q":
        return revision.answers[int(name[1:])].text
    return str(getattr(revision, name) or "")


def shown(name: str, text: str) -> str:
    """A text of a part as people read it: a day as ``31.12.2025``, anything else as it is."""
    if name == DATE:
        with suppress(Unfit):
            day = read_day(text)
            return f"{day:%d.%m.%Y}" if day else ""
    return text


def write(revision: ReportRevision, name: str, text: str) -> None:
    """Put a text that ``tidy`` has passed into a part."""
    if name[0] == "q":
        revision.answers[int(name[1:])].text = text
    else:
        setattr(revision, name, read_day(text) if name == DATE else text)


def tidy(name: str, text: str) -> str:
    """Make a typed text fit to be kept in a part.

    :raises Unfit: if it is too long, or no day where a day is wanted.
    """
    if name == DATE:
        day = read_day(text)
        return day.isoformat() if day else ""
    is_line = name in LINES
    text = clean_line(text) if is_line else clean(text)
    if is_line and len(text) > LONGEST_LINE:
        raise Unfit(_("This line is longer than %(max)d characters: shorten it, please.", max=LONGEST_LINE))  # fmt: skip  # noqa: E501
    if name == "contact_email" and not are_addresses(text):
        raise Unfit(_("This is no address of an e-mail: write it as ivanova@city.example."))
    if len(text) > LONGEST_ANSWER:
        raise Unfit(_("This is longer than %(max)d characters: shorten it, please.", max=LONGEST_ANSWER))  # fmt: skip  # noqa: E501
    return text


def read_day(text: str) -> date | None:
    """Read a day as browsers send it or as people write it; an empty text is no day.

    :raises Unfit: if it is something else.
    """
    if not text.strip():
        return None
    for pattern in DATE_FORMATS:
        with suppress(ValueError):
            return datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007  a day
    raise Unfit(_("This is not a date: write it as 31.12.2025."))
