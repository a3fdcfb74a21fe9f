"""Quotes of one question sorted by theme: what is told in other words comes together."""

from __future__ import annotations

from itertools import combinations

import pytest

from asdg_portal.surveys.summaries.quotes import LONGEST, mark_of, quotes_of
from asdg_portal.surveys.summaries.themes import group, nearest

# What seven invented cities could have answered about organisational work, by theme.
THEMES = {
    "обращения": (
        "Внедрена единая система работы с обращениями граждан, срок ответа сокращён до 12 дней.",
        "Рассмотрено 8 400 обращений жителей, ответы на повторные обращения даёт комиссия.",
        "Открыта электронная приёмная главы города: обращение можно подать через портал.",
        "Проводится мониторинг исполнения поручений по обращениям граждан.",
        "Личный приём граждан ведётся по видеосвязи, запись на приём открыта на сайте.",
    ),
    "документооборот": (
        "Все подразделения переведены на электронный документооборот с усиленной подписью.",
        "Утверждена новая инструкция по делопроизводству, обучено 140 делопроизводителей.",
        "Система электронного документооборота связана с системой правительства области.",
        "Документы постоянного хранения переданы в архив, подготовлена номенклатура дел.",
        "Бумажные документы внутри администрации заменены электронными.",
    ),
    "кадры": (
        "Сформирован кадровый резерв муниципальной службы, 34 человека прошли обучение.",
        "Муниципальные служащие обучены по программам повышения квалификации.",
        "Наставники закреплены за молодыми служащими, впервые принятыми на муниципальную службу.",
        "Проведена аттестация муниципальных служащих и обновлён резерв кадров.",
        "Для студентов открыта стажировка: лучшие стажёры зачислены в кадровый резерв.",
    ),
    "тос": (
        "Поддержано 45 органов территориального общественного самоуправления, выделены гранты.",
        "Конкурс «Лучший ТОС» собрал 30 заявок, гранты получили 12 ТОС.",
        "Советы ТОС получили помещения и средства на благоустройство дворов.",
        "Председатели ТОС прошли школу общественного самоуправления.",
    ),
    "выборы": (
        "Обеспечена подготовка выборов депутатов городского Совета, открыты избирательные участки.",
        "Уточнены списки избирателей, оборудованы избирательные участки.",
        "Избирательным комиссиям предоставлены помещения и связь в день выборов.",
        "Явка избирателей на выборах главы города составила 41 процент.",
    ),
    "награды": (
        "Разработано положение о почётной грамоте города, награждено 260 человек.",
        "Присвоено звание «Почётный гражданин города» двум ветеранам.",
        "Подготовлены документы к награждению знаком отличия за заслуги перед городом.",
        "Ветераны и трудовые коллективы награждены почётными грамотами и благодарностями.",
    ),
}
QUOTES = [quote for quotes in THEMES.values() for quote in quotes]
THEME = {quote: theme for theme, quotes in THEMES.items() for quote in quotes}


def pairs(groups: list[tuple[int, ...]]) -> set[tuple[int, int]]:
    return {pair for members in groups for pair in combinations(sorted(members), 2)}


def test_what_is_told_in_other_words_comes_together() -> None:
    found = group(QUOTES)
    together = pairs([one.members for one in found])
    wanted = {
        (a, b)
        for a, b in combinations(range(len(QUOTES)), 2)
        if THEME[QUOTES[a]] == THEME[QUOTES[b]]
    }
    assert len(together & wanted) / len(wanted) >= 0.75
    assert len(together & wanted) / len(together) >= 0.7
    assert 5 <= len(found) <= 8
    sizes = [len(one.members) for one in found]
    assert sizes == sorted(sizes, reverse=True)


def test_a_theme_is_named_by_the_words_that_its_quotes_share() -> None:
    quotes = [*THEMES["выборы"], *THEMES["награды"], *THEMES["документооборот"]]
    names = [" ".join(one.words) for one in group(quotes)]
    assert any("избиратель" in name or "выборы" in name for name in names)
    assert any("документ" in name for name in names)
    assert all(1 <= len(one.words) <= 3 for one in group(quotes))


def test_each_quote_has_one_place_and_a_stranger_none() -> None:
    quotes = [*QUOTES, "Yakutsk: 100 %", "Закуплена снегоуборочная техника."]
    members = [number for one in group(quotes) for number in one.members]
    assert len(members) == len(set(members))
    assert len(QUOTES) not in members
    assert group([]) == []
    assert group(["Одна мысль о многом."]) == []


def test_phrases_of_office_join_nothing() -> None:
    phrase = "Опыт обобщён и оформлен в виде методических рекомендаций."
    quotes = [
        f"{one} {phrase}" for one in ("Построен бассейн.", "Обновлены трамваи.", "Оцифрован архив.")
    ]
    assert group(quotes) == []


def test_a_new_quote_finds_its_theme() -> None:
    themes = list(THEMES.values())
    names = list(THEMES)
    place = nearest("Выделены гранты советам ТОС на благоустройство.", themes)
    assert place is not None
    assert names[place] == "тос"
    assert nearest("Закуплена снегоуборочная техника.", themes) is None
    assert nearest("Что угодно.", []) is None


def test_an_answer_is_cut_into_quotes() -> None:
    answer = (
        "За год сделано следующее:\n\n"
        "- открыта **приёмная** для жителей города;\n"
        "- обучены служащие администрации\n"
        "  - вложенное дело всего города\n"
        "- а именно\n\n"
        "Второй абзац о [портале](https://omsk.example) и его жителях.\n\n"
        "| Город | Число |\n|---|---|\n| Омск и область | 7 штук вместе |\n\nНет."
    )
    assert quotes_of(answer) == [
        "открыта приёмная для жителей города;",
        "обучены служащие администрации",
        "вложенное дело всего города",
        "а именно",
        "Второй абзац о портале и его жителях.",
        "Омск и область — 7 штук вместе",
    ]


@pytest.mark.parametrize("text", ["", "нет", "—", "Не имеется.", "Проведены:"])
def test_what_says_nothing_is_no_quote(text: str) -> None:
    assert quotes_of(text) == []


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    sentences = [
        f"Сделано дело номер {number} для жителей нашего большого города." for number in range(30)
    ]
    found = quotes_of(" ".join(sentences))
    assert len(found) > 1
    assert all(len(quote) <= LONGEST for quote in found)
    assert " ".join(found) == " ".join(sentences)


def test_a_quote_is_known_again_by_its_words() -> None:
    assert mark_of("Открыта  Приёмная!") == mark_of("открыта приемная")
    assert mark_of("Открыта приёмная") != mark_of("Закрыта приёмная")
