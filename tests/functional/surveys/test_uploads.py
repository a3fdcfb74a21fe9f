"""A report filled from a file: what was read is shown beside it, and nothing is written unseen."""

from __future__ import annotations

import html
import re
from io import BytesIO

import pytest
from docx import Document
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from asdg_portal.accounts.models import User
from asdg_portal.core import files
from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.clock import today
from asdg_portal.core.db import db
from asdg_portal.moderation.channels import Channel
from asdg_portal.moderation.models import State
from asdg_portal.moderation.services import make_public
from asdg_portal.surveys.models import Report
from asdg_portal.surveys.saving.models import SavedText
from asdg_portal.surveys.services import ReportText, save
from asdg_portal.surveys.uploads import services
from asdg_portal.surveys.wordings import WORDINGS
from tests.factories import ANSWERS, YEAR, World

QUESTIONS = [wording.format(year=YEAR, next_year=YEAR + 1) for wording, _audience in WORDINGS]
READ = ["Открыт музей речного флота.", "Отметим опыт Томска.", "Ремонт причала.", "Методики.", "Да."]  # fmt: skip  # noqa: E501
SIGNED = "Начальник управления И. И. Иванов"
EMPTY = dict.fromkeys(range(1, 6), "")


def sheet(head: str = f"Омск\nОрганизационная работа\n{YEAR} год", *answers: str) -> str:
    texts = answers or READ
    asked = zip(QUESTIONS, texts, strict=True)
    return "\n".join([head, *(f"{n}. {q}\n{a}" for n, (q, a) in enumerate(asked, 1)), SIGNED])


def send(client: FlaskClient, report: int, data: str | bytes, name: str = "а.txt") -> TestResponse:
    raw = data.encode() if isinstance(data, str) else data
    return client.post(f"/reports/{report}/upload/", data={"file": (BytesIO(raw), name)})


def shown(client: FlaskClient, report: int, text: str | None = None) -> str:
    """Upload a sheet; give the address of the page that shows it."""
    answer = send(client, report, text or sheet())
    assert answer.status_code == 303, answer.text
    return answer.location


def fields(page: str) -> dict[str, str]:
    """What a browser would send if the button were pressed at once."""
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    areas = re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\n(.*?)</textarea>', page, re.S)
    chosen = re.findall(r'<input type="radio" name="(\w+)" value="(\w+)" checked>', page)
    typed = {name: html.unescape(text) for name, text in areas}
    return found | typed | dict(chosen)


def stands(world: World, report: int) -> dict[str, str]:
    with world.app.app_context():
        return {p.name: p.text for p in db.session.get_one(Report, report).current.parts()}


def write(world: World, report: int, text: str, name: str = "omsk2") -> None:
    """A colleague saves something in answer 1."""
    with world.app.app_context():
        actor = db.session.get_one(User, world.id_of(name))
        save(db.session.get_one(Report, report), ReportText(answers={1: text}), actor=actor)


def empty(world: World) -> int:
    return world.report(answers=EMPTY)


def test_an_empty_draft_is_filled_and_the_history_knows(world: World) -> None:
    report, city = empty(world), world.browser("omsk")
    address = shown(city, report)
    page = city.get(address).text
    assert stands(world, report)["q1"] == ""
    for text in (*READ, SIGNED, "Не вошло ни в одну часть"):
        assert text in page
    assert "Открыт музей" in page.split('class="original"')[3], "beside its answer"
    sent = fields(page)
    assert [sent[f"q{n}"] for n in range(1, 6)] == READ
    answer = city.post(address, data=sent | {"q3": "Ремонт причала и пирса."})
    assert (answer.status_code, answer.location) == (303, f"/reports/{report}/edit")
    assert stands(world, report)["q3"] == "Ремонт причала и пирса."
    assert stands(world, report)["q1"] == READ[0]
    with world.app.app_context():
        saved = db.session.scalars(select(SavedText).filter_by(part="q1", number=1)).one()
        assert saved.saved_by_id == world.id_of("omsk")
        acts = db.session.scalars(select(AuditEntry.action)).all()
    assert {"save", "fill_from_file"} <= {*acts}
    assert "заполнено из файла" in world.browser("admin").get("/admin/log/").text


