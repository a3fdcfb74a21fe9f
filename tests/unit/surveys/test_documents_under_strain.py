"""Questionnaires that are large, odd, or made to do harm: bounded work, and no wrong answers."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator

import pytest
from flask_babel import force_locale

from asdg_portal.cities.recognition import CityName, Gazetteer
from asdg_portal.surveys.documents import ParsedFile, Sectors, parse
from asdg_portal.surveys.wordings import WORDINGS
from tests.portal import make_app

QUESTIONS = [wording.format(year=2019, next_year=2020) for wording, _audience in WORDINGS]
ANSWERS = ["Построен мост.", "Отметим опыт Томска.", "Ремонт дорог.", "Методики.", "Да."]
NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
GAZETTEER = Gazetteer(
    CityName(name, adjective, people, "")
    for name, adjective, people in (
        ("Чита", "читинский", "читинцы"),
        ("Томск", "томский", "томичи"),
        ("Улан-Удэ", "улан-удэнский", "улан-удэнцы"),
    )
)
SECTORS = Sectors([{"name": "Транспорт"}, {"name": "Культура"}])
# Seconds, on a machine that does other things too; before they were bounded it was minutes.
PATIENCE = 30


@pytest.fixture(scope="module", autouse=True)
def _messages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with make_app(tmp_path_factory.mktemp("reader")).app_context(), force_locale("en"):
        yield


def text(
    *changed: tuple[int, str], head: str = "Чита\nТранспорт", answers: object = ANSWERS
) -> str:
    """A filled questionnaire; ``changed`` puts other answers in the place of some."""
    given = dict(enumerate(ANSWERS, 1)) | dict(changed)
    lines = [f"{n}. {QUESTIONS[n - 1]}\n{given[n]}" for n in given]
    return "\n".join([head, *lines])


def read(content: str, name: str = "анкета.txt") -> ParsedFile:
    return parse(name, content.encode(), GAZETTEER, SECTORS)


def p(words: str, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{words}</w:t></w:r></w:p>"


def word(first_answer: str, after: str = "", styles: str = "") -> ParsedFile:
    """A Word file whose first answer is written in XML."""
    answers = [first_answer, *map(p, ANSWERS[1:])]
    body = "".join(p(q) + answer for q, answer in zip(QUESTIONS, answers, strict=True))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, root, inside in (
            ("document", "document", f"<w:body>{p('Чита')}{p('Транспорт')}{body}{after}</w:body>"),
            ("styles", "styles", styles),
        ):
            xml = f'<w:{root} xmlns:w="{NAMESPACE}">{inside}</w:{root}>'
            archive.writestr(f"word/{name}.xml", xml)
    return parse("анкета.docx", stream.getvalue(), GAZETTEER, SECTORS)


def first(parsed: ParsedFile) -> str:
    assert parsed.error is None
    return parsed.records[0].answers["q1"]


def nested(levels: int, inner: str) -> str:
    return "<w:tbl><w:tr><w:tc>" * levels + inner + "</w:tc></w:tr></w:tbl>" * levels


@pytest.mark.parametrize("levels", [2, 5, 30])
def test_a_table_in_a_table_is_read_once(levels: int) -> None:
    assert first(word(nested(levels, p("Вложенная ячейка.")))) == "Вложенная ячейка."


@pytest.mark.parametrize("wrapper", ["sdt", "smartTag", "tbl"])
def test_what_is_nested_without_end_is_refused(wrapper: str) -> None:
    deep = f"<w:{wrapper}>" * 3000 + p("Глубоко.") + f"</w:{wrapper}>" * 3000
    parsed = word(p("Мост."), after=deep)
    assert "too large" in (parsed.error or "")


def test_a_small_archive_of_countless_elements_is_refused() -> None:
    assert "too large" in (word(p("Мост."), after="<w:p/>" * 700_000).error or "")


def test_a_long_answer_that_packs_well_is_no_bomb() -> None:
    parsed = word(p("Построили очень хороший мост. " * 40_000))
    assert len(first(parsed)) > 1_000_000
    assert [(w.field, w.message[:20]) for w in parsed.warnings] == [("q1", "An answer is longer ")]


STYLES = (
    '<w:style w:styleId="Run"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:styleId="Base"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:styleId="Derived"><w:basedOn w:val="Base"/></w:style>'
    '<w:style w:styleId="Shown"><w:basedOn w:val="Base"/>'
    '<w:rPr><w:vanish w:val="0"/></w:rPr></w:style>'
)


def test_text_hidden_by_a_style_is_not_read() -> None:
    run = '<w:p><w:r><w:rPr><w:rStyle w:val="Run"/></w:rPr><w:t>Тайно.</w:t></w:r></w:p>'
    derived = p("Скрыто.", '<w:pPr><w:pStyle w:val="Derived"/></w:pPr>')
    shown = p("Видно.", '<w:pPr><w:pStyle w:val="Shown"/></w:pPr>')
    off = '<w:p><w:r><w:rPr><w:vanish w:val="off"/></w:rPr><w:t>Открыто.</w:t></w:r></w:p>'
    assert first(word(run + derived + shown + off, styles=STYLES)) == "Видно.\n\nОткрыто."


def test_text_in_a_box_is_read_once() -> None:
    box = f"<w:txbxContent>{p('Текст в надписи.')}</w:txbxContent>"
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    both = (
        f'<w:p><w:r><m:AlternateContent xmlns:m="{mc}"><m:Choice>{box}</m:Choice>'
        f"<m:Fallback>{box}</m:Fallback></m:AlternateContent></w:r></w:p>"
    )
    assert first(word(both)) == "Текст в надписи."


@pytest.mark.parametrize(
    "content",
    [
        text((1, "да\n" * 150_000)),
        "\n".join([text()] * 800),
        text((1, " ".join(f"слово{n:x}" for n in range(100_000))), head="Чита"),
        text((2, "ж" * 1_000_000)),
        text((2, "Опыт Томска и Читы " * 50_000)),
    ],
    ids=["short lines", "a thousand sheets", "new words", "one word", "names without a stop"],
)
def test_whatever_is_in_a_file_it_is_read_in_reasonable_time(content: str) -> None:
    start = time.monotonic()
    parsed = read(content)
    assert time.monotonic() - start < PATIENCE
    assert parsed.error is None
    assert parsed.records[0].city == "Чита"


@pytest.mark.parametrize(
    ("heading", "city"),
    [("Ч И Т А", "Чита"), ("У Л А Н - У Д Э", "Улан-Удэ"), ("Г О Р О Д   Ч И Т А", "Чита")],
)
def test_a_heading_set_apart_by_spaces_is_a_word(heading: str, city: str) -> None:
    record = read(text(head=f"{heading}\nТранспорт")).records[0]
    assert (record.city, record.sector, record.preface) == (city, "Транспорт", "")


def test_questions_of_years_that_do_not_follow_one_another_are_doubtful() -> None:
    parsed = read(text().replace("2020", "2025"))
    assert [(w.field, w.message) for w in parsed.warnings] == [
        ("year", "The questions speak of different years: 2019 and then 2025.")
    ]


def test_two_sheets_for_one_place_are_doubtful() -> None:
    other = text((1, "Открыт музей."))
    parsed = read(f"{text()}\n{other}")
    assert [(w.record, w.field) for w in parsed.warnings] == [(1, "sector")]
    assert read(f"{text()}\n{other.replace('Транспорт', 'Культура')}").warnings == []
