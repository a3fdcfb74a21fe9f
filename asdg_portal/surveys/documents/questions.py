"""Which line asks which of the five questions, however it is worded, numbered or marked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from asdg_portal.core.morphology import lemmas
from asdg_portal.surveys.documents.model import Line

# What each question is about: one word of every group must be there.
CORES: dict[int, tuple[frozenset[str], ...]] = {
    1: (
        frozenset(
            {
                "удаться",
                "достигнуть",
                "достичь",
                "добиться",
                "выполнить",
                "реализовать",
                "сделать",
            }
        ),
        frozenset({"сделать", "значительный", "значимый", "важный", "главный", "осуществить"}),
    ),
    2: (
        frozenset({"успех", "достижение", "опыт", "практика", "работа"}),
        frozenset({"коллега", "другой", "соседний", "сосед"}),
    ),
    3: (frozenset({"задача", "план", "цель"}),),
    4: (
        frozenset({"помощь", "содействие", "помочь", "поддержка", "поспособствовать"}),
        frozenset({"асдг", "ассоциация", "оказать", "ожидать", "нужный", "требоваться"}),
    ),
    5: (
        frozenset({"целесообразный", "целесообразно", "нужный", "необходимый", "полезный"}),
        frozenset({"конференция", "совещание", "проведение", "провести", "семинар", "встреча"}),
    ),
}
# Words that a question can have beside its core and still be the question.
AROUND: dict[int, str] = {
    1: "наиболее самый год отчетный прошедший истекший отрасль город сфера деятельность итог г что "
    "какой текущий направление ваш период работа течение результат",
    2: "город особо особенно отметить вы ваш какой год отмечать выделить бы хотеть муниципалитет "
    "заслуживать внимание по мнение привлечь в отрасль сфера",
    3: "стоять следующий предстоящий год какой отрасль решить решать перед вы на предстоять г ваш "
    "основной ближайший будущий город поставить сфера",
    4: "какой мочь решение стоять стоящий проблема сибирский дальневосточный город чем вы со "
    "сторона от вопрос задача ваш",
    5: "считать ли вы обсуждение наиболее актуальный вопрос решение проблема отрасль пр круглый "
    "стол и прочий другой мероприятие по ваш направление форум",
}
OPENINGS: dict[int, str] = {
    1: r"что\b|как\w+ .*(?:удалось|результат)|наиболее|самое|главн",
    2: r"как\w+\b|чей\b|чьи\b|успехи|достижения|опыт\b|что .*(?:коллег|отметил)",
    3: r"как\w+\b|задачи\b|планы\b|что .*(?:предстоит|планир)",
    4: r"как\w+\b|чем\b|в ч[её]м\b|помощь|нужна|что .*(?:ассоциаци|асдг)",
    5: r"считаете|(?:целесообраз|нужн|необходим)\w* ли|полагаете|ваше мнение|целесообразность",
}
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
LABEL = re.compile(
    r"^(?:вопрос\s*)?(?:№\s*)?(?P<number>[1-9]|III|II|IV|I|V)\s*(?:[.):]|[\u2013\u2014-]\s)\s*"
    r"|^(?:вопрос\s*(?:№\s*)?|№\s*)(?P<word>[1-9])\s+",
    re.IGNORECASE,
)
ENOUGH = 0.7
LONGEST = 330
SMALL = frozenset(
    [
        "и",
        "в",
        "на",
        "по",
        "о",
        "об",
        "с",
        "со",
        "у",
        "к",
        "за",
        "из",
        "от",
        "до",
        "при",
        "для",
        "над",
        "не",
        "а",
        "или",
        "то",
        "это",
    ]
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question found in a document: its number, its wording, and where it stands.

    ``answer`` is what follows it in its own line; ``marked`` tells that it is numbered or stands
    out, ``label`` is the number it has there.
    """

    number: int
    wording: str
    position: int
    answer: str
    marked: bool
    label: int | None


