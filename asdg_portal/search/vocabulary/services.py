"""Keeping the table of words that mean the same: by the staff, by a file, for every search."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import select

from asdg_portal.core import audit
from asdg_portal.core.audit import Actor, AuditEntry
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotFound, PortalError, Stale
from asdg_portal.core.latest import until_next_act
from asdg_portal.core.morphology import fold
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.search.vocabulary.groups import Group, read_groups, write_groups, write_line
from asdg_portal.search.vocabulary.models import WordGroup
from asdg_portal.search.vocabulary.thesaurus import LONGEST, Thesaurus, as_clause, key_of

SHIPPED = Path(__file__).parent / "data" / "words.txt"
SUBJECT = "words"
MOST_MEMBERS = 40
MOST_CHARACTERS = 100


def all_groups() -> list[WordGroup]:
    """List the groups by name."""
    return list(db.session.scalars(select(WordGroup).order_by(WordGroup.name)))


def groups_with(text: str) -> list[WordGroup]:
    """List the groups in which a word has this text; all for an empty one."""
    sought = fold(text.strip())
    return [
        row
        for row in all_groups()
        if not sought or any(sought in fold(w) for w in (*row.same, *row.near, *row.broader))
    ]


def get_group(number: int) -> WordGroup:
    """Give a group.

    :raises NotFound: if it has been removed.
    """
    group = db.session.get(WordGroup, number)
    if group is None:
        raise NotFound(_("There is no such group of words; perhaps it has been removed."))
    return group


def check(group: Group) -> None:
    """Refuse what would find nothing or too much.

    :raises PortalError: saying which word is wrong, and how.
    """
    members = [*group.same, *group.near, *group.broader]
    if not group.same or len(members) < 2:
        raise PortalError(_("A group needs a word and at least one other that says the same."))
    if len(members) > MOST_MEMBERS:
        raise PortalError(_("A group may have at most %(most)s words.", most=MOST_MEMBERS))
    seen: dict[object, str] = {}
    for text in members:
        _check_member(text)
        if (known := seen.setdefault(key_of(text), text)) != text:
            raise PortalError(_("“%(one)s” and “%(other)s” are the same to the search: leave one.", one=known, other=text))  # fmt: skip  # noqa: E501


def _check_name(group: Group, *, own: int | None = None) -> None:
    taken = select(WordGroup.id).where(WordGroup.name == fold(group.same[0]))
    if db.session.scalar(taken) not in {None, own}:
        raise PortalError(_("There is already a group “%(name)s”: add to it.", name=group.same[0]))


def _check_member(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise PortalError(_("“%(word)s…” is too long: at most %(most)s characters.", word=text[:30], most=MOST_CHARACTERS))  # fmt: skip  # noqa: E501
    words = len(key_of(text))
    if not words or as_clause(text) is None:
        raise PortalError(_("“%(word)s” has no word to look for: it stands in every text.", word=text))  # fmt: skip  # noqa: E501
    if words > LONGEST:
        raise PortalError(_("“%(word)s” has more than %(most)s words.", word=text, most=LONGEST))


def add_group(group: Group, *, actor: Actor | None) -> WordGroup:
    """Add a group; it works from the next search on.

    :raises PortalError: if it is none; see ``check``.
    """
    check(group)
    _check_name(group)
    with unit_of_work():
        row = WordGroup()
        _fill(row, group)
        db.session.add(row)
        db.session.flush()
        after = {"words": write_line(group)}
        audit.record("add_words", f"{SUBJECT}:{row.id}", actor, after=after)
    return row


def change_group(row: WordGroup, group: Group, *, version: int, actor: Actor | None) -> None:
    """Change a group; it works from the next search on.

    :raises PortalError: if it is none; see ``check``.
    :raises Stale: if somebody else has changed it since ``version``.
    """
    if row.version != version:
        raise Stale(_("Somebody else has changed this group: look at it first. What you typed stands below."))  # fmt: skip  # noqa: E501
    check(group)
    _check_name(group, own=row.id)
    if row.group == group:
        return
    with unit_of_work():
        before, after = {"words": write_line(row.group)}, {"words": write_line(group)}
        _fill(row, group)
        audit.record("change_words", f"{SUBJECT}:{row.id}", actor, before=before, after=after)


def remove_group(row: WordGroup, *, actor: Actor | None) -> None:
    """Remove a group; the log keeps its words."""
    with unit_of_work():
        before = {"words": write_line(row.group)}
        audit.record("remove_words", f"{SUBJECT}:{row.id}", actor, before=before)
        db.session.delete(row)


def _fill(row: WordGroup, group: Group) -> None:
    row.name = fold(group.same[0])
    row.same, row.near, row.broader = list(group.same), list(group.near), list(group.broader)


def load_groups(text: str, *, actor: Actor | None = None) -> tuple[int, int]:
    """Take a file of groups; those already known by their first word get the words of the file.

    Gives how many were added and changed.

    :raises PortalError: naming the line that is no group; then nothing is stored.
    """
    added = changed = 0
    with unit_of_work():
        known = {row.name: row for row in all_groups()}
        for group in read_groups(text):
            try:
                check(group)
            except PortalError as error:
                raise PortalError(f"{write_line(group)}: {error}") from error
            row = known.get(name := fold(group.same[0]))
            if row is None:
                row = known[name] = WordGroup()
                db.session.add(row)
                added += 1
            elif row.group != group:
                changed += 1
            _fill(row, group)
        numbers = {"added": added, "changed": changed}
        audit.record("load_words", SUBJECT, actor, after=numbers)
    return added, changed


def export_groups() -> str:
    """Write the groups as a file that can be loaded again."""
    return write_groups(row.group for row in all_groups())


def load_shipped_groups() -> None:
    """Put the groups that ship with the portal into a database that never had any."""
    acts = AuditEntry.subject.startswith(SUBJECT)
    if db.session.scalar(select(AuditEntry.id).where(acts).limit(1)) is None:
        load_groups(SHIPPED.read_text(encoding="utf-8"))


def load_thesaurus() -> Thesaurus:
    """Give the groups as searches look them up: those of the newest change, in every process."""
    return until_next_act("words", lambda: _compile(_read_groups()))


def _read_groups() -> tuple[Group, ...]:
    rows = db.session.execute(
        select(WordGroup.same, WordGroup.near, WordGroup.broader).order_by(WordGroup.id)
    )
    return tuple(Group(tuple(same), tuple(near), tuple(broader)) for same, near, broader in rows)


@lru_cache(maxsize=2)
def _compile(groups: tuple[Group, ...]) -> Thesaurus:
    """Most acts are about something else: the table is put together only when it has changed."""
    return Thesaurus(groups)
