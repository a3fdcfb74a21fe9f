"""What only looks like a city of the list: rivers, people, streets, regions, towns elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

from asdg_portal.cities.recognition.names import Form, split_name
from asdg_portal.cities.recognition.praise import Named, modifies, takes_as_model
from asdg_portal.cities.recognition.reading import Text, Word
from asdg_portal.cities.recognition.vocabulary import NOTICING_HEADS, OFFICES
from asdg_portal.core.morphology import fold, parses

RIVER = {"река", "р"}
# These towns are called after the rivers on which they stand.
RIVER_TOWNS = {"обь", "зея", "алдан", "ишим", "тара", "надым", "анадырь", "бикин", "тында", "юрга"}
WATER = {
    "берег", "пойма", "бассейн", "русло", "паводок", "приток", "мост", "устье", "разлив",
    "половодье", "наводнение", "течение", "вода", "берегоукрепление", "дамба", "лед",
}  # fmt: skip
FLOWS = {"разлиться", "разливаться", "обмелеть", "вскрыться", "замерзнуть", "течь", "впадать"}
# «Дом-музей Куйбышева», «памятник Шелехову»
MEMORIALS = {"музей", "памятник", "бюст", "творчество", "книга", "роман", "портрет", "подвиг"}
# What only a person does, so that «Артём рассказал» speaks of no town.
SPEECH = {"рассказать", "прочитать", "родиться", "выступить", "написать", "сообщить", "спеть"}
# Adjectives that have a meaning beside the town's; they name it before the plainest nouns only.
OTHER_SENSE = {
    "братский", "комсомольский", "партизанский", "татарский", "спасский", "ленский", "северский",
    "амурский", "обской", "ноябрьский", "петропавловский", "николаевский", "бородинский",
    "саянский", "енисейский", "алданский", "удачнинский", "зейский",
}  # fmt: skip
PLAIN_HEADS = OFFICES | {"опыт", "практика", "коллега", "специалист", "портал", "регламент"}
INSTITUTIONS = {
    "область", "край", "район", "республика", "университет", "институт", "завод", "фабрика",
    "комбинат", "гэс", "тэц", "грэс", "компания", "театр", "епархия", "аэропорт", "вокзал",
}  # fmt: skip
# A namesake in «Сибирь» or «Россия» is none.
WIDE = {"сибирь", "россия", "рф", "восток", "север", "приобье"}
TITLES = {
    "профессор", "доцент", "эксперт", "директор", "начальник", "господин", "художник", "писатель",
    "путешественник", "учёный", "ученый", "губернатор", "лектор", "архитектор", "тренер", "герой",
    "краевед",
    "депутат", "поэт", "полководец", "космонавт", "врач", "учитель",
}  # fmt: skip
# What a city does; «Зима показала», but not «зима выдалась».
DEEDS = {
    "показать", "удаться", "построить", "создать", "добиться", "внедрить", "запустить", "провести",
    "открыть", "организовать", "молодец", "демонстрировать", "продемонстрировать", "первый",
    "обновить", "сохранить", "ввести", "решить", "наладить", "разработать", "перейти", "стать",
    "справляться", "справиться", "заслуживать", "лидировать", "отличиться", "порадовать",
    "радовать", "удивить", "поразить", "впечатлить", "развивать", "вести", "решать", "поделиться",
    "делиться", "благоустроить", "отремонтировать", "уметь", "остаться", "оставаться", "служить",
    "активно", "успешно", "неплохо", "хорошо", "отлично", "достойно", "интересно", "заметно",
    "реализовать", "реализовывать", "достигнуть", "достичь", "предложить", "опередить",
    "содержать", "проводить", "работать", "выделиться", "выделяться", "подать", "помочь",
    "завершить", "получить", "выиграть", "избавиться", "привлечь", "превратиться", "обойти",
}  # fmt: skip
BROUGHT = {"принести", "приносить", "заставить", "внести", "застать", "сменить"}
STREETS = {
    "улица", "проспект", "площадь", "набережная", "переулок", "микрорайон", "шоссе", "тракт",
    "бульвар", "станция", "станица", "село", "деревня", "посёлок", "поселок", "остров", "залив",
    "стадион", "парк", "район", "теплоход", "имя", "ул", "пр", "порт", "аэропорт", "вокзал",
    "сквер", "бухта", "озеро", "аллея", "гора", "пик", "мыс", "проезд", "хребет", "ущелье",
    "поле", "долина", "урочище",
}  # fmt: skip
CITY_WORDS = {
    "город", "г", "гг", "мэрия", "администрация", "коллега", "дума", "муниципалитет", "мэр",
    "представитель", "сосед", "власть", "делегация", "глава",
}  # fmt: skip
REGION = re.compile(
    r"^\W{0,3}(?P<words>(?:[А-ЯЁ][\w\-]+\s+){0,2}"
    r"(?:(?i:област|кра[йяею]|республик|автономн|округ)\w*)(?:\s+[А-ЯЁ][\w\-]+)?)"
)
IN_BRACKETS = re.compile(r"^\s*\(\s*(?P<words>[А-ЯЁ][\w\-]+)\s*\)")
NAMES = {"Geox", "Name", "Surn", "Patr", "Orgn"}
REGION_WORDS = {"область", "край", "республика", "автономный", "округ", "ао"}


def is_no_city(text: Text, named: Named, found: Sequence[Named]) -> bool:
    """Whether something that is spelled like a city is something else."""
    word = text.words[named.first]
    if text.quoted(named.start):
        return True
    if named.spelling.form is Form.ADJECTIVE:
        return not _names_its_town(text, named)
    if named.spelling.form is Form.DEMONYM:
        return False
    return (
        (not word.is_capital and _is_common(word))
        or _is_place_or_person(text, named)
        or is_elsewhere(text, named)
        or _is_common_pair(text, named)
        or (_is_common_start(text, named) and not _stands_out(text, named, found))
    )


def is_part_of_a_name(text: Text, first: int, last: int) -> bool:
    """«Обь-Енисейский», «Красноярск-Медиа», «Томск-2»: the words go on with a hyphen."""
    if last >= len(text.words) or text.gap(last - 1, last) != "-":
        return False
    following = text.words[last]
    capital = following.is_capital and not text.words[first].text.isupper()
    return capital or following.text.isdigit()


def is_urban_district(text: Text, named: Named) -> bool:
    """«Находкинский городской округ» is the municipality itself, unlike the district around."""
    following = text.words[named.last : named.last + 2]
    return len(following) == 2 and all(
        lemma in word.lemmas for word, lemma in zip(following, ("городской", "округ"), strict=True)
    )


def _names_its_town(text: Text, named: Named) -> bool:
    """Whether an adjective speaks of the town hall or the experience of its city."""
    if is_urban_district(text, named):
        return True
    plain = fold(named.spelling.city.adjective) in OTHER_SENSE
    if modifies(text, named, PLAIN_HEADS if plain else NOTICING_HEADS):
        return True
    if plain or not takes_as_model(text, named):
        return False
    return not modifies(text, named, INSTITUTIONS)


def _is_common_pair(text: Text, named: Named) -> bool:
    """«Большой камень на набережной»: of two common words the second is a name's if capital."""
    last = text.words[named.last - 1]
    two = named.last - named.first > 1 and text.gap(named.last - 2, named.last - 1).isspace()
    return two and not last.is_capital and _is_common(last) and len(split_name(named.city)) > 1


