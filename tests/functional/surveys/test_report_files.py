"""A report as a file: who gets it, what stands in it, and the form to fill in offline."""

from __future__ import annotations

import io
import re
import time
import zipfile
from datetime import date
from typing import Any
from urllib.parse import unquote

import docx
import pytest
from docx.text.paragraph import Paragraph
from pypdf import PdfReader

from asdg_portal.accounts.models import User
from asdg_portal.cities.gazetteer import load_gazetteer
from asdg_portal.cities.queries import sectors
from asdg_portal.core.db import db
from asdg_portal.core.text import clean
from asdg_portal.moderation.models import Audience, State
from asdg_portal.surveys.commitments.models import Commitment, Outcome
from asdg_portal.surveys.documents import LONGEST_ANSWER, ParsedReport, Sectors, parse
from asdg_portal.surveys.documents.model import TaskSaid
from asdg_portal.surveys.models import Report
from asdg_portal.surveys.papers.home import bring_home, outcome_of
from asdg_portal.surveys.wordings import standard_questions
from tests.factories import ANSWERS, YEAR, World

HIDDEN = "методические рекомендации по архивам"
ALL = {f"q{number}": text for number, text in ANSWERS.items()}


def get(world: World, path: str, name: str | None = None) -> bytes:
    answer = world.browser(name).get(path)
    assert answer.status_code == 200, answer.status_code
    data: bytes = answer.data
    return data


def words(data: bytes) -> str:
    """All that is written in a Word file, tables included."""
    body = docx.Document(io.BytesIO(data)).element.body
    return "\n".join("".join(p.itertext()) for p in body.iter("{*}p"))


def read(world: World, data: bytes) -> ParsedReport:
    with world.app.test_request_context():
        rows = [{"name": sector.name} for sector in sectors()]
        parsed = parse("отчёт.docx", data, load_gazetteer(), Sectors(rows))
    assert parsed.error is None
    return parsed.records[0]


def set_text(world: World, report_id: int, **fields: Any) -> None:
    with world.app.app_context():
        report = db.session.get_one(Report, report_id)
        for name, value in fields.items():
            if name[0] == "q" and name[1:].isdigit():
                report.current.answers[int(name[1:])].text = value
            else:
                setattr(report.current, name, value)
        db.session.commit()
    world.forget()


def test_everybody_gets_what_the_page_shows_them(world: World) -> None:
    report = world.report(State.PUBLISHED)
    path = f"/reports/{report}/file.docx"
    for name, sees_answer, sees_contact in (
        (None, False, False),
        ("specialist", True, True),
        ("omsk", True, True),
        ("moderator", True, True),
    ):
        data = get(world, path, name)
        assert (HIDDEN in words(data)) is sees_answer, name
        assert ("00-00-01" in words(data)) is sees_contact, name
        # Nor does it travel in the file unseen.
        record = read(world, data)
        assert record.answers["q4"] == (ANSWERS[4] if sees_answer else "")
        assert record.answers["q1"] == ANSWERS[1]
        pdf = PdfReader(io.BytesIO(get(world, path.replace("docx", "pdf"), name)))
        text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
        assert ("архивам" in text) is sees_answer
        root: Any = pdf.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]


def test_the_copy_in_the_file_holds_only_what_its_reader_sees(world: World) -> None:
    data = get(world, f"/reports/{world.report(State.PUBLISHED)}/file.docx")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode("latin-1")
    assert "архивам" not in everything.encode("latin-1").decode("utf-8", "replace")


def test_a_draft_is_for_its_city_and_says_so(world: World) -> None:
    report = world.report(State.DRAFT)
    for name in (None, "tomsk", "specialist"):
        for path in (f"/reports/{report}/file.docx", f"/reports/{report}/file.pdf"):
            assert world.browser(name).get(path).status_code == 404
    data = get(world, f"/reports/{report}/file.docx", "omsk")
    assert "Черновик, не отправлен" in words(data)
    assert read(world, data).answers == ALL
    assert read(world, data).preface == "Работа строится по плану."


def test_the_next_revision_is_in_the_preview_alone(world: World) -> None:
    report = world.report(State.PUBLISHED)
    world.browser("omsk").post(f"/reports/{report}/revise", data={"version": "1"})
    with world.app.app_context():
        item = db.session.get_one(Report, report)
        if len(item.revisions) == 1:
            item.revisions.append(item.copy_current())
            item.state = State.DRAFT
            db.session.commit()
    set_text(world, report, q1="Новая редакция ответа.")
    for name in (None, "tomsk", "omsk"):
        data = get(world, f"/reports/{report}/file.docx", name)
        assert "Новая редакция" not in words(data)
    assert "Новая редакция" in words(get(world, f"/reports/{report}/preview/file.docx", "omsk"))
    for name in ("tomsk", "specialist"):
        path = f"/reports/{report}/preview/file.docx"
        assert world.browser(name).get(path).status_code == 404


