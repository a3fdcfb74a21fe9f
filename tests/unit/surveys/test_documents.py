"""The reader of old questionnaires: layouts, encodings, and files that are none."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from docx import Document
from flask_babel import force_locale
from hypothesis import given, settings, strategies as st

from asdg_portal.cities.recognition import CityName, Gazetteer
from asdg_portal.cities.services import DATA
from asdg_portal.surveys.documents import ParsedFile, ParsedReport, Sectors, parse, to_json
from asdg_portal.surveys.wordings import WORDINGS
from tests.portal import make_app

QUESTIONS = [wording.format(year=2019, next_year=2020) for wording, _audience in WORDINGS]
ANSWERS = [
    "Построили мост через Ингоду.\n\nОбновили автобусы.",
    "Отмечаем опыт Томска по безналичной оплате.",
    "Предстоит:\n\n- ремонт дорог\n- новые светофоры",
    "Нужны методики.",
    "Да, считаем.",
]
READ = {f"q{n}": answer for n, answer in enumerate(ANSWERS, 1)}


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    with (DATA / "cities.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Gazetteer(
        CityName(r["name"], r["adjective"], r["demonym_plural"], r["region"]) for r in rows
    )


@pytest.fixture(scope="module")
def sectors() -> Sectors:
    return Sectors(json.loads((DATA / "sectors.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module", autouse=True)
def _messages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Messages are translated, which needs an application."""
    with make_app(tmp_path_factory.mktemp("reader")).app_context():
        yield


@pytest.fixture
def read(gazetteer: Gazetteer, sectors: Sectors) -> Any:
    def read_file(data: bytes | str, name: str = "анкета.txt") -> ParsedFile:
        raw = data.encode() if isinstance(data, str) else data
        return parse(name, raw, gazetteer, sectors)

    return read_file


def sheet(*, label: str = "{n}. ", head: str = "г. Чита\nТранспорт\n") -> str:
    """A filled questionnaire of Чита; ``label`` stands before each question."""
    parts = [
        f"{label.format(n=n)}{question}\n{answer}"
        for n, (question, answer) in enumerate(zip(QUESTIONS, ANSWERS, strict=True), 1)
    ]
    return head + "\n".join(parts)


def only(parsed: ParsedFile) -> ParsedReport:
    assert parsed.error is None
    assert len(parsed.records) == 1
    return parsed.records[0]


LABELS = ["{n}. ", "{n}) ", "{n}.", "Вопрос {n}. ", "Вопрос {n}\n", "№{n} ", "{n} — ", ""]


