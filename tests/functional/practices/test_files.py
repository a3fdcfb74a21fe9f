"""Files of practices: what is taken, who gets it, and that the text never suffers."""

from __future__ import annotations

import io
import os
import time
import zipfile
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from asdg_portal.core import files
from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from asdg_portal.practices import services
from asdg_portal.practices.models import Attachment, Practice, PracticeRevision
from tests.factories import World

PDF = b"%PDF-1.4\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def office(member: str, *more: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in ("[Content_Types].xml", member, *more):
            archive.writestr(name, "x")
    return stream.getvalue()


def send(
    client: FlaskClient, practice: int, *files: tuple[str, bytes], **text: str
) -> TestResponse:
    data: dict[str, Any] = {"files": [(io.BytesIO(b), n) for n, b in files], **text}
    page = client.post(f"/practices/{practice}/edit", data=data, content_type="multipart/form-data")
    page.request.environ["wsgi.input"].close()  # the client keeps a large body in a file
    return page


def names(world: World, practice: int) -> dict[str, int]:
    """The files of the newest revision with their numbers."""
    with world.app.app_context():
        newest = db.session.get_one(Practice, practice).current
        assert isinstance(newest, PracticeRevision)
        return {a.name: a.id for a in newest.attachments}


TAKEN = [
    ("Регламент.pdf", PDF),
    ("снимок.PNG", PNG),
    ("фото.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 20),
    ("отчёт.docx", office("word/document.xml")),
    ("таблица.xlsx", office("xl/workbook.xml")),
    ("показ.pptx", office("ppt/presentation.xml")),
    ("текст.odt", office("content.xml")),
]


@pytest.mark.parametrize(("name", "data"), TAKEN)
def test_files_are_taken_and_given_back_as_downloads(world: World, name: str, data: bytes) -> None:
    practice, client = world.practice(), world.browser("omsk")
    assert send(client, practice, (name, data)).status_code == 303
    number = names(world, practice)[name]
    answer = client.get(f"/practices/{practice}/files/{number}/{name}")
    assert answer.data == data
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer.close()


REFUSED = [
    ("page.html", b"<script>", "не принимается"),
    ("drawing.svg", b"<svg/>", "не принимается"),
    ("noending", b"x", "не принимается"),
    ("empty.pdf", b"", "пустой"),
    ("program.pdf", b"MZ\x90", "не соответствует"),
    ("program.docx", b"MZ\x90", "не соответствует"),
    ("other.docx", office("xl/workbook.xml"), "не соответствует"),
    ("macros.docx", office("word/document.xml", "word/vbaProject.bin"), "не соответствует"),
    ("big.pdf", PDF + b"\0" * files.MOST_BYTES, "больше 10 МБ"),
]


@pytest.mark.parametrize(("name", "data", "reason"), REFUSED)
def test_a_refused_file_leaves_the_text_saved(
    world: World, name: str, data: bytes, reason: str
) -> None:
    practice, client = world.practice(), world.browser("omsk")
    page = send(client, practice, (name, data), ("верный.pdf", PDF), summary="Текст цел")
    assert page.status_code == 422
    assert reason in page.text
    assert "Текст цел" in client.get(f"/practices/{practice}/preview").text
    assert list(names(world, practice)) == ["верный.pdf"]


def test_there_is_a_limit_to_the_number_of_files(world: World) -> None:
    practice, client = world.practice(), world.browser("omsk")
    many = [(f"{n}.pdf", PDF + bytes([n])) for n in range(services.MOST_FILES + 1)]
    assert send(client, practice, *many).status_code == 422
    assert len(names(world, practice)) == services.MOST_FILES


def test_the_same_file_twice_is_kept_once(world: World) -> None:
    practice, client = world.practice(), world.browser("omsk")
    send(client, practice, ("а.pdf", PDF), ("б.pdf", PDF))
    assert list(names(world, practice)) == ["а.pdf"]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.pdf", "..\\..\\x.pdf", 'a"\r\nX: y.pdf', "а" * 300 + ".pdf"]
)
def test_a_name_is_only_a_name(world: World, name: str) -> None:
    clean = files.file_name(name)
    assert not set(clean) & set('/\\\r\n"')
    assert len(clean) <= files.LONGEST_NAME
    assert clean.endswith(".pdf")


def test_a_file_is_removed_from_the_draft_and_stays_in_the_published_text(world: World) -> None:
    practice, client = world.practice(), world.browser("omsk")
    send(client, practice, ("а.pdf", PDF))
    number = names(world, practice)["а.pdf"]
    client.post(f"/practices/{practice}/submit")
    moderator = world.browser("moderator")
    version = {"act": "publish", "version": _version(world, practice)}
    assert moderator.post(f"/desk/{practice}/", data=version).status_code == 303
    client.post(f"/practices/{practice}/revise")
    assert send(client, practice, remove=str(number)).status_code == 303
    assert names(world, practice) == {}
    answer = world.browser().get(f"/practices/{practice}/files/{number}/а.pdf")
    assert answer.data == PDF
    answer.close()


def _version(world: World, practice: int) -> str:
    with world.app.app_context():
        return str(db.session.get_one(Practice, practice).version)


@pytest.mark.parametrize(
    ("name", "status"), [(None, 404), ("tomsk", 404), ("specialist", 404), ("moderator", 200)]
)
def test_files_of_a_draft_are_for_those_who_work_on_it(
    world: World, name: str | None, status: int
) -> None:
    practice = world.practice()
    send(world.browser("omsk"), practice, ("а.pdf", PDF))
    number = names(world, practice)["а.pdf"]
    answer = world.browser(name).get(f"/practices/{practice}/files/{number}/x")
    assert answer.status_code == status
    answer.close()


def test_a_file_is_not_found_under_another_practice(world: World) -> None:
    practice, other = world.practice(), world.practice(State.PUBLISHED, title="Другая")
    send(world.browser("omsk"), practice, ("а.pdf", PDF))
    number = names(world, practice)["а.pdf"]
    assert world.browser("omsk").get(f"/practices/{other}/files/{number}/x").status_code == 404
    assert world.browser("omsk").get(f"/practices/{other}/files/999/x").status_code == 404


def test_what_no_practice_has_any_more_is_swept_out(world: World) -> None:
    practice = world.practice()
    send(world.browser("omsk"), practice, ("а.pdf", PDF))
    with world.app.app_context():
        kept = files.path_of(db.session.query(Attachment).one().sha256)
        orphan = files.path_of(files.keep(b"%PDF orphan"))
        young = files.path_of(files.keep(b"%PDF young"))
        long_ago = time.time() - 2 * files.ORPHANED
        os.utime(orphan, (long_ago, long_ago))
        os.utime(kept, (long_ago, long_ago))
        again = files.path_of(files.keep(b"%PDF again"))
        os.utime(again, (long_ago, long_ago))
        files.keep(b"%PDF again")
        files.sweep()
    assert [path.exists() for path in (kept, orphan, young, again)] == [True, False, True, True]