def test_what_stands_there_stays_unless_it_is_chosen_otherwise(world: World) -> None:
    report, city = world.report(), world.browser("omsk")
    address = shown(city, report)
    page = city.get(address).text
    assert "<del>" in page
    assert "<ins>" in page
    sent = fields(page)
    assert {sent[f"choice_q{n}"] for n in range(1, 6)} == {"keep"}
    assert city.post(address, data=sent).status_code == 303
    assert stands(world, report)["q1"] == ANSWERS[1]
    chosen = {"choice_q1": "file", "choice_q2": "own", "q2": "Оба вместе."}
    assert city.post(address, data=sent | chosen).status_code == 303
    now = stands(world, report)
    assert (now["q1"], now["q2"], now["q3"]) == (READ[0], "Оба вместе.", ANSWERS[3])


def test_a_corrected_field_is_never_dropped_by_the_choice_beside_it(world: World) -> None:
    report, city = world.report(), world.browser("omsk")
    address = shown(city, report)
    sent = fields(city.get(address).text) | {"q1": "Исправлено.", "choice_q2": "file"}
    answer = city.post(address, data=sent)
    assert answer.status_code == 422
    again = fields(answer.text)
    assert (again["q1"], again["choice_q2"]) == ("Исправлено.", "file")
    assert "Вы изменили текст в поле" in answer.text
    assert stands(world, report)["q2"] == ANSWERS[2], "nothing is taken by half"


def test_what_is_wrong_gives_everything_back(world: World) -> None:
    report, city = empty(world), world.browser("omsk")
    address = shown(city, report)
    sent = fields(city.get(address).text) | {"q1": "я" * 50_001, "q2": "Набрано."}
    answer = city.post(address, data=sent)
    assert answer.status_code == 422
    again = fields(answer.text)
    assert (len(again["q1"]), again["q2"]) == (50_001, "Набрано.")
    assert "длиннее 50000 знаков" in answer.text
    assert not any(stands(world, report)[f"q{n}"] for n in range(1, 6))


@pytest.mark.parametrize("before", [True, False], ids=["over a text", "over nothing"])
def test_what_a_colleague_saves_meanwhile_is_not_overwritten(world: World, before: bool) -> None:
    report, city = world.report() if before else empty(world), world.browser("omsk")
    address = shown(city, report)
    sent = fields(city.get(address).text) | {"choice_q1": "file"} if before else fields(city.get(address).text)  # fmt: skip  # noqa: E501
    write(world, report, "Коллега написал.")
    answer = city.post(address, data=sent)
    assert answer.status_code == 409
    assert stands(world, report)["q1"] == "Коллега написал."
    assert "Коллега написал." in answer.text
    again = fields(answer.text)
    assert (again["q1"], again["choice_q1"]) == (READ[0], "keep")
    assert city.post(address, data=again).status_code == 303
    assert stands(world, report)["q1"] == "Коллега написал."
    assert city.post(address, data=again | {"choice_q1": "file"}).status_code == 303
    assert stands(world, report)["q1"] == READ[0]


def test_a_choice_made_before_a_colleague_saved_is_asked_again(world: World) -> None:
    report, city = world.report(), world.browser("omsk")
    address = shown(city, report)
    sent = fields(city.get(address).text) | {"choice_q1": "file", "q2": "я" * 50_001}
    write(world, report, "Коллега написал.")
    again = city.post(address, data=sent)
    assert again.status_code == 422
    assert fields(again.text)["choice_q1"] == "keep"
    assert "Коллега написал." in again.text


def test_another_sheet_must_be_confirmed(world: World) -> None:
    report, city = empty(world), world.browser("omsk")
    address = shown(city, report, sheet(f"Томск\nКультура\n{YEAR} год"))
    page = city.get(address).text
    assert "в файле «Томск», в этом отчёте «Омск»" in page
    assert "в файле «Культура»" in page
    sent = fields(page)
    refused = city.post(address, data=sent | {"q1": "Набрано."})
    assert refused.status_code == 422
    assert fields(refused.text)["q1"] == "Набрано."
    assert stands(world, report)["q1"] == ""
    assert city.post(address, data=sent | {"confirmed": "yes"}).status_code == 303
    assert stands(world, report)["q1"] == READ[0]


