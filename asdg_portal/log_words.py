"""The log of acts in words: it is read by administrators, not by programmers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from asdg_portal.accounts.forms import ROLE_NAMES
from asdg_portal.core.audit import AuditEntry
from asdg_portal.jobs.kinds import job_kinds
from asdg_portal.moderation.acts import act_names
from asdg_portal.moderation.turns import CHANNELS
from asdg_portal.moderation.workflow import Action
from asdg_portal.surveys.commitments.forms import outcome_names
from asdg_portal.surveys.forms import AUDIENCES

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the log as a row of the page; ``url`` is empty where there is no page."""

    act: str
    about: str
    url: str
    change: str


def in_words(entry: AuditEntry) -> Line:
    """Say what was done and with what; a word that is not known here stands as it was written."""
    kind, _colon, name = entry.subject.partition(":")
    about, url = _subjects().get(kind, (kind, ""))
    acts = (
        act_names()
        | _acts_on_accounts()
        | _other_acts()
        | _acts_on_shelves()
        | _acts_on_summaries()
        | _search_acts()
        | _acts_with_files()
    )
    return Line(
        acts.get(entry.action, entry.action),
        f"{about} {name}".strip(),
        url.format(name) if name else "",
        _change(entry.before, entry.after),
    )


def _other_acts() -> dict[str, str]:
    return {
        Action.DELETE: _("draft deleted"),
        "load_cities": _("list of cities loaded"),
        "change_city": _("city changed"),
        "load_sectors": _("list of directions loaded"),
        "add_sector": _("direction added"),
        "change_sector": _("direction changed"),
        "open_campaign": _("year opened"),
        "prepare_campaign": _("year prepared"),
        "discard_campaign": _("prepared year thrown away"),
        "close_campaign": _("year closed"),
        "reopen_campaign": _("year opened again"),
        "change_campaign": _("year changed"),
        "add_question": _("question added"),
        "move_question": _("question moved"),
        "remove_question": _("question dropped"),
        "change_duty": _("who answers about it changed"),
        "give_more_time": _("more time given"),
        "take_time_back": _("more time taken back"),
        "change_question": _("question changed"),
        "mark_task": _("outcome of a task noted"),
        "remind": _("reminded"),
        "plan_reminders": _("days of reminders changed"),
        "forget_bounce": _("address put right"),
        "ask_for_job": _("long job asked for"),
    }


def _acts_with_files() -> dict[str, str]:
    return {
        "upload_archive": _("archive of questionnaires uploaded"),
        "fill_from_file": _("filled from a file"),
    }


def _acts_on_accounts() -> dict[str, str]:
    return {
        "sign_in": _("signed in"),
        "invite": _("invited"),
        "accept_invitation": _("invitation accepted"),
        "ask_for_new_password": _("new password asked for"),
        "set_new_password": _("new password set"),
        "change_password": _("password changed"),
        "change_profile": _("profile changed"),
        "change_part": _("role or city changed"),
        "set_approval": _("approval inside the city turned on or off"),
        "take_people": _("list of people taken along as a file"),
        "replace": _("replaced by another person"),
        "block": _("account closed"),
        "unblock": _("account opened again"),
        "create_admin": _("made an administrator"),
    }


def _acts_on_summaries() -> dict[str, str]:
    return {
        "make_summary": _("summary of answers made"),
        "sort_summary": _("summary of answers sorted"),
        "move_quotes": _("quotes moved to another theme"),
        "rename_theme": _("theme renamed or moved"),
    }


def _search_acts() -> dict[str, str]:
    return {
        "add_words": _("words that mean the same added"),
        "change_words": _("words that mean the same changed"),
        "remove_words": _("words that mean the same removed"),
        "load_words": _("table of words loaded"),
    }


def _acts_on_shelves() -> dict[str, str]:
    return {
        "share_collection": _("collection opened to colleagues"),
        "stop_sharing_collection": _("collection closed to colleagues"),
    }


def _subjects() -> dict[str, tuple[str, str]]:
    return {
        "report": (_("Report"), "/reports/{}/preview"),
        "task": (_("Task of report"), "/reports/{}/preview"),
        "practice": (_("Practice"), "/practices/{}/preview"),
        "user": (_("Account"), "/admin/people/{}/"),
        "city": (_("City"), "/admin/cities/{}/"),
        "cities": (_("Cities"), ""),
        "sector": (_("Direction"), "/admin/sectors/{}/"),
        "sectors": (_("Directions"), ""),
        "words": (_("Words"), "/admin/words/{}/"),
        "mail": (_("Address"), ""),
        "collection": (_("Collection"), ""),
        "job": (_("Long job"), ""),
        "archive": (_("Archive"), "/admin/archive/{}/"),
        "summary": (_("Summary"), "/desk/summaries/{}/"),
        "campaign": (_("Campaign"), "/admin/campaigns/{}/"),
        "duty": (_("Sheet"), ""),
        "more-time": (_("More time for a city"), ""),
    }


def _change(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """What was otherwise before the act; what it left alone is not worth a word."""
    names, words = _value_names(), _value_words()
    said = []
    for key in {**before, **after}:
        was, is_now = (
            _day(str(words.get(str(values.get(key, "")), values.get(key, ""))))
            for values in (before, after)
        )
        if was != is_now:
            said.append(f"{names.get(key, key)}: " + " → ".join(filter(None, (was, is_now))))
    return "; ".join(said)


def _day(value: str) -> str:
    """A day as people write it, ``31.12.2025``; anything else as it is."""
    if not _DAY.fullmatch(value):
        return value
    year, month, day = value.split("-")
    return f"{day}.{month}.{year}"


def _value_names() -> dict[str, str]:
    return {
        "state": _("state"),
        "revision": _("revision"),
        "reason": _("reason"),
        "email": _("e-mail"),
        "role": _("role"),
        "is_head": _("head"),
        "part": _("part"),
        "person": _("colleague"),
        "wanted": _("approval"),
        "city": _("city"),
        "by": _("account"),
        "name": _("title"),
        "label": _("title"),
        "region": _("region"),
        "added": _("added"),
        "changed": _("changed"),
        "opens_on": _("opens on"),
        "due_on": _("answers are due on"),
        "closes_on": _("closes on"),
        "wording": _("wording"),
        "channel": _("how it came"),
        "received_on": _("received on"),
        "audience": _("read by"),
        "sheets": _("sheets"),
        "task": _("task"),
        "outcome": _("outcome"),
        "note": _("in one line"),
        "days": _("days"),
        "sectors": _("directions"),
        "number": _("number"),
        "words": _("words"),
        "deputy": _("deputy"),
        "expected": _("expected"),
    }


def _value_words() -> dict[str, str]:
    states = {
        "draft": _("draft"),
        "approval": _("being approved in the city"),
        "True": _("yes"),
        "False": _("no"),
        "submitted": _("in review"),
        "returned": _("returned"),
        "published": _("published"),
        "withdrawn": _("withdrawn"),
    }
    named = {str(key): str(name) for key, name in (*ROLE_NAMES.items(), *AUDIENCES.items())}
    jobs = {kind.name: kind.label() for kind in job_kinds().values()}
    channels = {str(channel): str(name) for channel, name in CHANNELS.items()}
    outcomes = {str(outcome): name for outcome, name in outcome_names().items()}
    return states | named | jobs | channels | outcomes
