"""Archives of old questionnaires: by command and by page, each file told of, none twice."""

from __future__ import annotations

import struct
import zipfile
from collections import Counter
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from click.testing import Result
from sqlalchemy import select
from werkzeug.test import TestResponse

from asdg_portal.accounts.models import User
from asdg_portal.core import files
from asdg_portal.core.db import db
from asdg_portal.jobs import services as jobs
from asdg_portal.jobs.models import Job, JobState
from asdg_portal.moderation.models import State
from asdg_portal.surveys.archive import gathering, services
from asdg_portal.surveys.archive.models import Archive, ArchiveFile, Became
from asdg_portal.surveys.archive.taking import Plan
from asdg_portal.surveys.models import Report
from asdg_portal.surveys.services import ReportText, save
from tests.factories import World
from tests.functional.surveys.test_import import run, sheet, stored

CITIES = ("Омск", "Томск", "Красноярск", "Иркутск", "Чита", "Якутск")


def packed(members: Mapping[str, str | bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def upload(world: World, data: bytes, state: State = State.PUBLISHED) -> TestResponse:
    sent = {"file": (BytesIO(data), "анкеты 2019.zip"), "state": state}
    return world.browser("admin").post("/admin/archive/", data=sent)


def read(world: World) -> JobState:
    """Let the worker do what was asked for; give how the newest job stands."""
    with world.app.app_context():
        jobs.run_waiting()
        db.session.remove()
        return db.session.scalars(select(Job.state).order_by(Job.id.desc())).first() or JobState.WAITING  # fmt: skip  # noqa: E501


def became(world: World) -> list[tuple[str, Became]]:
    with world.app.app_context():
        rows = db.session.scalars(select(ArchiveFile).order_by(ArchiveFile.id))
        return [(row.name, row.became) for row in rows]


def mixed() -> bytes:
    return packed(
        {
            "2019/Омск.txt": sheet(),
            "2019/Томск.txt": sheet("Томск\nКультура", first=""),
            "2019/погода.txt": "Письмо о погоде.",
            "2019/старое.zip": b"PK",
            "../наружу.txt": sheet("Чита\nКультура"),
            "__MACOSX/2019/._Омск.txt": b"x",
            "2019/~$Омск.docx": b"x",
        }
    )


def test_each_file_is_told_of_and_what_is_doubtful_stays_a_draft(world: World) -> None:
    answer = upload(world, mixed())
    assert (answer.status_code, answer.location) == (303, "/admin/archive/1/")
    assert read(world) is JobState.DONE
    assert dict(became(world)) == {
        "../наружу.txt": Became.REFUSED,
        "2019/Омск.txt": Became.TAKEN,
        "2019/Томск.txt": Became.DOUBTFUL,
        "2019/погода.txt": Became.REFUSED,
        "2019/старое.zip": Became.REFUSED,
    }
    assert [row[1] for row in stored(world)] == [State.PUBLISHED, State.DRAFT]
    page = world.browser("admin").get("/admin/archive/1/").text
    for said in ("Вопрос 1: Ответа нет", "/reports/2/preview", "Архив внутри архива", "нет анкеты"):
        assert said in page
    assert "Омск.txt" not in world.browser("admin").get("/admin/archive/1/?only=refused").text
    listed = world.browser("admin").get("/admin/jobs/").text
    assert "взято: 1, под вопросом: 1" in listed


def test_the_list_leaves_as_a_workbook_without_a_formula(world: World) -> None:
    upload(world, packed({"=1+1.txt": "Письмо.", "Омск.txt": sheet()}))
    read(world)
    answer = world.browser("admin").get("/admin/archive/1/file")
    rows = [*openpyxl.load_workbook(BytesIO(answer.data)).active.iter_rows(values_only=True)]
    assert [row[:2] for row in rows[1:]] == [("=1+1.txt", "отказано"), ("Омск.txt", "взято")]
    assert rows[2][3] == f"{world.app.config['BASE_URL'].rstrip('/')}/reports/1/preview"
    assert openpyxl.load_workbook(BytesIO(answer.data)).active["A2"].data_type == "s"


def test_twice_gives_once_and_the_file_is_kept_no_longer_than_needed(world: World) -> None:
    upload(world, mixed())
    with world.app.app_context():
        assert len([*services.kept_files()]) == 1
    read(world)
    upload(world, mixed())
    read(world)
    again = Counter(kind for _name, kind in became(world)[-5:])
    assert again == {Became.REFUSED: 3, Became.PRESENT: 2}
    assert len(stored(world)) == 2
    with world.app.app_context():
        assert [*services.kept_files()] == []


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("before", [True, False], ids=["before the commit", "after it"])
def test_killed_at_a_file_it_goes_on_there(
    world: World, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    two = {"я.txt": sheet("Омск\nКультура", first="Другое.")}
    upload(world, packed({f"{city}.txt": sheet(f"{city}\nКультура") for city in CITIES} | two))
    take, left = Plan.take, [4]

    def dies(self: Plan, parsed: object) -> object:
        left[0] -= 1
        if not before and left[0] == 0:
            raise Killed
        found = take(self, parsed)  # type: ignore[arg-type]
        if before and left[0] == 0:
            raise Killed
        return found

    with monkeypatch.context() as patch:
        patch.setattr(Plan, "take", dies)
        with world.app.app_context(), pytest.raises(Killed):
            jobs.run_waiting()
    assert len(became(world)) == len(stored(world)) == 3
    with world.app.app_context():
        job = db.session.scalars(select(Job)).one()
        job.state = JobState.WAITING  # its claim has run out
        db.session.commit()
    assert read(world) is JobState.DONE
    assert Counter(kind for _n, kind in became(world)) == {Became.TAKEN: 6, Became.REFUSED: 1}
    assert [row[1:] for row in stored(world)] == [(State.PUBLISHED, 1)] * 6


def test_a_lost_archive_says_so(world: World) -> None:
    upload(world, mixed())
    with world.app.app_context():
        files.path_of(db.session.scalars(select(Archive.sha256)).one()).unlink()
    assert read(world) is JobState.FAILED
    assert "потерян" in world.browser("admin").get("/admin/archive/1/").text


def test_a_file_on_which_the_reader_fails_takes_no_other_with_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: str, *_rest: object) -> None:
        raise KeyError(name)

    monkeypatch.setattr("asdg_portal.surveys.archive.taking.parse", fail)
    upload(world, packed({"Омск.txt": sheet(), "Томск.txt": "x"}))
    assert read(world) is JobState.DONE
    assert {kind for _name, kind in became(world)} == {Became.REFUSED}


def bomb() -> bytes:
    """A small zip whose members say that together they are 300 MB."""
    data = bytearray(packed({f"{n}.txt": b"x" for n in range(20)}))
    at = data.find(b"PK\x01\x02")
    while at != -1:
        data[at + 24 : at + 28] = struct.pack("<I", 15 * 1024 * 1024)
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Сначала выберите файл"),
        (b"%PDF-1.7", "не архив zip"),
        (packed({}), "В архиве нет ни одного файла"),
        (bomb(), "больше 200 МБ"),
    ],
)
def test_what_is_no_archive_is_refused_at_once(world: World, data: bytes, said: str) -> None:
    if data:
        answer = upload(world, data)
    else:
        answer = world.browser("admin").post("/admin/archive/", data={"state": "draft"})
    assert answer.status_code == 400
    assert said in answer.text
    with world.app.app_context():
        assert not db.session.scalars(select(Archive)).all()