def test_of_several_sheets_one_is_chosen(world: World) -> None:
    report, city = empty(world), world.browser("omsk")
    second = ["Другой ответ.", *READ[1:]]
    both = sheet(f"Томск\nОрганизационная работа\n{YEAR} год") + "\n" + sheet(f"Омск\nОрганизационная работа\n{YEAR} год", *second)  # fmt: skip  # noqa: E501
    address = shown(city, report, both)
    page = city.get(address).text
    assert "?record=1" in page
    assert "Другой ответ." not in page
    chosen = f"{address}?record=1"
    page = city.get(chosen).text
    assert "о другой анкете" not in page
    assert city.post(chosen, data=fields(page)).status_code == 303
    assert stands(world, report)["q1"] == "Другой ответ."
    assert city.get(f"{address}?record=99").status_code == 200


def test_doubts_stand_beside_what_they_are_about(world: World) -> None:
    report, city = empty(world), world.browser("omsk")
    page = city.get(shown(city, report, sheet(f"Омск\nОрганизационная работа\n{YEAR} год", *READ[:3], "", "Да."))).text  # fmt: skip  # noqa: E501
    section = page.split('aria-label="4.')[1].split("</section>")[0]
    assert "Под вопросом" in section
    assert "Ответа нет" in section


def test_a_published_report_gets_a_new_revision(world: World) -> None:
    report, city = world.report(State.PUBLISHED), world.browser("omsk")
    address = shown(city, report)
    page = city.get(address).text
    assert "станет новой редакцией" in page
    assert world.state(report) is State.PUBLISHED
    assert city.post(address, data=fields(page)).status_code == 303
    assert world.state(report) is State.PUBLISHED, "nothing was chosen, nothing has begun"
    chosen = fields(page) | {"choice_q1": "file"}
    assert city.post(address, data=chosen).status_code == 303
    assert world.state(report) is State.DRAFT
    assert stands(world, report)["q1"] == READ[0]
    assert ANSWERS[3].splitlines()[0][2:] in world.browser().get(f"/reports/{report}/").text
    with world.app.app_context():
        item = db.session.get_one(Report, report)
        assert [(r.number, r.is_public) for r in item.revisions] == [(1, True), (2, False)]
    # Sent once more, it finds what it has done.
    assert city.post(address, data=chosen).status_code == 303
    assert stands(world, report)["q1"] == READ[0]


def test_a_revision_that_began_meanwhile_is_not_written_over(world: World) -> None:
    report, city = world.report(State.PUBLISHED), world.browser("omsk")
    address = shown(city, report)
    chosen = fields(city.get(address).text) | {"choice_q1": "file"}
    world.browser("omsk2").post(f"/reports/{report}/revise")
    write(world, report, "Коллега написал.")
    answer = city.post(address, data=chosen)
    assert answer.status_code == 409
    assert stands(world, report)["q1"] == "Коллега написал."
    assert READ[0] in answer.text


def test_a_revision_that_was_published_meanwhile_is_not_replaced_unseen(world: World) -> None:
    report, city = world.report(State.PUBLISHED), world.browser("omsk")
    address = shown(city, report)
    chosen = fields(city.get(address).text) | {"choice_q1": "file"}
    world.browser("omsk2").post(f"/reports/{report}/revise")
    write(world, report, "Коллега написал.")
    with world.app.app_context():
        item = db.session.get_one(Report, report)
        item.state = State.PUBLISHED
        make_public(item)
        db.session.commit()
    answer = city.post(address, data=chosen)
    assert answer.status_code == 409
    assert READ[0] in answer.text
    assert (world.state(report), stands(world, report)["q1"]) == (
        State.PUBLISHED,
        "Коллега написал.",
    )


def test_who_may_not(world: World) -> None:
    report = empty(world)
    address = shown(world.browser("omsk"), report)
    staff = world.browser("moderator")
    for answer in (staff.get(f"/reports/{report}/upload/"), send(staff, report, sheet()), staff.get(address)):  # fmt: skip  # noqa: E501
        assert answer.status_code == 403
        assert "внесут анкету за город" in answer.text
    assert send(world.browser("tomsk"), report, sheet()).status_code == 404
    # Another person of the city does not get at the file of the first.
    other = world.browser("omsk2").get(address)
    assert (other.status_code, other.location) == (303, f"/reports/{report}/upload/")
    with world.app.app_context():
        revision = db.session.get_one(Report, report).current
        revision.channel, revision.received_on = Channel.PAPER, today()
        db.session.commit()
    answer = staff.get(shown(staff, report))
    assert READ[0] in answer.text


