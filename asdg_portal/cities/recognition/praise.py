"""Whether an answer notices a city with approval, or names it for another reason."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from asdg_portal.cities.recognition.names import Form, Spelling
from asdg_portal.cities.recognition.reading import Text, Word

OFFICES = {
    "администрация", "мэрия", "дума", "мэр", "совет", "управление", "комитет", "департамент",
    "муниципалитет", "глава", "власть", "горсовет",
}  # fmt: skip
# What belongs to a town itself when its adjective stands before it; a region, a factory, a street
# or a football club has the same adjective.
NOTICING_HEADS = OFFICES | {
    "опыт", "практика", "коллега", "специалист", "подход", "решение", "модель", "инициатива",
    "проект", "методика", "метод", "наработка", "разработка", "пример", "программа", "порядок",
    "рекомендация", "схема", "портал", "материал", "технология", "идея", "депутат", "вариант",
    "руководитель", "служба", "команда", "стандарт", "регламент", "положение", "достижение",
    "успех", "формат", "акция", "находка", "новация", "сосед", "сотрудник", "эксперт", "работник",
    "друг", "партнер", "чиновник", "урок", "образец", "документ", "система", "методичка", "приём",
    "прием", "инструкция", "сервис", "школа",
}  # fmt: skip
EVENTS = {
    "семинар", "совещание", "конференция", "форум", "выставка", "съезд", "слет", "конгресс",
    "курс", "стажировка", "командировка", "сессия", "собрание", "заседание", "встреча", "ярмарка",
    "обучение", "симпозиум", "состояться", "состоявшийся", "пройти", "прошедший", "проходить",
    "проходивший", "состоявшаяся", "проведённый", "проведенный", "собраться",
}  # fmt: skip
TRAVEL = {
    "посетить", "посещать", "выезжать", "выехать", "побывать", "ездить", "участвовать",
    "участие", "поездка", "съездить", "визит", "направить", "делегация",
}  # fmt: skip
STUDY = {
    "показать", "увидеть", "познакомиться", "ознакомиться", "изучить", "изучать", "перенять",
    "опыт", "полезный", "интересный", "понравиться", "отметить", "отмечать", "впечатлить",
    "впечатление", "практика", "взять", "позаимствовать", "научиться", "узнать", "услышать",
    "образец", "пример", "хороший", "отличный", "высокий", "удачный", "благодарить", "спасибо",
    "благодарность", "организовать", "оценить", "гостеприимство", "успешно", "применить",
    "внедрить",
}  # fmt: skip
# «Не» before one of these: what was to be learnt there was not, or was not liked.
REFUSED = {
    "изучать", "изучить", "изучаться", "проводить", "проводиться", "поступать", "поступить",
    "предоставить", "предоставлять", "ответить", "отвечать", "получить", "получать", "прислать",
    "входить", "рассматривать", "рассматриваться", "анализировать", "анализироваться",
    "знакомиться", "ознакомиться", "подойти", "подходить", "понравиться", "впечатлить", "удаться",
    "оправдать", "устроить", "подтвердить", "подтвердиться", "считать", "выделять", "выделить",
    "отметить", "отмечать", "найти", "последовать", "рекомендовать", "хотеть", "хотеться",
    "сложиться", "состояться", "дойти", "успеть", "смочь", "стать", "принести", "прижиться",
    "предоставленный", "получено", "изученный", "представить", "представлять", "заинтересовать",
    "убедить", "годиться", "применимый", "достигнуть", "дать", "поделиться", "повторять",
}  # fmt: skip
DISMISSIVE = {
    "неприменимый", "преждевременно", "преждевременный", "неудачный", "отрицательный",
    "негативный", "разочаровать", "разочарование", "хуже", "отставать", "спорный", "сомнение",
    "сомнительный", "провал", "провалить", "неэффективный", "безуспешно", "печальный", "ошибка",
    "критика", "раскритиковать", "жалоба", "антипример", "неудача",
}  # fmt: skip
PASSED = {"пройти", "состояться", "проходить", "проводиться", "принимать"}
MEETINGS = EVENTS - PASSED - {"состоявшийся", "прошедший", "проходивший", "проведённый"}
LEARNING = {"опыт", "изучение", "практика"}
UNLEARNT = {"изучать", "изучить", "входить", "проводиться", "рассматривать", "рассматриваться"}
LEAVING_OUT = {"кроме", "исключая", "ни", "не", "вместо", "минуя"}
ASKED = {"запрос", "запросить", "запрашивать", "обратиться", "обращаться", "обращение"}
AND = {"и", "или", "да", "также", "г", "гг", "город", "ни", "а", "администрация", "мэрия"}
NEAR = 3
EVENT_REACH = 6


@dataclass(frozen=True, slots=True)
class Named:
    """A place in a text that names a city: words ``first`` to ``last``, the last excluded."""

    spelling: Spelling
    first: int
    last: int
    start: int
    end: int

    @property
    def city(self) -> str:
        """The city as the list calls it."""
        return self.spelling.city.name


def modifies(text: Text, named: Named, heads: set[str]) -> bool:
    """Whether an adjective belongs to one of these nouns: «ангарские и братские специалисты»."""
    _start, end = text.sentence_of(named.start)
    for position in range(named.last, min(named.last + NEAR + 2, len(text.words))):
        word = text.words[position]
        if word.end > end or "," in text.gap(position - 1, position):
            return False
        if word.lemmas & heads:
            return True
        if not (word.folded in {"и", "городской"} or _is_adjective(word)):
            return False
    return False


def _is_adjective(word: Word) -> bool:
    return word.folded.endswith(
        ("ий", "ый", "ой", "ая", "яя", "ое", "ее", "ие", "ые", "их", "ых", "им", "ым", "ого", "его",
         "ому", "ему", "ую", "юю", "ими", "ыми", "ом", "ем")
    )  # fmt: skip


def is_noticed(text: Text, named: Named, others: Sequence[Named], ours: Sequence[Named]) -> bool:
    """Whether the answer speaks well of the city.

    A colleague who names a city in this answer usually praises it; so the reasons against are
    what is looked for: it is left out, refused, asked in vain, or only where a meeting was held.
    """
    clause = text.clause_of(named.start)
    return not (
        _is_left_out(text, named, others)
        or _is_refused(text, clause)
        or _nothing_was_learnt(text, named)
        or _learnt_from_us(text, named, ours)
        or _asked_in_vain(text, named)
        or _is_venue(text, named, others)
    )


def _is_left_out(text: Text, named: Named, others: Sequence[Named]) -> bool:
    """«Кроме Омска и Томска», «ни Омск», «в отличие от Тюмени», «не Бердск, а Искитим»."""
    position = _before_list(text, named, others)
    before = [w.folded for w in text.words[max(0, position - 3) : position]]
    if before[-1:] and before[-1] in LEAVING_OUT:
        return text.gap(position - 1, position).strip() == ""
    return before[-3:] == ["в", "отличие", "от"] or before[-2:] == ["за", "исключением"]


def _before_list(text: Text, named: Named, others: Sequence[Named]) -> int:
    """Go back over the cities that are named in one breath with this one, to the first of them."""
    ends = {other.last: other.first for other in others}
    position = named.first
    while position:
        if position in ends and re.fullmatch(r"\s*,?\s*", text.gap(position - 1, position)):
            position = ends[position]
        elif text.words[position - 1].folded in AND - {"ни", "а"} and "." not in text.gap(
            position - 1, position
        ).replace("г.", ""):
            if text.words[position - 1].folded in {"и", "или", "да"} and position - 1 not in ends:
                break
            position -= 1
        elif text.words[position - 1].lemmas & AND and position - 1:
            position -= 1
        else:
            break
    return position


def _is_refused(text: Text, clause: tuple[int, int]) -> bool:
    words = text.words_in(clause)
    for position, word in enumerate(words[1:], 1):
        if words[position - 1].folded == "не" and word.lemmas & REFUSED:
            # «нельзя не отметить», «не можем не отметить» refuse nothing
            twice = words[max(0, position - 4) : position - 1]
            if not any(w.lemmas & {"мочь", "нельзя"} for w in twice):
                return True
    return any(w.lemmas & DISMISSIVE for w in words)


def _nothing_was_learnt(text: Text, named: Named) -> bool:
    """«Томск — хороший город, но его опыт мы не изучали»: said of all that stands before."""
    clause, sentence = text.clause_of(named.start), text.sentence_of(named.start)
    words = text.words_in((clause[1], sentence[1]))
    negated = any(
        left.folded == "не" and right.lemmas & UNLEARNT for left, right in itertools.pairwise(words)
    )
    return negated and any(w.lemmas & LEARNING for w in words)


def _learnt_from_us(text: Text, named: Named, ours: Sequence[Named]) -> bool:
    """«Наш опыт взяли за основу в Тобольске»: there it is the other city that notices."""
    start, _end = text.clause_of(named.start)
    words = text.words_in((start, named.start))
    if any(n.spelling.form is Form.ADJECTIVE and start <= n.start < named.start for n in ours):
        return True
    return any(
        left.lemmas & {"наш", "свой"} and right.lemmas & LEARNING
        for left, right in itertools.pairwise(words)
    )


def _asked_in_vain(text: Text, named: Named) -> bool:
    """«Обращались в Томск, но ответа не получили»."""
    sentence = text.sentence_of(named.start)
    words = text.words_in(sentence)
    asked = any(w.lemmas & ASKED for w in text.words_in(text.clause_of(named.start)))
    silent = any(
        a.folded in {"не", "без", "нет"} or "ответ" in a.lemmas
        for a, b in itertools.pairwise(words)
        if (a.folded == "не" and b.lemmas & REFUSED) or ("ответ" in b.lemmas and a.folded == "без")
    )
    return asked and silent


def _is_venue(text: Text, named: Named, others: Sequence[Named]) -> bool:
    """Whether people only met there: «на семинаре в Иркутске», «делегация посетила Читу»."""
    if named.spelling.form is not Form.NAME:
        return False
    position = _before_list(text, named, others)
    start, end = text.sentence_of(named.start)
    near = [w for w in text.words[max(0, position - EVENT_REACH) : position] if w.start >= start]
    if near and near[-1].folded in {"в", "во"}:
        if any(w.lemmas & EVENTS for w in near) and not any(w.lemmas & STUDY for w in near[-3:]):
            return not _hosting_is_praised(text, (start, end), named, others)
        following = [w for w in text.words[named.last : named.last + EVENT_REACH] if w.end <= end]
        if (
            following
            and following[0].lemmas & PASSED
            and any(w.lemmas & MEETINGS for w in following)
        ):
            return not _hosting_is_praised(text, (start, end), named, others)
    travelled = any(w.lemmas & TRAVEL for w in near)
    return travelled and not _something_learnt(text, (start, end))


def _hosting_is_praised(
    text: Text, sentence: tuple[int, int], named: Named, others: Sequence[Named]
) -> bool:
    """«Форум в Томске прошёл на высоком уровне»: nothing else in the sentence can be praised."""
    cities = {o.city for o in others if sentence[0] <= o.start < sentence[1]}
    good = {"уровень", "организация", "гостеприимство", "прием", "организовать", "образцовый"}
    words = text.words_in(sentence)
    praised = any(w.lemmas & good for w in words) and any(
        w.lemmas & {"высокий", "отличный", "понравиться", "запомниться", "хороший", "блестящий",
                    "впечатлить", "отметить", "благодарить", "образцовый", "прекрасный"}
        for w in words
    )  # fmt: skip
    return cities == {named.city} and praised


def _something_learnt(text: Text, sentence: tuple[int, int]) -> bool:
    words = text.words_in(sentence)
    learnt = [i for i, w in enumerate(words) if w.lemmas & STUDY]
    return any(not _is_negated(words, i) for i in learnt)


def _is_negated(words: Sequence[Word], position: int) -> bool:
    around = words[max(0, position - 2) : position + 7]
    return any(w.folded == "не" for w in around)
