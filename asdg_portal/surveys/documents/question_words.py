"""The words by which the five questions are known, however a year or a city put them."""

from __future__ import annotations

import re
from functools import lru_cache

from asdg_portal.core.morphology import lemmas


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


SMALL = _set("и в на по о об с со у к за из от до при для над не а или то это")
# What each question is about: one word of every group must be there.
CORES: dict[int, tuple[frozenset[str], ...]] = {
    1: (
        _set("удаться достигнуть достичь добиться выполнить реализовать сделать"),
        _set("сделать значительный значимый важный главный осуществить"),
    ),
    2: (_set("успех достижение опыт практика работа"), _set("коллега другой соседний сосед")),
    3: (_set("задача план цель"),),
    4: (
        _set("помощь содействие помочь поддержка поспособствовать"),
        _set("асдг ассоциация оказать ожидать нужный требоваться"),
    ),
    5: (
        _set("целесообразный целесообразно нужный необходимый полезный"),
        _set("конференция совещание проведение провести семинар встреча"),
    ),
}
# Words that a question can have beside its core and still be the question.
AROUND: dict[int, frozenset[str]] = {
    1: _set(
        "наиболее самый год отчетный прошедший истекший отрасль город сфера деятельность итог г "
        "что какой текущий направление ваш период работа течение результат"
    ),
    2: _set(
        "город особо особенно отметить вы ваш какой год отмечать выделить бы хотеть муниципалитет "
        "заслуживать внимание по мнение привлечь в отрасль сфера"
    ),
    3: _set(
        "стоять следующий предстоящий год какой отрасль решить решать перед вы на предстоять г "
        "ваш основной ближайший будущий город поставить сфера"
    ),
    4: _set(
        "какой мочь решение стоять стоящий проблема сибирский дальневосточный город чем вы со "
        "сторона от вопрос задача ваш"
    ),
    5: _set(
        "считать ли вы обсуждение наиболее актуальный вопрос решение проблема отрасль пр круглый "
        "стол и прочий другой мероприятие по ваш направление форум"
    ),
}
OPENINGS: dict[int, str] = {
    1: r"что\b|как\w+ .*(?:удалось|результат)|наиболее|самое|главн",
    2: r"как\w+\b|чей\b|чьи\b|успехи|достижения|опыт\b|что .*(?:коллег|отметил)",
    3: r"как\w+\b|задачи\b|планы\b|что .*(?:предстоит|планир)",
    4: r"как\w+\b|чем\b|в ч[её]м\b|помощь|нужна|что .*(?:ассоциаци|асдг)",
    5: r"считаете|(?:целесообраз|нужн|необходим)\w* ли|полагаете|ваше мнение|целесообразность",
}
EVENT = _set("конференция совещание семинар встреча форум мероприятие стол видеоконференция")
HELP = _set("помощь содействие помочь поддержка поспособствовать содействовать")
# Each way to be about something: a word of every group. The first that fits is meant.
TOPICS: tuple[tuple[int, tuple[frozenset[str], ...]], ...] = (
    (
        5,
        (
            EVENT,
            _set(
                "проведение провести проводить целесообразный целесообразно целесообразность "
                "необходимость необходимый нужный нужно полезный полезно стоить следовать "
                "предложение мнение проводиться"
            ),
        ),
    ),
    (
        4,
        (
            _set("асдг ассоциация"),
            HELP | _set("предложение пожелание ждать ожидать ожидание запрос сделать мочь просьба"),
        ),
    ),
    (4, (HELP, _set("нужный нужно требоваться нуждаться необходимый оказать какой ждать ожидать"))),
    (
        2,
        (
            _set("другой сосед соседний коллега чей чужой"),
            _set(
                "опыт успех достижение практика отметить интересный полезный поучиться внимание "
                "перенять пример"
            ),
        ),
    ),
    (2, (_set("опыт"), _set("какой чей"), _set("город муниципалитет"))),
    (
        3,
        (
            _set(
                "задача план планировать планироваться цель приоритет приоритетный предстоять "
                "намечать намеченный"
            ),
        ),
    ),
    (
        1,
        (
            _set(
                "достижение результат итог удаться достигнуть достичь добиться сделать выполнить "
                "реализовать успех дело"
            ),
            _set(
                "значительный значимый важный главный основной ключевой хороший наиболее год "
                "отчетный сделать гордиться достичь достигнуть период"
            ),
        ),
    ),
)
COMMON = _set(
    "какой что чем чего кто кого чей вы ваш вас город муниципалитет муниципальный образование год "
    "назвать перечислить указать отметить рассказать выразить высказать сообщить привести описать "
    "быть мочь бы хотеть ли нужный нужно нужда нуждаться самый главный наиболее основной важный "
    "отрасль сфера направление работа деятельность взгляд мнение показаться оказаться найти "
    "следующий отчетный прошедший сибирь дальний восток сибирский дальневосточный актуальный "
    "вопрос проблема этот помощь адрес оказание относиться отраслевой требоваться особо решение "
    "интересный полезный полезно конкретный пожалуйста круглый заслуживать заслуживающий поставить "
    "хороший внимание большой каков"
)
VOCABULARY: dict[int, frozenset[str]] = {
    number: AROUND[number].union(
        COMMON, *CORES[number], *(group for n, way in TOPICS if n == number for group in way)
    )
    for number in CORES
}
# What was planned is not what was done: «Что планируется сделать?».
AHEAD = _set("планировать планироваться предстоять предстоящий намечать намечаться наметить")
WORD = re.compile(r"[^\W\d_]+")
SURE, LIKELY, PERHAPS = 3, 2, 1
ENOUGH = 0.7
HALF = 0.6
LONGEST = 400  # characters; no question is longer


@lru_cache(maxsize=4096)
def weigh(wording: str) -> tuple[int, int] | None:
    """Tell which question a wording asks, and how surely: SURE, LIKELY or PERHAPS; None if none."""
    if len(wording) > LONGEST:
        return None
    words = [set(lemmas(w)) for w in WORD.findall(wording)]
    words = [w for w in words if not w & SMALL]
    if not words:
        return None
    if sure := _strictly(wording, words):
        return sure, SURE
    for number, way in TOPICS:
        if number == 1 and any(w & AHEAD for w in words):
            continue
        if all(any(w & group for w in words) for group in way):
            known = sum(1 for w in words if w & VOCABULARY[number])
            return number, LIKELY if known >= HALF * len(words) else PERHAPS
    return None


def _strictly(wording: str, words: list[set[str]]) -> int | None:
    """Name the question that is asked almost in its own words."""
    best: tuple[float, int] | None = None
    for number, core in CORES.items():
        if number == 1 and any(w & AHEAD for w in words):
            continue
        if not re.match(OPENINGS[number], wording, re.IGNORECASE):
            continue
        if not all(any(w & group for w in words) for group in core):
            continue
        vocabulary = AROUND[number].union(*core)
        share = sum(1 for w in words if w & vocabulary) / len(words)
        if share >= ENOUGH and (best is None or share > best[0]):
            best = (share, number)
    return best[1] if best else None