def test_the_file_has_a_russian_name_and_the_marks_of_the_letter(world: World) -> None:
    report = world.report(State.PUBLISHED)
    set_text(world, report, outgoing_number="17-р", outgoing_date=date(2026, 3, 2))
    answer = world.browser().get(f"/reports/{report}/file.docx")
    disposition = answer.headers["Content-Disposition"]
    assert f"Отчёт — Омск — Организационная работа — {YEAR}.docx" in unquote(disposition)
    assert "filename*=UTF-8''" in disposition
    assert "private" in answer.headers["Cache-Control"] or "no-store" in answer.headers["Cache-Control"]  # fmt: skip  # noqa: E501
    text = words(answer.data)
    assert "Исх. № 17-р от 02.03.2026" in text
    assert "Иванов И. И." in text
    details = read(world, answer.data).details
    assert details["outgoing_number"] == "17-р"
    assert details["author_name"] == "Иванов И. И."


def test_a_report_of_the_longest_answers_is_a_file_within_a_second(world: World) -> None:
    report = world.report(State.PUBLISHED)
    sentence = "В городе продолжена работа по развитию местного самоуправления и связей. "
    long = clean("\n\n".join([sentence * 10] * (LONGEST_ANSWER // len(sentence) // 10)))
    set_text(world, report, **{f"q{n}": long for n in range(1, 6)})
    get(world, f"/reports/{report}/file.pdf", "omsk")  # fonts are read once
    for ending, beginning in (("pdf", b"%PDF"), ("docx", b"PK")):
        begun = time.process_time()
        data = get(world, f"/reports/{report}/file.{ending}", "omsk")
        assert time.process_time() - begun < 1
        assert data.startswith(beginning)
    assert read(world, data).answers["q5"] == long


def test_the_form_is_filled_in_and_read_back(world: World) -> None:
    world.report(State.PUBLISHED, year=YEAR - 1)
    report = world.report(State.DRAFT)
    set_text(world, report, q1="Начато: **важное**.", q2="", q3="", q4="", q5="", preface="")
    data = get(world, f"/reports/{report}/blank.docx", "omsk")
    assert "Отметим опыт Новосибирска" in words(data)  # last year's, to read
    record = read(world, data)
    assert record.answers == {"q1": "Начато: **важное**.", "q2": "", "q3": "", "q4": "", "q5": ""}
    assert record.preface == ""
    assert [said.outcome for said in record.tasks.values()] == ["", ""]
    assert record.details["contact_name"] == "Петров П. П."

    document = docx.Document(io.BytesIO(data))
    below = {p.text[:2]: p._p for p in document.paragraphs if re.match(r"\d\. ", p.text)}
    place = below["2."].getnext().getnext()  # below the frame
    Paragraph(place, document._body).add_run("Опыт Томска: a*b.")
    tasks = next(t for t in document.tables if t.cell(0, 0).text == "Задача")
    tasks.cell(1, 1).text, tasks.cell(1, 2).text = "выполнено", "в июле"
    buffer = io.BytesIO()
    document.save(buffer)
    record = read(world, buffer.getvalue())
    assert record.answers["q2"] in {"Опыт Томска: a*b.", "Опыт Томска: a\\*b."}
    assert record.answers["q3"] == ""
    said = next(iter(record.tasks.values()))
    assert (said.outcome, said.note) == ("выполнено", "в июле")


def test_the_form_comes_before_the_report_and_stores_nothing(world: World) -> None:
    with world.app.app_context():
        slug = sectors()[0].slug
    path = f"/reports/new/{YEAR}/{slug}/blank.docx"
    data = get(world, path, "omsk")
    record = read(world, data)
    assert (record.city, record.year) == ("Омск", YEAR)
    assert set(record.answers.values()) == {""}
    assert record.details["contact_name"] == "Имя omsk"
    assert len(standard_questions()) == len(record.questions)
    with world.app.app_context():
        assert db.session.query(Report).count() == 0
    for name in ("moderator", "specialist"):
        assert world.browser(name).get(path).status_code == 404
    assert world.browser("omsk").get(f"/reports/new/{YEAR}/nothing/blank.docx").status_code == 404
    assert world.browser("omsk").get(f"/reports/new/1990/{slug}/blank.docx").status_code == 404


def test_what_was_sent_has_no_form(world: World) -> None:
    report = world.report(State.SUBMITTED)
    assert world.browser("omsk").get(f"/reports/{report}/blank.docx").status_code == 409
    assert world.browser("tomsk").get(f"/reports/{report}/blank.docx").status_code == 404


def test_pages_have_the_buttons(world: World) -> None:
    published, draft = world.report(State.PUBLISHED), world.report(State.DRAFT, sector="Культура")
    assert f'/reports/{published}/file.docx"' in get(world, f"/reports/{published}/").decode()
    edit = get(world, f"/reports/{draft}/edit", "omsk").decode()
    assert "Скачать бланк для заполнения без сети" in edit
    assert f"/reports/{draft}/preview/file.pdf" in edit
    assert f"/reports/{draft}/preview/file.docx" in get(world, f"/reports/{draft}/preview", "omsk").decode()  # fmt: skip  # noqa: E501
    assert "/blank.docx" in get(world, "/reports/new", "omsk").decode()


def test_what_a_form_says_besides_the_answers_comes_home_where_nothing_stands(world: World) -> None:
    world.report(State.PUBLISHED, year=YEAR - 1)
    report = world.report(State.DRAFT)
    record = read(world, get(world, f"/reports/{report}/blank.docx", "omsk"))
    first, second = record.tasks
    record.tasks[first] = TaskSaid("Выполнено", "в июле")
    record.tasks[second] = TaskSaid("как получится", "")
    record.details.update(outgoing_number="5-р", outgoing_date="03.02.2026", contact_name="Иная И.")
    record.details["contact_email"] = "не адрес"
    with world.app.test_request_context():
        item, actor = db.session.get_one(Report, report), db.session.get_one(User, world.id_of("omsk"))  # fmt: skip  # noqa: E501
        assert bring_home(item, record, actor=actor) == ["contact_name", "contact_email"]
    with world.app.app_context():
        kept = db.session.get_one(Report, report).current
        assert (kept.outgoing_number, kept.outgoing_date) == ("5-р", date(2026, 2, 3))
        assert kept.contact_name == "Петров П. П."
        said = [(card.outcome, card.note) for card in kept.commitments]
        assert said == [(Outcome.DONE, "в июле"), (None, "как получится")]
    with world.app.test_request_context():
        item, actor = db.session.get_one(Report, report), db.session.get_one(User, world.id_of("omsk"))  # fmt: skip  # noqa: E501
        record.tasks[first] = TaskSaid("снято", "")
        bring_home(item, record, actor=actor)
        assert item.current.commitments[0].outcome is Outcome.DONE


@pytest.mark.parametrize(
    ("words", "end"),
    [
        ("выполнено", Outcome.DONE),
        (" Частично", Outcome.PARTLY),
        ("перенесено на 2027", Outcome.MOVED),
        ("снято", Outcome.DROPPED),
        ("не выполнено", None),
        ("", None),
    ],
)
def test_the_end_of_a_task_by_its_word(words: str, end: Outcome | None) -> None:
    assert outcome_of(words) is end


def test_the_closed_year_is_for_those_who_may_read_all_it_is_made_of(world: World) -> None:
    report = world.report(State.PUBLISHED)
    with world.app.app_context():
        task = Commitment(
            key="0" * 16,
            position=0,
            text="Отремонтировать мост",
            since_year=YEAR,
            audience=Audience.MEMBERS,
            outcome=Outcome.DONE,
        )
        task.revision_id = db.session.get_one(Report, report).current.id
        db.session.add(task)
        db.session.commit()
    world.forget()
    for name, sees in ((None, False), ("specialist", True), ("omsk", True)):
        assert ("мост" in words(get(world, f"/reports/{report}/file.docx", name))) is sees
    data = get(world, f"/reports/{report}/file.docx", "omsk")
    assert read(world, data).answers == ALL  # it is no part of an answer
    assert read(world, data).preface == "Работа строится по плану."


def test_what_was_written_into_a_frame_is_not_read_but_told(world: World) -> None:
    data = get(world, f"/reports/{world.report(State.DRAFT)}/blank.docx", "omsk")
    document = docx.Document(io.BytesIO(data))
    frame = next(t for t in document.tables if "Пишите под этой рамкой" in t.cell(0, 0).text)
    frame.cell(0, 0).add_paragraph("Ответ не туда.")
    buffer = io.BytesIO()
    document.save(buffer)
    with world.app.test_request_context():
        rows = [{"name": sector.name} for sector in sectors()]
        known = load_gazetteer()
        before = parse("бланк.docx", data, known, Sectors(rows))
        after = parse("бланк.docx", buffer.getvalue(), known, Sectors(rows))
    assert before.warnings == []
    assert [(w.field, w.code) for w in after.warnings] == [("preface", "frame_changed")]
    assert after.records == before.records