def _is_common_start(text: Text, named: Named) -> bool:
    single = named.last - named.first == 1
    return single and _is_common(text.words[named.first]) and _starts_sentence(text, named)


def _is_place_or_person(text: Text, named: Named) -> bool:
    before = _before(text, named, 3)
    nearest: frozenset[str] = before[-1].lemmas if before else frozenset()
    following = text.words[named.last].lemmas if named.last < len(text.words) else frozenset()
    if nearest & CITY_WORDS:
        return False
    if nearest & RIVER or _is_river(text, named, before):
        return True
    if nearest & (STREETS | TITLES) or (before and before[-1].folded == "им"):
        return True
    if word_is_adjective(named.city) and following & STREETS:
        return True
    if _is_name(text.words[named.first]) and (nearest & MEMORIALS or following & SPEECH):
        return True
    return _is_person(text, named)


def _is_river(text: Text, named: Named, before: Sequence[Word]) -> bool:
    """«Разлив Зеи», «Обь вскрылась»."""
    return fold(named.city) in RIVER_TOWNS and (
        any(w.lemmas & WATER for w in before) or _flows(text, named)
    )


def _flows(text: Text, named: Named) -> bool:
    _start, end = text.sentence_of(named.start)
    following = text.words[named.last : named.last + 5]
    return any(w.lemmas & FLOWS for w in following if w.end <= end)


