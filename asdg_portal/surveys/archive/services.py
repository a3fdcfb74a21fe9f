"""An archive uploaded: looked through, put aside, and asked to be read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from flask_babel import gettext as _
from sqlalchemy import select

from asdg_portal.accounts.models import User
from asdg_portal.accounts.policies import is_administrator
from asdg_portal.core import audit
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotAllowed, PortalError
from asdg_portal.core.files import file_name, keep_stream
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.jobs.services import ask
from asdg_portal.moderation.models import State
from asdg_portal.surveys.archive.gathering import in_zip
from asdg_portal.surveys.archive.jobs import NAME
from asdg_portal.surveys.archive.models import Archive

STATES = (State.DRAFT, State.SUBMITTED, State.PUBLISHED)


def begin(name: str, stream: IO[bytes], state: State, *, actor: User) -> Archive:
    """Have an archive read, after a look at what it says of itself.

    :raises PortalError: if it is no zip, holds too much, or nothing at all.
    """
    if not is_administrator(actor) or state not in STATES:
        raise NotAllowed(_("You may not do this."))
    with in_zip(stream) as entries:
        if not entries:
            raise PortalError(_("There is no file in the archive."))
    stream.seek(0)
    with unit_of_work():
        archive = Archive(name=file_name(name), sha256=keep_stream(stream), state=state)
        archive.uploaded_by_id = actor.id
        db.session.add(archive)
        db.session.flush()
        after = {"name": archive.name, "state": state}
        audit.record("upload_archive", f"archive:{archive.id}", actor, after=after)
        ask(NAME, key_of(archive), actor=actor, details={"archive": archive.id})
    return archive


def key_of(archive: Archive) -> str:
    """The key of the job that reads an archive."""
    return f"{NAME}:{archive.id}"


def kept_files() -> Iterable[str]:
    """The hashes of the archives that are still being read."""
    return db.session.scalars(select(Archive.sha256).filter_by(finished_at=None))
