"""Sentences and phrases of municipal Russian: where one ends, and which one sets a task."""

from __future__ import annotations

import re
from collections.abc import Iterator

from asdg_portal.core.morphology import parses

# A full stop after these ends no sentence: «г. Омск», «ул. Мира», «т. п.», «тыс. руб.».
_ABBREVIATIONS = re.compile(
    r"(?:г|гг|ул|пр|просп|пер|пл|д|кв|корп|стр|им|тыс|млн|млрд|руб|коп|р|п|пп|пос|с|ст|ч|т|е|др|обл"
    r"|мкр|микр|адм|см|рис|напр|ред|экз|чел|шт|га|км|куб|м)",
    re.I,
)
_STOP = re.compile(r"[.!?…]+[»\")]?\s+(?=[«\"(]?[А-ЯЁA-Z0-9])")
_LAST_WORD = re.compile(r"([\w-]+)$")
_FIRST_WORD = re.compile(r"[^\W\d_][\w-]*")
_CONNECTIVE = re.compile(
    r"(?:также|кроме того|ещё|еще|помимо (?:этого|того)|наряду с этим|во-\w+|в-\w+их"
    r"|одновременно|параллельно|отдельн\w+ задач\w+)\b[\s,—–-]*",
    re.I,
)
# «Планируем …», «Намечено …», «Предстоит …» announce a task whatever follows.
_ANNOUNCING = re.compile(
    r"(?:(?:в|на|до|к|за|с)\s+(?:[\w-]+\s+){0,3}?(?:20\d\d|год\w*|квартал\w*|полугоди\w*)\b"
    r"(?:\s*(?:г\.|год\w*))?[\s,—–-]*)?"
    r"(?:(?:город\w*|администраци\w+|управлени\w+|департамент\w*|комитет\w*|отдел\w*|мы|нам)\s+)?"
    r"(?:план\w*|намеч\w+|намерен\w*|предсто[ия]\w*|предполага\w+|предусм\w+|необходимо|нужно"
    r"|требуется|следует|важно|рассчитыва\w+|собира\w+|стоит задач\w+|ставит\w* задач\w+"
    r"|будет\b|будут\b|продолж\w+|заверш\w+)",
    re.I,
)
_ACTING = re.compile(
    r"(?:\w+(?:ние|нию|ция|цию|ции|тие|тию|вка|вку)|ремонт|ввод|запуск|переход|перенос|выпуск"
    r"|монтаж|строительство|капремонт|благоустройство|разработка|подготовка|закупка|работа)\b",
    re.I,
)
_FINITE = {"VERB", "PRTS"}
_OPENING = {"(": ")", "«": "»", "[": "]"}


def sentences(text: str) -> Iterator[str]:
    """Cut a paragraph into sentences; abbreviations and initials end none."""
    start = 0
    for stop in _STOP.finditer(text):
        if _ends(text[start : stop.start()], text[stop.start()], text[stop.end() :]):
            yield text[start : stop.end()].strip()
            start = stop.end()
    if text[start:].strip():
        yield text[start:].strip()


def _ends(before: str, sign: str, after: str) -> bool:
    if sign != ".":
        return True
    last = _LAST_WORD.search(before)
    word = last[1] if last else ""
    if _ABBREVIATIONS.fullmatch(word) or (len(word) == 1 and word.isupper()):
        return _is_infinitive(after)  # «до 2027 г. Построить …»
    return True


def begins_a_task(sentence: str) -> bool:
    """Whether a sentence sets a task of its own, rather than explaining the one before it."""
    sentence = sentence.lstrip(' «"(—–-')
    if connective := _CONNECTIVE.match(sentence):
        return bool(sentence[connective.end() :])
    if _ANNOUNCING.match(sentence):
        return True
    first = _FIRST_WORD.match(sentence)
    if first is None:
        return False
    reading = parses(first[0])[0].tag
    if reading.POS == "INFN" or (reading.POS == "VERB" and "1per" in reading and "plur" in reading):
        return True
    return bool(_ACTING.match(sentence)) and not _has_finite_verb(sentence)


def _has_finite_verb(sentence: str) -> bool:
    words = _FIRST_WORD.findall(sentence)
    return any(parses(word)[0].tag.POS in _FINITE for word in words)


def phrases(text: str) -> list[str]:
    """The parts of an enumeration in one line; empty if it is none.

    Semicolons part tasks. Commas do so only between phrases that all begin with an infinitive.
    """
    head, body = _announced(text)
    parts = _outside(body, ";")
    if len(parts) > 1:
        return parts
    if head:
        parts = [re.sub(r"^(?:и|а также)\s+", "", p) for p in _commas(body)]
        if len(parts) > 1 and all(_is_infinitive(part) for part in parts):
            return parts
    return []


def _commas(text: str) -> list[str]:
    parts = _outside(text, ",")
    if parts:  # «…, построить школу и закупить автобусы»
        *others, last = parts
        for mark in re.finditer(r"\s(?:и|а также)\s+(?=\w)", last):
            if _is_infinitive(last[mark.end() :]) and _is_infinitive(last):
                return [*others, last[: mark.start()], last[mark.end() :]]
    return parts


def _is_infinitive(phrase: str) -> bool:
    first = _FIRST_WORD.match(phrase.strip())
    return first is not None and parses(first[0])[0].tag.POS == "INFN"


def _announced(text: str) -> tuple[str, str]:
    """Part «Предстоит: …» into what announces the tasks and the tasks."""
    colon = text.find(":")
    before_list = colon >= 0 and (";" not in text or colon < text.index(";"))
    if before_list and text[colon + 1 : colon + 2].isspace():
        return text[: colon + 1], text[colon + 1 :].strip()
    return "", text


def _outside(text: str, sign: str) -> list[str]:
    """Cut at a sign, but not within brackets or quotation marks."""
    parts, closing = [""], ""
    for letter in text:
        if not closing and letter in _OPENING:
            closing = _OPENING[letter]
        elif letter == closing:
            closing = ""
        if letter == sign and not closing:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]