def test_too_many_files_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_MEMBERS", 1)
    assert "больше 1 файлов" in upload(world, mixed()).text


def test_what_is_wrong_with_a_member_is_told_of_it_alone(world: World) -> None:
    data = bytearray(packed({"а.txt": sheet(), "б.txt": sheet("Томск\nКультура")}))
    data[data.find(b"PK\x01\x02") + 8] |= 1  # the first is encrypted
    at = data.find("б.txt".encode()) + len("б.txt".encode())
    data[at + 3] ^= 0xFF  # the second is damaged
    big = packed({"в.txt": b"0" * (20 * 1024 * 1024 + 1)})
    for archive, said in ((bytes(data), ("паролем", "повреждён")), (big, ("больше 20 МБ",))):
        upload(world, archive)
        read(world)
        with world.app.app_context():
            rows = db.session.scalars(select(ArchiveFile).order_by(ArchiveFile.id.desc())).all()
            reasons = " ".join(reason for row in rows for reason in row.reasons)
        assert all(words in reasons for words in said), reasons


def test_names_from_russian_windows_are_read() -> None:
    plain, marked = zipfile.ZipInfo("x"), zipfile.ZipInfo("Омск.txt")
    marked.flag_bits |= gathering.UTF8_NAME
    plain.filename = "Омск.txt".encode("cp866").decode("cp437")
    assert gathering.name_of(plain) == gathering.name_of(marked) == "Омск.txt"
    plain.filename = "Омск.txt".encode().decode("cp437")
    assert gathering.name_of(plain) == "Омск.txt"


