"""What can be done with practices beside the workflow that they share with reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import select, update

from asdg_portal.accounts.models import User
from asdg_portal.accounts.policies import Viewer
from asdg_portal.cities.models import City, Sector
from asdg_portal.core import audit, files
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotAllowed, NotFound, PortalError
from asdg_portal.core.files import Upload
from asdg_portal.core.text import clean, clean_line
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.moderation.models import Revision
from asdg_portal.moderation.policies import can_read
from asdg_portal.moderation.queries import find_whole
from asdg_portal.moderation.services import act, check_version
from asdg_portal.moderation.workflow import Action
from asdg_portal.practices.models import Attachment, Practice, PracticeRevision
from asdg_portal.practices.policies import can_begin, can_grow_from
from asdg_portal.surveys.models import Report, ReportRevision

MOST_TAGS, LONGEST_TAG, MOST_FILES = 12, 60, 10


@dataclass(frozen=True, slots=True)
class PracticeText:
    """What a city writes; what is left out here stays as it was.

    ``sections`` and ``details`` go by the names of the revision's columns; ``removed`` are
    numbers of attachments to take away.
    """

    title: str | None = None
    sections: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)
    tags: Sequence[str] | None = None
    sector: Sector | None = None
    year: int | None = None
    removed: frozenset[int] = frozenset()


def get_practice(practice_id: int, *, actor: Viewer) -> Practice:
    """Fetch a practice; what ``actor`` may not read does not exist for them.

    :raises NotFound: if there is no such practice for this person.
    """
    practice = find_whole(practice_id)
    if not isinstance(practice, Practice) or not can_read(actor, practice):
        raise NotFound(_("There is no such practice, or it is not open to you."))
    return practice


def begin(
    title: str, sector: Sector, year: int, *, actor: User, source: tuple[Report, int] | None = None
) -> Practice:
    """Begin a practice of the actor's city, empty or with the words of a published answer.

    Asked for twice, it is begun once, as long as nothing has been done with it.

    :raises NotAllowed: if the actor writes for no city, or the answer is not the city's own.
    """
    if not can_begin(actor) or actor.city is None:
        raise NotAllowed(_("Practices are described by the representatives of cities."))
    with unit_of_work():
        # The second half of a double click waits here until the first one is done.
        db.session.execute(update(User).filter_by(id=actor.id).values(id=User.id))
        if begun := _just_begun(clean_line(title), sector, year, actor):
            return begun
        practice = new_practice(actor.city, sector, year, actor=actor)
        revision = practice.current
        assert isinstance(revision, PracticeRevision)  # noqa: S101  a practice has no other
        revision.title = clean_line(title)
        revision.contact_name, revision.contact_post = actor.name, actor.post
        revision.contact_email, revision.contact_phone = actor.email, actor.phone
        if source is not None:
            report, number = source
            revision.solution = answer_to_grow_from(report, number, actor=actor)
            practice.grown_from, practice.grown_from_question = report, number
        db.session.flush()
        audit.record("begin", f"practice:{practice.id}", actor)
    return practice


def _just_begun(title: str, sector: Sector, year: int, actor: User) -> Practice | None:
    """The practice that this person has begun with these words and not yet touched."""
    same = {"sector_id": sector.id, "year": year, "created_by_id": actor.id, "version": 1}
    begun = select(Practice).filter_by(**same, city_id=actor.city_id, updated_by_id=None)
    return next((p for p in db.session.scalars(begun) if p.current.title == title), None)


def new_practice(city: City, sector: Sector, year: int, *, actor: User | None) -> Practice:
    """Make an empty practice, not yet flushed."""
    practice = Practice(city=city, sector=sector, year=year, created_by=actor)
    practice.revisions.append(PracticeRevision(number=1, tags=[]))
    db.session.add(practice)
    return practice


def answer_to_grow_from(report: Report, number: int, *, actor: Viewer) -> str:
    """Give the published answer that a practice is to grow out of.

    :raises NotFound: if there is none, or it is not the actor's own city's.
    """
    public = report.public
    answer = public.answers.get(number) if isinstance(public, ReportRevision) else None
    if answer is None or not answer.text or not can_grow_from(actor, report, answer.audience):
        raise NotFound(_("There is no published answer of your city at this address."))
    return answer.text


def save(
    practice: Practice, text: PracticeText, *, actor: User, version: int | None = None
) -> None:
    """Keep what is written, finished or not.

    :raises Stale: if somebody else has saved since ``version``; nothing is overwritten.
    """
    check_version(practice, version)
    with act(Action.SAVE, practice, actor):
        write(practice, text)


def write(practice: Practice, text: PracticeText) -> None:
    """Put words into the newest revision."""
    revision = practice.current
    assert isinstance(revision, PracticeRevision)  # noqa: S101  a practice has no other
    if text.title is not None:
        revision.title = clean_line(text.title)
    for name in PracticeRevision.SECTIONS:
        if name in text.sections:
            setattr(revision, name, clean(text.sections[name]))
    for name in Revision.CONTACT:
        if name in text.details:
            setattr(revision, name, clean_line(text.details[name]))
    if text.tags is not None:
        revision.tags = clean_tags(text.tags)
    practice.sector = text.sector or practice.sector
    practice.year = text.year or practice.year
    revision.attachments = [a for a in revision.attachments if a.id not in text.removed]


def clean_tags(tags: Iterable[str]) -> list[str]:
    """Tidy tags: no signs around them, none twice however it is capitalised, not too many."""
    tidy = (clean_line(tag).strip("#")[:LONGEST_TAG].strip() for tag in tags)
    known: dict[str, str] = {}
    for tag in filter(None, tidy):
        known.setdefault(tag.casefold(), tag)
    return list(known.values())[:MOST_TAGS]


def attach(practice: Practice, uploads: Sequence[Upload], *, actor: User) -> list[str]:
    """Add files to the newest revision; return what is wrong with those that were refused."""
    refused: list[str] = []
    with act(Action.SAVE, practice, actor):
        revision = practice.current
        assert isinstance(revision, PracticeRevision)  # noqa: S101  a practice has no other
        for upload in uploads:
            try:
                _attach_one(practice, revision, upload, actor)
            except PortalError as error:
                refused.append(str(error))
    return refused


def _attach_one(
    practice: Practice, revision: PracticeRevision, upload: Upload, actor: User
) -> None:
    media_type = files.check(upload)
    name = files.file_name(upload.name)
    if len(revision.attachments) >= MOST_FILES:
        raise PortalError(_("“%(name)s”: a practice has at most %(most)s files.", name=name, most=MOST_FILES))  # fmt: skip  # noqa: E501
    digest = files.keep(upload.data)
    if any(a.sha256 == digest for a in revision.attachments):
        return
    attachment = Attachment(
        practice_id=practice.id,
        name=name,
        media_type=media_type,
        size=len(upload.data),
        sha256=digest,
        uploaded_by_id=actor.id,
        uploaded_at=now(),
    )
    revision.attachments.append(attachment)
