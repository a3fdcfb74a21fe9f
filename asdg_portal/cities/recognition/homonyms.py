"""What only looks like a city of the list: rivers, people, streets, regions, towns elsewhere."""

from __future__ import annotations

import re

from asdg_portal.cities.recognition.names import Form
from asdg_portal.cities.recognition.praise import NOTICING_HEADS, Named, modifies
from asdg_portal.cities.recognition.reading import Text, Word
from asdg_portal.core.morphology import fold, parses

RIVER = {"река", "р"}
# These towns are called after the rivers on which they stand.
RIVER_TOWNS = {"обь", "зея", "алдан", "ишим", "тара", "надым", "анадырь", "бикин", "тында", "юрга"}
WATER = {
    "берег", "пойма", "бассейн", "русло", "паводок", "приток", "мост", "устье", "разлив",
    "половодье", "наводнение", "течение", "вода", "берегоукрепление", "дамба", "лед",
}  # fmt: skip
TITLES = {
    "профессор", "доцент", "эксперт", "директор", "начальник", "господин", "художник", "писатель",
    "путешественник", "учёный", "ученый", "губернатор", "лектор", "архитектор", "тренер", "герой",
}  # fmt: skip
# What a city does; «Зима показала», but not «зима выдалась».
DEEDS = {
    "показать", "удаться", "построить", "создать", "добиться", "внедрить", "запустить", "провести",
    "открыть", "организовать", "молодец", "демонстрировать", "продемонстрировать", "первый",
    "обновить", "сохранить", "ввести", "решить", "наладить", "разработать", "перейти", "стать",
}  # fmt: skip
STREETS = {
    "улица", "проспект", "площадь", "набережная", "переулок", "микрорайон", "шоссе", "тракт",
    "бульвар", "станция", "станица", "село", "деревня", "посёлок", "поселок", "остров", "залив",
    "стадион", "парк", "район", "теплоход", "имя", "ул", "пр",
}  # fmt: skip
CITY_WORDS = {
    "город", "г", "гг", "мэрия", "администрация", "коллега", "дума", "муниципалитет", "мэр",
    "представитель", "сосед", "власть", "делегация", "глава",
}  # fmt: skip
REGION = re.compile(
    r"^\W{0,3}(?P<words>(?:[А-ЯЁ][\w\-]+\s+){0,2}(?:област|кра[йяею]|республик|автономн|округ)\w*(?:\s+[А-ЯЁ][\w\-]+)?)",
    re.IGNORECASE,
)
REGION_WORDS = {"область", "край", "республика", "автономный", "округ", "ао"}


def is_no_city(text: Text, named: Named) -> bool:
    """Whether something that is spelled like a city is something else."""
    word = text.words[named.first]
    if text.quoted(named.start):
        return True
    if named.spelling.form is Form.ADJECTIVE:
        return not modifies(text, named, NOTICING_HEADS)
    if named.spelling.form is Form.DEMONYM:
        return False
    return (
        (not word.is_capital and _is_common(word))
        or _is_place_or_person(text, named)
        or is_elsewhere(text, named)
        or (_is_common_start(text, named) and not _stands_out(text, named))
    )


def _is_common_start(text: Text, named: Named) -> bool:
    single = named.last - named.first == 1
    return single and _is_common(text.words[named.first]) and _starts_sentence(text, named)


def _is_place_or_person(text: Text, named: Named) -> bool:
    before = _before(text, named, 3)
    nearest = before[-1:] if before else []
    if any(w.lemmas & CITY_WORDS for w in nearest):
        return False
    if any(w.lemmas & RIVER for w in nearest):
        return True
    if fold(named.city) in RIVER_TOWNS and any(w.lemmas & WATER for w in before):
        return True
    if any(w.lemmas & (STREETS | TITLES) or w.folded == "им" for w in nearest):
        return True
    following = text.words[named.last : named.last + 1]
    if word_is_adjective(named.city) and any(w.lemmas & STREETS for w in following):
        return True
    return _is_person(text, named)


def word_is_adjective(name: str) -> bool:
    """Whether a name ends like an adjective, so that «район» can follow it: «Мирный»."""
    return name.endswith(("ий", "ый", "ой", "ое"))


def _is_person(text: Text, named: Named) -> bool:
    """«Артёму Корсакову», «Владимир Арсеньев», «А. П. Шелехов»."""
    left = text.words[named.first - 1] if named.first else None
    right = text.words[named.last] if named.last < len(text.words) else None
    if left and re.fullmatch(r"\s+", text.gap(named.first - 1, named.first)) and _is_human(left):
        return True
    if left and len(left.text) == 1 and left.text.isupper() and left.text not in "ГВКСОУИ":
        return True
    return bool(
        right and re.fullmatch(r"\s+", text.gap(named.last - 1, named.last)) and _is_human(right)
    )


def _is_human(word: Word) -> bool:
    if not word.is_capital or word.text.isupper():
        return False
    tags = [reading.tag for reading in parses(word.text) if reading.score >= 0.1]
    return any(t for t in tags if "Name" in t or "Patr" in t or "Surn" in t) and not any(
        "Geox" in t for t in tags
    )


def is_elsewhere(text: Text, named: Named) -> bool:
    """«Благовещенск (Республика Башкортостан)»: a namesake in a region that is another's."""
    following = REGION.match(text.text[named.end : named.end + 70])
    if following is None:
        return False
    said = {lemma for w in Text(following["words"]).words for lemma in w.lemmas}
    if "городской" in said or "муниципальный" in said:
        return False
    own = {lemma for w in Text(named.spelling.city.region).words for lemma in w.lemmas}
    return not (said - REGION_WORDS) & own


def _is_common(word: Word) -> bool:
    """Whether the word also means something that no city is."""
    return any(
        "Geox" not in reading.tag and fold(reading.word) == word.folded
        for reading in parses(word.text)
        if reading.is_known
    )


def _starts_sentence(text: Text, named: Named) -> bool:
    start, _end = text.sentence_of(named.start)
    return not [w for w in text.words_in((start, named.start)) if w.end <= named.start]


def _stands_out(text: Text, named: Named) -> bool:
    """«Находка: …», «Зима (…)», «Тында молодец» – but not «Свободный доступ»."""
    rest = text.text[named.end :]
    if re.match(r"\s*[:(—–\-,]", rest) or not rest.strip():
        return True
    following = text.words[named.last] if named.last < len(text.words) else None
    if following is None:
        return True
    return bool(following.lemmas & DEEDS)


def _before(text: Text, named: Named, count: int) -> list[Word]:
    start, _end = text.sentence_of(named.start)
    words = text.words[max(0, named.first - count) : named.first]
    return [w for w in words if w.start >= start]
