"""A summary of one question: sorted by theme, changed by hand, taken along as a note."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from flask.testing import FlaskClient

from asdg_portal.accounts.models import User
from asdg_portal.core.db import db
from asdg_portal.moderation import services as moderation
from asdg_portal.moderation.models import State
from asdg_portal.surveys.models import Report
from asdg_portal.surveys.summaries import queries
from asdg_portal.surveys.summaries.models import Summary, Theme
from tests.factories import YEAR, World

SECTOR = "Организационная работа"
ANSWERS = {
    "Омск": "- Внедрён электронный документооборот\n- Сформирован кадровый резерв служащих",
    "Томск": "- Электронный документооборот связан с областью\n- Обновлён кадровый резерв",
    "Чита": "Закуплена снегоуборочная техника.",
}


@pytest.fixture
def answered(world: World) -> World:
    """A year in which three cities have answered about one direction."""
    for city, text in ANSWERS.items():
        texts = {1: text} | dict.fromkeys(range(2, 6), "нет")
        world.report(State.PUBLISHED, city=city, sector=SECTOR, answers=texts)
    return world


def made(world: World, number: int = 1) -> tuple[FlaskClient, str]:
    """Press the button on the page where one chooses; return the browser and the address."""
    client = world.browser("moderator")
    page = client.get(f"/desk/summaries/?year={YEAR}").text
    slug = re.search(r'name="sector" value="([^"]+)"', page)
    assert slug is not None
    data = {"year": YEAR, "sector": slug[1], "question": number}
    answer = client.post("/desk/summaries/", data=data)
    assert answer.status_code == 303
    return client, answer.location


def themes(world: World) -> dict[str, list[str]]:
    """The cities and words of each theme by its name; under an empty name what has none."""
    with world.app.app_context():
        shown = queries.overview(db.session.query(Summary).one())
        parts = {part.theme.name: part for part in shown.themes if part.theme} | {"": shown.rest}
        return {name: [f"{q.city}: {q.text}" for q in part.quotes] for name, part in parts.items()}


def theme_id(world: World, name: str) -> int:
    with world.app.app_context():
        return db.session.query(Theme).filter_by(name=name).one().id


def key(page: str, words: str) -> str:
    """How a quote is called in the form."""
    found = [m[1] for m in re.finditer(r'value="(\d+:\w+)".*?</label>', page) if words in m[0]]
    assert len(found) == 1, words
    return found[0]


def test_answers_are_sorted_by_theme_and_what_is_alone_stays_so(answered: World) -> None:
    client, address = made(answered)
    page = client.get(address).text
    found = themes(answered)
    assert sorted(map(len, found.values())) == [1, 2, 2]
    assert found[""] == ["Чита: Закуплена снегоуборочная техника."]
    named = {name: texts for name, texts in found.items() if name}
    assert any("документооборот" in name.lower() for name in named)
    assert any("резерв" in name.lower() for name in named)
    for texts in named.values():
        assert {text.split(":")[0] for text in texts} == {"Омск", "Томск"}
    assert "Внедрён электронный документооборот" in page
    assert "Без темы" in page
    again = client.post("/desk/summaries/", data={"year": YEAR, "sector": SECTOR, "question": 1})
    assert again.location == address


def test_quotes_are_moved_to_a_theme_a_new_one_and_out_of_all(answered: World) -> None:
    client, address = made(answered)
    page = client.get(address).text
    snow, reserve = key(page, "снегоуборочная"), key(page, "Обновлён кадровый")
    client.post(f"{address}move", data={"quote": [snow, reserve], "name": "Техника и люди"})
    assert themes(answered)["Техника и люди"] == [
        "Томск: Обновлён кадровый резерв",
        "Чита: Закуплена снегоуборочная техника.",
    ]
    client.post(f"{address}move", data={"quote": [reserve], "theme": ""})
    assert themes(answered)[""] == ["Томск: Обновлён кадровый резерв"]
    target = theme_id(answered, "Техника и люди")
    client.post(f"{address}move", data={"quote": [reserve], "theme": target})
    assert len(themes(answered)["Техника и люди"]) == 2


def test_a_theme_without_quotes_ends(answered: World) -> None:
    client, address = made(answered)
    page = client.get(address).text
    client.post(f"{address}move", data={"quote": [key(page, "снегоуборочная")], "name": "Снег"})
    client.post(f"{address}move", data={"quote": [key(page, "снегоуборочная")], "name": "Зима"})
    assert "Снег" not in themes(answered)
    assert "Зима" in themes(answered)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": "Тема"}, "Выберите цитаты"),
        ({"quote": ["1:нет"], "name": "Тема"}, "Выберите цитаты"),
        ({"quote": ["ЕСТЬ"], "theme": "999"}, "Этой темы больше нет"),
        ({"quote": ["ЕСТЬ"], "name": "Т" * 121}, "длиннее 120 знаков"),
    ],
)
def test_a_move_that_cannot_be_made_keeps_what_was_chosen(
    answered: World, data: dict[str, Any], words: str
) -> None:
    client, address = made(answered)
    chosen = key(client.get(address).text, "снегоуборочная")
    data = {
        k: [chosen if q == "ЕСТЬ" else q for q in v] if k == "quote" else v for k, v in data.items()
    }
    before = themes(answered)
    answer = client.post(f"{address}move", data=data)
    assert answer.status_code == 400
    assert words in answer.text
    if chosen in data.get("quote", ()):
        assert f'value="{chosen}" checked' in answer.text
    assert f'value="{data.get("name", "")}"' in answer.text
    assert themes(answered) == before


def test_a_theme_is_renamed_joined_and_moved(answered: World) -> None:
    client, address = made(answered)
    first, second = [name for name in themes(answered) if name]
    place = f"{address}themes/{theme_id(answered, first)}/"
    client.post(f"{place}name", data={"name": "Цифровая мэрия"})
    assert next(iter(themes(answered))) == "Цифровая мэрия"
    client.post(f"{place}down")
    assert list(themes(answered))[1] == "Цифровая мэрия"
    client.post(f"{place}down")
    client.post(f"{place}up")
    assert next(iter(themes(answered))) == "Цифровая мэрия"
    refused = client.post(f"{place}name", data={"name": " "}, follow_redirects=True)
    assert "Назовите тему" in refused.text
    client.post(f"{place}name", data={"name": second.upper()})
    assert [len(texts) for name, texts in themes(answered).items() if name] == [4]


def test_what_is_withdrawn_is_gone_and_what_is_new_finds_its_theme(answered: World) -> None:
    client, address = made(answered)
    with answered.app.app_context():
        report = next(r for r in db.session.query(Report) if r.city.name == "Томск")
        moderation.withdraw(
            report, "ошибка", actor=db.session.query(User).filter_by(name="Имя moderator").one()
        )
    assert not [t for texts in themes(answered).values() for t in texts if t.startswith("Томск")]
    answered.report(
        State.PUBLISHED,
        city="Иркутск",
        sector=SECTOR,
        answers={1: "Документооборот стал электронным."} | dict.fromkeys(range(2, 6), "нет"),
    )
    assert len(themes(answered)[""]) == 2
    page = client.post(f"{address}rest", follow_redirects=True).text
    assert "Документооборот стал электронным." in page
    found = next(
        texts for name, texts in themes(answered).items() if "документооборот" in name.lower()
    )
    assert "Иркутск: Документооборот стал электронным." in found


def test_sorted_anew_everything_made_by_hand_is_forgotten(answered: World) -> None:
    client, address = made(answered)
    before = themes(answered)
    page = client.get(address).text
    client.post(f"{address}move", data={"quote": [key(page, "снегоуборочная")], "name": "Снег"})
    client.post(f"{address}anew")
    assert themes(answered) == before


def test_the_note_has_the_themes_the_cities_and_their_words(answered: World) -> None:
    client, address = made(answered)
    answer = client.get(f"{address}file.docx")
    document: Any = Document(BytesIO(answer.data))
    texts = [p.text for p in document.paragraphs]
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert len(headings) == 3
    assert headings[-1] == "Прочее"
    assert "Омск: Внедрён электронный документооборот" in texts
    assert "2 города: Омск, Томск" in texts
    (table,) = document.tables
    assert [cell.text for cell in table.rows[0].cells] == ["Тема", "Города", "Цитаты"]
    assert [cell.text for cell in table.rows[1].cells][1:] == ["2", "2"]


def test_a_question_for_members_says_so_in_the_note(answered: World) -> None:
    answered.report(State.PUBLISHED, city="Иркутск", sector=SECTOR)
    client, address = made(answered, 4)
    document: Any = Document(BytesIO(client.get(f"{address}file.docx").data))
    assert "открыты не всем" in "\n".join(p.text for p in document.paragraphs)


@pytest.mark.parametrize("question", [6, 0, "x"])
def test_a_question_that_was_not_asked_is_refused(answered: World, question: object) -> None:
    client, _address = made(answered)
    data = {"year": YEAR, "sector": SECTOR, "question": question}
    answer = client.post("/desk/summaries/", data=data, follow_redirects=True)
    assert "Такого вопроса в этом году нет" in answer.text


def test_what_nobody_has_answered_cannot_be_summed_up(world: World) -> None:
    client = world.browser("moderator")
    data = {"year": YEAR, "sector": SECTOR, "question": 1}
    answer = client.post("/desk/summaries/", data=data, follow_redirects=True)
    assert "ещё не опубликовано" in answer.text
    elsewhere = client.post("/desk/summaries/", data={"year": 1900}, follow_redirects=True)
    assert "Такого вопроса в этом году нет" in elsewhere.text


def test_names_are_shown_as_they_are_typed(answered: World) -> None:
    client, address = made(answered)
    chosen = key(client.get(address).text, "снегоуборочная")
    evil = '"><script>alert(1)</script>'
    client.post(f"{address}move", data={"quote": [chosen], "name": evil})
    page = client.get(address).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_page_asks_little_of_the_database(answered: World) -> None:
    _client, address = made(answered)
    few = answered.statements(address, "moderator")
    for city in ("Иркутск", "Красноярск"):
        answered.report(State.PUBLISHED, city=city, sector=SECTOR)
    assert answered.statements(address, "moderator") == few
    assert few <= 12
