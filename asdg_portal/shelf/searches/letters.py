"""The letter about saved searches: every new text with its address, and the way to stop it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app
from flask_babel import force_locale, gettext as _, ngettext

from asdg_portal.accounts.models import User
from asdg_portal.core.letters import Letter
from asdg_portal.shelf.searches.news import News
from asdg_portal.shelf.searches.services import write_address
from asdg_portal.shelf.texts import Source
from asdg_portal.shelf.tokens import Opens, make_token

MOST_LISTED = 20


def letter(person: User, found: Sequence[News]) -> Letter:
    """Write what is new in the searches of one person, in their language."""
    base: str = current_app.config["BASE_URL"]
    with force_locale(person.language):
        number = len({text.key for one in found for text in one.texts})
        greeting = _("Dear %(name)s,", name=person.name) if person.name else _("Dear colleague,")
        lines = [greeting, "", _("Since the last look, this has been published that your saved searches find."), ""]  # fmt: skip  # noqa: E501
        for one in found:
            lines += [*_about(one, base), ""]
        stop = f"{base}/searches/stop/{make_token(Opens.STOP, person.id)}"
        lines += [_("To change how often such letters come: %(address)s", address=f"{base}/my/searches/"), _("To get no more of them: %(address)s", address=stop)]  # fmt: skip  # noqa: E501
        subject = ngettext("ASDG: %(num)s new text for your searches", "ASDG: %(num)s new texts for your searches", number)  # fmt: skip  # noqa: E501
        return Letter(person.email, person.name, subject, "\n".join(lines))


def _about(one: News, base: str) -> list[str]:
    search, texts = one.search, one.texts
    lines = [_("“%(name)s”", name=search.name), ""]
    for text in texts[:MOST_LISTED]:
        lines += [f"— {_named(text)}", f"  {base}{text.path}"]
    if (rest := len(texts) - MOST_LISTED) > 0:
        more = ngettext("and %(num)s more text:", "and %(num)s more texts:", rest)
        lines.append(f"{more} {base}{write_address(search, 'newest')}")
    return lines


def _named(text: Source) -> str:
    """The title of a practice says no city; that of a report says city, direction and year."""
    if text.question is None:
        return f"{text.title} ({text.city}, {text.year})"
    return f"{text.title}: {text.part}"