def word_is_adjective(name: str) -> bool:
    """Whether a name ends like an adjective, so that «район» can follow it: «Мирный»."""
    return name.endswith(("ий", "ый", "ой", "ое"))


def _is_person(text: Text, named: Named) -> bool:
    """«Артёму Корсакову», «Владимир Арсеньев», «А. П. Шелехов»."""
    left = text.words[named.first - 1] if named.first else None
    right = text.words[named.last] if named.last < len(text.words) else None
    if left and re.fullmatch(r"\s+", text.gap(named.first - 1, named.first)) and _is_human(left):
        return True
    if left and len(left.text) == 1 and left.text.isupper() and _is_name(text.words[named.first]):
        # «В. К. Арсеньев», but not «В Арсеньеве»
        return left.text != "Г" and text.gap(named.first - 1, named.first).startswith(".")
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
    rest = text.text[named.end : named.end + 70]
    following = REGION.match(rest)
    if following is None:
        return _is_in_another_land(rest, named)
    said = {lemma for w in Text(following["words"]).words for lemma in w.lemmas}
    if "городской" in said or "муниципальный" in said:
        return False
    own = {lemma for w in Text(named.spelling.city.region).words for lemma in w.lemmas}
    return not (said - REGION_WORDS) & own


def _is_in_another_land(rest: str, named: Named) -> bool:
    """«Петропавловск (Казахстан)», but not «Чита (Забайкалье)»."""
    bracket = IN_BRACKETS.match(rest)
    if bracket is None or not any("Geox" in r.tag for r in parses(bracket["words"])):
        return False
    said = fold(parses(bracket["words"])[0].normal_form)
    region = split_name(named.spelling.city.region)
    return said not in WIDE and not any(part[:5] == said[:5] for part in region)


def _is_common(word: Word) -> bool:
    """Whether the word also means something that is no name."""
    return any(
        not NAMES & set(reading.tag.grammemes) and fold(reading.word) == word.folded
        for reading in parses(word.text)
        if reading.is_known
    )


def _is_name(word: Word) -> bool:
    """Whether the word is a person's name too: «Артём», «Шелехов», «Куйбышев»."""
    return any("ов" in lemma[-2:] or "ев" in lemma[-2:] for lemma in word.lemmas) or any(
        {"Name", "Surn"} & set(reading.tag.grammemes) for reading in parses(word.text)
    )


def _starts_sentence(text: Text, named: Named) -> bool:
    start, _end = text.sentence_of(named.start)
    return not [w for w in text.words_in((start, named.start)) if w.end <= named.start]


def _is_deed(word: Word) -> bool:
    """«Мыски привели в порядок»: a season or a hill has no object, but for what it brings."""
    tag = parses(word.text)[0].tag
    return tag.POS == "VERB" and "tran" in tag and not word.lemmas & BROUGHT


def _stands_out(text: Text, named: Named, found: Sequence[Named]) -> bool:
    """«Находка: …», «Зима (…)», «Тында молодец», «Мыски и Чита» – but not «Свободный доступ»."""
    rest = text.text[named.end :]
    if re.match(r"\s*[:(—–\-,]", rest) or not rest.strip():
        return True
    following = text.words[named.last] if named.last < len(text.words) else None
    if following is None or following.lemmas & DEEDS or _is_deed(following):
        return True
    return following.folded == "и" and any(
        n.first == named.last + 1 and n.spelling.form is Form.NAME for n in found
    )


def _before(text: Text, named: Named, count: int) -> list[Word]:
    start, _end = text.sentence_of(named.start)
    words = text.words[max(0, named.first - count) : named.first]
    return [w for w in words if w.start >= start]