def bring(world: World, *arguments: str | Path) -> Result:
    return run(world, "import", *arguments)


def test_the_command_takes_folders_and_archives_alike(world: World) -> None:
    folder = world.folder / "анкеты"
    (folder / "2019").mkdir(parents=True)
    (folder / "2019" / "Омск.txt").write_text(sheet(), encoding="utf-8")
    (folder / "2019" / "~$Омск.docx").write_bytes(b"x")
    archive = world.folder / "ещё.zip"
    archive.write_bytes(packed({"Томск.txt": sheet("Томск\nКультура")}))
    for outcome in ("сохранён", "уже есть"):
        done = bring(world, folder, archive)
        assert (done.exit_code, done.stdout.count(outcome)) == (0, 2), done.output
    assert len(stored(world)) == 2
    archive.write_bytes(b"nothing")
    assert bring(world, archive).exit_code == 1


def test_the_command_says_what_is_doubtful_and_can_leave_it_a_draft(world: World) -> None:
    file = world.folder / "a.txt"
    file.write_text(sheet(first=""), encoding="utf-8")
    done = bring(world, file, "--state", "published", "--careful")
    assert (done.exit_code, stored(world)[0][1]) == (0, State.DRAFT)
    assert "под вопросом: Вопрос 1: Ответа нет" in done.stderr
    bring(world, file, "--state", "published")
    assert stored(world)[0][1] is State.PUBLISHED


def test_a_draft_that_was_corrected_is_not_undone_by_reading_the_file_again(world: World) -> None:
    file = world.folder / "a.txt"
    file.write_text(sheet(), encoding="utf-8")
    bring(world, file)
    with world.app.app_context():
        from_omsk = ReportText(answers={1: "Открыт музей речного флота и причал."})
        report = db.session.get_one(Report, 1)
        save(report, from_omsk, actor=person(world, "omsk"))
    again = bring(world, file, "--state", "published")
    assert (again.exit_code, "уже есть" in again.stdout) == (0, True)
    assert stored(world) == [("Культура", State.DRAFT, 1)]


def test_an_archive_never_goes_over_the_words_of_people(world: World) -> None:
    file = world.folder / "a.txt"
    file.write_text(sheet(), encoding="utf-8")
    bring(world, file)
    with world.app.app_context():
        report = db.session.get_one(Report, 1)
        save(report, ReportText(answers={1: "Своё."}), actor=person(world, "omsk"))
    file.write_text(sheet(first="Совсем другое."), encoding="utf-8")
    done = bring(world, file, "--state", "published")
    assert (done.exit_code, stored(world)) == (1, [("Культура", State.DRAFT, 1)])
    assert "другими словами" in done.stderr


def person(world: World, name: str) -> User:
    return db.session.get_one(User, world.id_of(name))