@pytest.mark.parametrize("label", LABELS)
def test_questions_are_found_however_they_are_numbered(read: Any, label: str) -> None:
    record = only(read(sheet(label=label)))
    assert (record.city, record.sector, record.year) == ("Чита", "Транспорт", 2019)
    assert record.answers == READ
    assert record.mentions == ["Томск"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8-r"])
def test_every_encoding_of_the_archive_is_read(read: Any, encoding: str) -> None:
    text = sheet().replace("—", "-")
    assert only(read(text.encode(encoding))).answers == READ


def test_capitals_in_cp1251_are_not_taken_for_koi8(read: Any) -> None:
    record = only(read(sheet().upper().encode("cp1251")))
    assert record.city == "Чита"


def test_questions_in_another_order_are_known_by_their_words(read: Any) -> None:
    order = [0, 1, 3, 2, 4]
    text = "Якутск\n(Культура)\n" + "\n".join(
        f"{n}. {QUESTIONS[i]}\n{ANSWERS[i]}" for n, i in enumerate(order, 1)
    )
    assert only(read(text)).answers == READ


REWORDED = [
    "Что значительного удалось сделать в 2019 г.?",
    "Какие успехи коллег из других городов вы отметили особо?",
    "Задачи на 2020 год.",
    "Чем может помочь Ассоциация сибирских и дальневосточных городов?",
    "Целесообразно ли проведение совещания по проблемам отрасли?",
]


def test_reworded_questions_are_known(read: Any) -> None:
    pairs = zip(REWORDED, ANSWERS, strict=True)
    text = "Якутск\nКультура\n" + "\n".join(f"{n}. {q}\n{a}" for n, (q, a) in enumerate(pairs, 1))
    record = only(read(text))
    assert record.answers == READ
    assert record.questions["q3"] == "Задачи на 2020 год."


def test_a_question_worded_like_no_other_is_known_by_its_number(read: Any) -> None:
    parsed = read(sheet().replace(QUESTIONS[1], "Кого хочется похвалить?"))
    assert only(parsed).answers == READ
    assert [w.field for w in parsed.warnings] == ["q2"]


def test_a_question_that_may_have_been_swallowed_is_told(read: Any) -> None:
    hidden = f"4. {QUESTIONS[3]}", "Чем поможет АСДГ?"
    parsed = read(sheet().replace(*hidden))
    assert [w.field for w in parsed.warnings] == ["q4", "q3"]


def test_numbers_alone_will_do(read: Any) -> None:
    text = "г. Чита\nТранспорт\nОтчёт за 2019 год\n" + "\n".join(
        f"{n}. Ответ номер {n}." for n in range(1, 6)
    )
    record = only(read(text))
    assert record.answers["q5"] == "Ответ номер 5."
    assert record.year == 2019


def test_an_answer_may_begin_in_the_line_of_its_question(read: Any) -> None:
    record = only(read(sheet().replace("?\n", "? ")))
    assert record.answers == READ


def test_a_figure_of_speech_in_an_answer_is_no_question(read: Any) -> None:
    rhetoric = "Построили мост через Ингоду.\n\nКакие задачи стояли перед нами? Успеть к сроку."
    record = only(read(sheet().replace(ANSWERS[0], rhetoric)))
    assert record.answers["q1"] == rhetoric
    assert record.answers["q3"] == ANSWERS[2]


def test_lines_broken_to_fit_are_put_together(read: Any) -> None:
    wrapped = (
        "Построили мост через Ингоду, который соединил два района и сократил\n"
        "дорогу на работу вдвое, а также обновили\nавтобусы на трёх маршрутах."
    )
    record = only(read(sheet().replace(ANSWERS[0], wrapped)))
    assert record.answers["q1"] == wrapped.replace("\n", " ")


def test_the_preface_is_kept_apart(read: Any) -> None:
    head = "ЧИТА\nТранспорт\nОтрасль работает по плану:\n- автобусы\n- дороги\n"
    record = only(read(sheet(head=head)))
    assert record.preface == "Отрасль работает по плану:\n\n- автобусы\n- дороги"


def test_who_signed_belongs_to_no_answer(read: Any) -> None:
    signed = sheet() + "\nНачальник управления        И.И. Иванов\nИсполнитель: Петрова, тел. 22-22"
    assert only(read(signed)).answers["q5"] == "Да, считаем."


def test_every_part_says_where_in_the_document_it_was_read(read: Any) -> None:
    text = sheet(head="г. Чита\nТранспорт\nРаботаем.\n") + "\nНачальник управления И.И. Иванов"
    parsed = read(text)
    lines = [line for line in text.split("\n") if line]
    assert parsed.lines == lines
    assert only(parsed).places == {
        "heading": (0, 2),
        "preface": (2, 3),
        "q1": (3, 6),
        "q2": (6, 8),
        "q3": (8, 12),
        "q4": (12, 14),
        "q5": (14, 16),
        "signature": (16, 17),
    }


def test_the_year_comes_from_the_title_when_the_question_says_none(read: Any) -> None:
    text = sheet(head="Анкета АСДГ за 2018 год\nг. Чита\nТранспорт\n")
    text = text.replace("в 2019 году", "в отчётном году").replace("в 2020 году", "на будущее")
    assert only(read(text)).year == 2018


def test_the_year_comes_from_the_third_question_when_nothing_else_says_it(read: Any) -> None:
    assert only(read(sheet().replace("в 2019 году", "в отчётном году"))).year == 2019


def test_a_volume_of_several_cities_gives_several_records(read: Any) -> None:
    text = sheet() + "\n" + sheet(head="г. Томск\nРаботаем.\n")
    parsed = read(text)
    assert [r.city for r in parsed.records] == ["Чита", "Томск"]
    assert [r.sector for r in parsed.records] == ["Транспорт", "Транспорт"]
    assert [r.preface for r in parsed.records] == ["", "Работаем."]
    assert parsed.records[1].mentions == []  # its own city


def test_a_city_can_answer_about_several_directions(read: Any) -> None:
    parsed = read(sheet() + "\n" + sheet(head="Культура\n"))
    assert [(r.city, r.sector) for r in parsed.records] == [
        ("Чита", "Транспорт"),
        ("Чита", "Культура"),
    ]


def test_what_is_doubtful_is_said(read: Any) -> None:
    text = sheet(head="Администрация города Казани\n").replace(f"4. {QUESTIONS[3]}\n", "")
    text = text.replace("Нужны методики.\n", "").replace("Да, считаем.", "")
    parsed = read(text)
    assert only(parsed).city is None
    fields = {warning.field for warning in parsed.warnings}
    assert fields == {"city", "sector", "q4", "q5"}
    assert only(parsed).sector == "Транспорт"  # concluded from the text, and said so


def word_file(build: Any) -> bytes:
    document = Document()
    build(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_word_questions_in_a_table(read: Any) -> None:
    def build(document: Any) -> None:
        document.add_paragraph("Чита")
        document.add_paragraph("Транспорт")
        table = document.add_table(rows=1, cols=3)
        for cell, text in zip(table.rows[0].cells, ["№", "Вопрос", "Ответ"], strict=True):
            cell.text = text
        for n, (question, answer) in enumerate(zip(QUESTIONS, ANSWERS, strict=True), 1):
            cells = table.add_row().cells
            cells[0].text, cells[1].text, cells[2].text = str(n), question, ""
            for line in answer.split("\n"):
                cells[2].add_paragraph(line)

    assert only(read(word_file(build), "анкета.docx")).answers == READ


def test_word_numbers_that_word_itself_writes(read: Any) -> None:
    def build(document: Any) -> None:
        document.add_heading("Чита", 1)
        document.add_heading("Транспорт", 2)
        for question, answer in zip(QUESTIONS, ANSWERS, strict=True):
            document.add_paragraph(question, style="List Number")
            for line in filter(None, answer.split("\n")):
                style = "List Bullet" if line.startswith("- ") else None
                document.add_paragraph(line.removeprefix("- "), style=style)

    assert only(read(word_file(build), "анкета.docx")).answers == READ


def _changed(data: bytes, change: Any) -> bytes:
    """Rewrite the text part of a Word file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == "word/document.xml" else content)
    return stream.getvalue()


def _plain(document: Any) -> None:
    for line in sheet().split("\n"):
        document.add_paragraph(line)


def test_word_struck_out_and_hidden_text_is_not_read(read: Any) -> None:
    def change(xml: bytes) -> bytes:
        run = "<w:r><w:t>Нужны методики.</w:t></w:r>"
        extra = (
            "<w:ins w:id='1'><w:r><w:t xml:space='preserve'> Очень.</w:t></w:r></w:ins>"
            "<w:del w:id='2'><w:r><w:delText>Стёрто.</w:delText></w:r></w:del>"
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Скрыто.</w:t></w:r>"
        )
        assert run.encode() in xml
        return xml.replace(run.encode(), (run + extra).encode())

    data = _changed(word_file(_plain), change)
    assert only(read(data, "анкета.docx")).answers["q4"] == "Нужны методики. Очень."


def _bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (60 * 1024 * 1024))
    return stream.getvalue()


def _entities(xml: bytes) -> bytes:
    return xml.replace(b"<w:document", b'<!DOCTYPE a [<!ENTITY b "c">]><w:document', 1)


def _with_macros() -> bytes:
    stream = io.BytesIO(word_file(_plain))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"macro")
    return stream.getvalue()


REFUSED = {
    "empty.txt": (b"", "empty"),
    "blank.txt": (b" \n ", "empty"),
    "letter.txt": ("Просто письмо о погоде и о людях.".encode(), "no questionnaire"),
    "english.txt": (b"Nothing Russian in here at all", "no Russian text"),
    "word.txt": (b"PK\x03\x04 something", "another kind"),
    "broken.txt": (b"\xff\xfe\x00", "damaged"),
    "text.docx": ("Что удалось?".encode(), "damaged"),
    "cut.docx": (word_file(_plain)[:900], "damaged"),
    "old.docx": (b"\xd0\xcf\x11\xe0" + b"\0" * 99, "old or protected"),
    "bomb.docx": (_bomb(), "too large inside"),
    "entities.docx": (_changed(word_file(_plain), _entities), "document type"),
    "macros.docx": (_with_macros(), "macros"),
    "sheet.pdf": (b"%PDF-1.7", "in its program"),
    "SHEET.DOC": (b"\xd0\xcf\x11\xe0", "in its program"),
    "sheet.docm": (word_file(_plain), "in its program"),
    "noending": (sheet().encode(), "are not read"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_questionnaire_is_refused_with_the_reason(read: Any, name: str) -> None:
    data, reason = REFUSED[name]
    with force_locale("en"):
        parsed = read(data, name)
    assert parsed.records == []
    assert reason in (parsed.error or "")


def test_a_huge_answer_is_read_whole(read: Any) -> None:
    huge = "Построили мост. " * 130_000  # two megabytes
    record = only(read(sheet().replace(ANSWERS[3], huge)))
    assert len(record.answers["q4"]) == len(huge.strip())


def test_the_shape_for_scripts(read: Any) -> None:
    shape = to_json(read(sheet(), "a.txt"))
    assert shape["file"] == "a.txt"
    assert shape["error"] is None
    assert isinstance(shape["records"], list)
    assert set(shape["records"][0]) == {
        "city", "sector", "year", "preface", "answers", "mentions",
    }  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
@pytest.mark.parametrize("ending", [".txt", ".docx"])
def test_no_bytes_break_the_reader(
    ending: str, gazetteer: Gazetteer, sectors: Sectors, data: bytes
) -> None:
    parsed = parse("a" + ending, data, gazetteer, sectors)
    assert parsed.error or parsed.records