def test_what_was_handed_in_is_not_filled(world: World) -> None:
    report, city = world.report(State.SUBMITTED), world.browser("omsk")
    answer = city.get(f"/reports/{report}/upload/")
    assert answer.status_code == 409
    assert "сначала отзовите" in answer.text


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("а.txt", b"", "Файл пуст"),
        ("а.txt", "Письмо о погоде.".encode(), "В файле нет анкеты"),
        ("а.docx", b"\xd0\xcf\x11\xe0" + b"x" * 600, "сохраните"),
        ("а.docx", b"PK\x03\x04 broken", "повреждён"),
        ("а.xlsx", b"x", "сохраните"),
    ],
)
def test_what_the_reader_refuses_is_told_with_the_cure(
    world: World, name: str, data: bytes, said: str
) -> None:
    report, city = empty(world), world.browser("omsk")
    answer = send(city, report, data, name)
    assert answer.status_code == 400
    assert said in answer.text


def test_no_file_and_one_that_is_too_large(world: World) -> None:
    report, city = empty(world), world.browser("omsk")
    answer = city.post(f"/reports/{report}/upload/", data={})
    assert "Сначала выберите файл" in answer.text
    kind = "multipart/form-data; boundary=b"
    declared = {"CONTENT_LENGTH": str(26 * 1024 * 1024), "CONTENT_TYPE": kind}
    large = city.post(f"/reports/{report}/upload/", environ_overrides=declared)
    assert (large.status_code, "слишком" in large.text) == (413, True)


def test_a_file_that_is_gone_leaves_what_was_typed(world: World) -> None:
    report, city = empty(world), world.browser("omsk")
    address = shown(city, report)
    sent = fields(city.get(address).text)
    with world.app.app_context():
        files.path_of(files.keep(sheet().encode())).unlink()
    assert city.get(address).status_code == 303
    long = city.post(address, data=sent | {"q2": "я" * 50_001})
    assert "больше не хранится" in long.text
    assert fields(long.text)["q1"] == READ[0]
    assert city.post(address, data=sent).status_code == 303
    assert stands(world, report)["q1"] == READ[0]


def test_markup_in_a_file_is_shown_as_text(world: World) -> None:
    report, city = world.report(), world.browser("omsk")
    text = sheet(f"Омск\nОрганизационная работа\n{YEAR} год", "<script>alert(1)</script> о музее", *READ[1:])  # fmt: skip  # noqa: E501
    page = city.get(shown(city, report, text)).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_form_leads_here(world: World) -> None:
    report, city = world.report(), world.browser("omsk")
    assert f"/reports/{report}/upload/" in city.get(f"/reports/{report}/edit").text
    public = world.report(State.PUBLISHED, sector="Культура")
    assert f"/reports/{public}/upload/" in city.get(f"/reports/{public}/preview").text
    assert services.KEPT_FOR < files.ORPHANED, "the store keeps it as long as it is promised"


def test_a_form_of_ours_brings_who_answers_where_nothing_stands(world: World) -> None:
    report, client = world.report(State.DRAFT), world.browser("omsk")
    document = Document(BytesIO(client.get(f"/reports/{report}/blank.docx").data))
    rows = [row for table in document.tables for row in table.rows if len(row.cells) > 1]
    cells = {row.cells[0].text: row.cells[1] for row in rows}
    cells["Исходящий №"].text = "17-р"
    cells["К кому могут обратиться коллеги"].text = "Иная И. И."
    data = BytesIO()
    document.save(data)
    answer = send(client, report, data.getvalue(), "бланк.docx")
    page = client.get(answer.location).text
    after = client.post(answer.location, data=fields(page), follow_redirects=True).text
    assert "Оставлено как есть" in after
    with world.app.app_context():
        kept = db.session.get_one(Report, report).current
        assert kept.outgoing_number == "17-р"
        assert kept.contact_name == "Петров П. П."
