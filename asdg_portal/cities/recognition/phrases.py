"""What a city is noticed for, in the words of the answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from asdg_portal.cities.recognition.homonyms import REGION
from asdg_portal.cities.recognition.praise import Named
from asdg_portal.cities.recognition.reading import Text, Word
from asdg_portal.cities.recognition.vocabulary import NOTICING_HEADS
from asdg_portal.core.morphology import parses

IN_BRACKETS = re.compile(r"^\s*\(([^()]{4,200})\)")
# «Чита: …», «Омск — …», «г. Тында, …»
AFTER_A_MARK = re.compile(r"^\s*(?:\([^()]*\)\s*)?(?:,[^:—–,]{3,60})?\s*[:—–\-,]\s*(?=\S)")
ABOUT = {"по", "в", "во", "за", "на", "об", "о", "при", "с"}
BORDER = re.compile(
    r"[.;!?\n]|,\s+(?:но|а|однако|хотя|зато)\s|,\s+(?:где|который|которая|которое|которые|что|—)|\s[—–]\s|,\s*—"
)
FILLER = NOTICING_HEADS | {
    "работа", "удаться", "показать", "поделиться", "демонстрировать", "добиться", "достигнуть",
    "там", "год", "успешно", "весьма", "наш", "за", "интересный", "они", "первый",
    "который", "где", "мы", "город",
}  # fmt: skip
LEADING = {"там", "здесь", "удаться", "они"}
ACT = {"работа", "организация"}
# Where the matter ends and the writer's judgement of it begins.
JUDGEMENT = re.compile(
    r",\s+(?:на наш взгляд|по наш|подробност|часть|что|это|этот|и мы|его|её|их|мы|которы|где)|"
    r"\s(?:считаем|заслужива|представляется|представлен|может быть|можно|достоин|достойн|вызва)",
    re.IGNORECASE,
)
ASIDE = re.compile(r"^\s*(?:по нашему мнению|на наш взгляд|за год|в этом году|всем миром)\s*,?\s*")
OPINION = re.compile(r",\s*(?:по нашему мнению|на наш взгляд|по нашим сведениям)\s*,")
PRACTICE = re.compile(r"^(?:\w+(?:ий|ый|ой|ая)\s+)?(?:опыт|практика)\s+")
URBAN_DISTRICT = re.compile(r"^\s+городско\w+\s+округ\w*")
# «… систему контроля, сложившуюся в Братске»: the matter stands before the participle.
RELATIVE = re.compile(
    r"^(?P<matter>.*),\s+(?:котор\w+|\w+(?:вш|ющ|ущ|ящ|анн|енн|ённ|ят|ем|им)\w{2,5})\s[^,]{0,40}$"
)
FINITE = {"VERB", "PRTS", "ADJS", "PRED"}
# What is told of these ends where its predicate begins: «опыт Томска по ремонту дворов изучен».
MATTERS = {"опыт", "практика", "работа", "подход", "деятельность", "решение", "успех"}
LISTED = re.compile(r"\s*(?:,|и|,\s*а также|,?\s*г\.?)\s*(?:г\.\s*|города\s+)?")
MOST_LISTED = 30
TOWN = {"г", "гор", "город"}
LONGEST = 200
SHORTEST = 2


def what_for(
    text: Text, named: Named, others: Sequence[Named], *, listed: int = MOST_LISTED
) -> str:
    """Give the part of the sentence that says what the city does well; empty if nothing does.

    Of cities named in one breath, ``listed`` at most, the last one has what is said of all.
    """
    start, end = text.sentence_of(named.start)
    after = text.text[named.end : end]
    if (bracket := IN_BRACKETS.match(after)) and not _is_region(bracket[1]):
        return _tidy(bracket[1])
    stop = min([o.start for o in others if o.start >= named.end and o.start < end], default=end)
    rest = text.text[named.end : stop]
    if stop < end:
        rest = re.sub(r"(?:,?\s+(?:и|а|а также|а в части)|,)\s*[^,]{0,12}$", "", rest)
    phrase = _after(text, named, rest)
    if _is_told_of_a_matter(text, named):
        phrase = _until_predicate(phrase)
    if len(phrase.split()) >= SHORTEST or (phrase and AFTER_A_MARK.match(rest)):
        return phrase
    if listed and (following := _listed_after(text, named, others)):
        return what_for(text, following, others, listed=listed - 1)
    return _before(text, named, others, start) or _next_sentence(text, named, others)


def _is_told_of_a_matter(text: Text, named: Named) -> bool:
    near = text.words[max(0, named.first - 3) : named.last + 1]
    return any(w.lemmas & MATTERS for w in near)


def _until_predicate(phrase: str) -> str:
    words = Text(phrase).words
    if not words or _is_finite(words[0]):
        return phrase
    stop = next((w.start for w in words if _is_finite(w)), len(phrase))
    return _tidy(phrase[:stop])


def _is_finite(word: Word) -> bool:
    best = parses(word.text)[0]
    return best.tag.POS in FINITE


def _next_sentence(text: Text, named: Named, others: Sequence[Named]) -> str:
    """«ЯКУТСК. Развитие парков»: a sentence that is only a name is the heading of the next one."""
    start, end = text.sentence_of(named.start)
    said = [w for w in text.words_in((start, end)) if not w.lemmas & TOWN]
    if len(said) > named.last - named.first or end >= len(text.text):
        return ""
    after = text.sentence_of(end)
    if any(after[0] <= o.start < after[1] for o in others):
        return ""
    return _tidy(_matter(text.text[slice(*after)]))


def _listed_after(text: Text, named: Named, others: Sequence[Named]) -> Named | None:
    """The next city if it is named in one breath: «Томска и Кемерово по внедрению …»."""
    following = next((o for o in others if o.start >= named.end), None)
    between = text.text[named.end : following.start] if following else ""
    return following if LISTED.fullmatch(between) else None


def _after(text: Text, named: Named, rest: str) -> str:
    if region := REGION.match(rest):
        rest = rest[region.end() :].lstrip(")")
    rest = URBAN_DISTRICT.sub("", rest)
    if re.match(r",?\s+а\s", rest):
        return ""
    marked = AFTER_A_MARK.match(rest)
    if marked and ":" in rest:
        return _tidy(_matter(rest[rest.index(":") + 1 :]))
    if marked:
        return _tidy(_matter(rest[marked.end() :]))
    border = BORDER.search(rest)
    if border and border.start() < SHORTEST:
        return ""
    if border and ":" not in rest[: border.start()]:
        rest = rest[: border.start()]
    elif ":" in rest:
        rest = rest[rest.index(":") + 1 :]
    return _tidy(_drop_filler(rest))


def _matter(rest: str) -> str:
    """After a colon or a dash stands the matter itself; only «там», «удалось» lead to it."""
    rest = ASIDE.sub("", OPINION.sub("", rest))
    words = Text(rest).words
    kept = next((w for w in words if not w.lemmas & LEADING), None)
    matter = PRACTICE.sub("", ASIDE.sub("", rest[kept.start :])) if kept else ""
    judged = JUDGEMENT.search(matter)
    return matter[: judged.start()] if judged else matter


def _drop_filler(rest: str) -> str:
    """Leave out what leads to the matter: «удалось», «поделились практикой»."""
    rest = ASIDE.sub("", rest)
    words = Text(rest).words
    kept = next((i for i, w in enumerate(words) if not _is_filler(w, first=i == 0)), None)
    if kept is None:
        return ""
    matter = ASIDE.sub("", rest[words[kept].start :])
    judged = JUDGEMENT.search(matter)
    return matter[: judged.start()] if judged else matter


def _is_filler(word: Word, *, first: bool) -> bool:
    # «практика работы единого окна»: what the practice is of belongs to the matter.
    if word.lemmas & ACT and not first:
        return False
    return bool(word.lemmas & FILLER) and word.folded not in ABOUT


def _before(text: Text, named: Named, others: Sequence[Named], start: int) -> str:
    """«В части рекультивации отметили бы Ангарск», «лидером в строительстве считаем Тюмень»."""
    left = max([o.end for o in others if o.end <= named.start and o.start >= start], default=start)
    part = text.text[left : named.start]
    words = Text(part).words
    if relative := RELATIVE.match(part):
        return _object(relative["matter"])
    first = next((w for w in words if w.folded in ABOUT), None)
    if first is None:
        return ""
    verbs = [w for w in words if w.start > first.end and _praises(w)]
    stop = verbs[0].start if verbs else len(part)
    if all(w.lemmas & FILLER or w.folded in ABOUT for w in words if first.start <= w.start < stop):
        return ""
    return _tidy(re.split(r"\s+по праву|\s[—–]\s", part[first.start : stop])[0])


def _object(matter: str) -> str:
    """What stands after the last verb, unless it is a single word."""
    words = Text(matter).words
    verbs = [i for i, w in enumerate(words) if _is_finite(w) or _praises(w)]
    kept = words[verbs[-1] + 1 :] if verbs else []
    return _tidy(matter[kept[0].start :]) if len(kept) >= SHORTEST else ""


def _praises(word: Word) -> bool:
    return bool(
        word.lemmas
        & {"отметить", "отмечать", "считать", "выделить", "выделять", "назвать", "стать", "быть",
           "хотеть", "хотеться", "заслуживать", "лидировать", "признать", "мочь", "можно"}
    )  # fmt: skip


def _is_region(text: str) -> bool:
    return bool(re.search(r"област|кра[йя]|республик|округ", text, re.IGNORECASE))


def _tidy(text: str) -> str:
    return " ".join(text.strip(" \t\n,;:.—–-").split())[:LONGEST]