def find_questions(lines: Sequence[Line]) -> list[Asked]:
    """Find every question of a document, in its order."""
    found = [asked for i, line in enumerate(lines) if (asked := _read(i, line))]
    numbered = sum(1 for asked in found if asked.label is not None)
    strong = sum(1 for asked in found if lines[asked.position].strong)
    items = sum(1 for asked in found if lines[asked.position].item)
    # In a document that marks its questions, an unmarked one is a figure of speech in an answer.
    for count, is_marked in (
        (numbered, lambda a: a.label is not None),
        (strong, lambda a: lines[a.position].strong),
        (items, lambda a: lines[a.position].item),
    ):
        if count >= 3 and 2 * count > len(found):
            found = [asked for asked in found if is_marked(asked)]
            break
    return _with_reworded(lines, found)


def _with_reworded(lines: Sequence[Line], found: list[Asked]) -> list[Asked]:
    """Add questions that are worded like no other, where their numbers leave a gap for them."""
    if not found or any(asked.label != asked.number for asked in found):
        return found
    places = {asked.position: asked for asked in found}
    asked_times = Counter(asked.number for asked in found)
    most = max(asked_times.values())
    due = 1
    for position, line in enumerate(lines):
        if position in places:
            due = places[position].number % 5 + 1
            continue
        label, text = _label(line.text)
        if label != due or asked_times[due] >= most:
            continue
        wording, answer = _split(text)
        if wording.endswith("?") and len(wording) <= LONGEST:
            places[position] = Asked(due, wording, position, answer, marked=True, label=label)
            asked_times[due] += 1
            due = due % 5 + 1
    return [places[position] for position in sorted(places)]


def find_numbers(lines: Sequence[Line]) -> list[Asked]:
    """Where nobody repeated the questions, take the numbers 1 to 5 in a row for them."""
    found: list[Asked] = []
    for position, line in enumerate(lines):
        number, rest = _label(line.text)
        if number == len(found) % 5 + 1:
            found.append(Asked(number, "", position, rest, marked=True, label=number))
    return found if len(found) >= 5 else []


def _read(position: int, line: Line) -> Asked | None:
    label, text = _label(line.text)
    wording, answer = _split(text)
    marked = label is not None or line.strong or line.item
    if len(wording) > LONGEST or (answer and not marked):
        return None
    number = _which(wording.removesuffix(":") if label else wording, marked=marked)
    if number is None:
        return None
    return Asked(number, wording, position, answer, marked, label)


def _label(text: str) -> tuple[int | None, str]:
    """Part «Вопрос 2. Какие…» or «II. Какие…» into the number and the rest."""
    match = LABEL.match(text)
    if match is None:
        return None, text
    number = (match["number"] or match["word"]).lower()
    return ROMAN.get(number) or int(number), text[match.end() :]


def _split(text: str) -> tuple[str, str]:
    """Part «Что удалось? Многое.» after the question mark."""
    mark = text.find("?")
    if mark < 0:
        return text.strip(), ""
    return text[: mark + 1].strip(), text[mark + 1 :].strip()


def _which(wording: str, *, marked: bool) -> int | None:
    """Tell which question a wording asks, or None."""
    if wording.endswith((":", ";", ",")):
        return None
    words = [set(lemmas(w)) for w in re.findall(r"[^\W\d_]+", wording)]
    words = [w for w in words if not w & SMALL]
    best: tuple[float, int] | None = None
    for number, core in CORES.items():
        if not re.match(OPENINGS[number], wording, re.IGNORECASE):
            continue
        if not all(any(w & group for w in words) for group in core):
            continue
        vocabulary = set(AROUND[number].split()).union(*core)
        share = sum(1 for w in words if w & vocabulary) / max(1, len(words))
        if share >= ENOUGH and (best is None or share > best[0]):
            best = (share, number)
    if best is None:
        return None
    if not marked and not wording.endswith("?") and len(words) < 3:
        return None
    return best[1]
