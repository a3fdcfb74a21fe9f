"""Whether an answer notices a city with approval, or names it for another reason."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from asdg_portal.cities.recognition.names import Form, Spelling
from asdg_portal.cities.recognition.reading import Text, Word
from asdg_portal.cities.recognition.vocabulary import (
    AND,
    ASKED,
    BORROWING,
    COMPARED,
    DISMISSIVE,
    EVENTS,
    EXEMPLARY,
    JUDGED,
    KINSHIP,
    KNOWLEDGE,
    LEARNING,
    LEAVING_OUT,
    MEETINGS,
    NOTHING,
    ONLY,
    PASSED,
    REFUSED,
    SILENT,
    STUDY,
    TIES,
    TRAVEL,
    UNLEARNT,
)

NEAR = 3
EVENT_REACH = 6
# How far behind a list of cities, in characters, one of them is singled out.
ANSWER_REACH = 300


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
        or _nothing_is_known(text, clause)
        or _is_only_a_tie(text, named, others)
        or _only_another(text, named, others)
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
    start, _end = text.sentence_of(named.start)
    near = [w for w in text.words[max(0, position - 3) : position] if w.start >= start]
    if any(w.lemmas & COMPARED for w in near) or before[-3:] == ["не", "в", "пример"]:
        return True
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
    if any(a.folded == "нельзя" and b.lemmas & JUDGED for a, b in itertools.pairwise(words)):
        return True
    return any(w.lemmas & DISMISSIVE for w in words)


def _nothing_is_known(text: Text, clause: tuple[int, int]) -> bool:
    """«Сведений о Томске нет», «никаких успехов у Томска мы не нашли»."""
    words = text.words_in(clause)
    denied = any(w.folded in {"не", "нет"} for w in words)
    if denied and any(w.lemmas & NOTHING for w in words):
        return True
    return any(w.folded == "нет" for w in words) and any(w.lemmas & KNOWLEDGE for w in words)


def _is_only_a_tie(text: Text, named: Named, others: Sequence[Named]) -> bool:
    """«Матч с Омском», «поезд до Читы»: named, but for nothing that its town hall did."""
    start, end = text.clause_of(named.start)
    position = _before_list(text, named, others)
    near = [w for w in text.words[max(0, position - NEAR - 1) : position] if w.start >= start]
    after = text.words[named.last : named.last + NEAR]
    near += [w for w in after if w.end <= end and w.lemmas & KINSHIP]
    words = text.words_in((start, end))
    return any(w.lemmas & TIES for w in near) and not any(w.lemmas & STUDY for w in words)


def _only_another(text: Text, named: Named, others: Sequence[Named]) -> bool:
    """«Томск и Бийск прислали ответы, но полезен был только ответ Бийска»."""
    start, _end = text.clause_of(named.start)
    if any(w.lemmas & STUDY for w in text.words_in((start, named.start))):
        return False
    reach = named.end + ANSWER_REACH
    full_stop = text.text.find(".", named.end, reach)
    stop = reach if full_stop < 0 else full_stop
    for other in others:
        if other.city == named.city or not named.end < other.start < stop:
            continue
        near = [w.folded for w in text.words[max(named.last, other.first - NEAR) : other.first]]
        if any(word in ONLY for word in near) and "не" not in near:
            return True
    return False


def takes_as_model(text: Text, named: Named) -> bool:
    """Whether the sentence calls something a model: then it may be anything of the city's."""
    return any(w.lemmas & EXEMPLARY for w in text.words_in(text.sentence_of(named.start)))


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
    start, end = text.clause_of(named.start)
    words = text.words_in((start, named.start))
    sources = [n for n in ours if n.first and start <= n.start < end]
    if any(text.words[n.first - 1].folded == "у" for n in sources) and any(
        w.lemmas & BORROWING for w in text.words_in((start, end))
    ):
        return True
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
    if not asked:
        return False
    if any(w.lemmas & SILENT for w in words):
        return True
    if any("ответ" in w.lemmas for w in words) and any(w.folded in {"нет", "без"} for w in words):
        return True
    return any(a.folded == "не" and b.lemmas & REFUSED for a, b in itertools.pairwise(words))


def _is_venue(text: Text, named: Named, others: Sequence[Named]) -> bool:
    """Whether people only met there: «на семинаре в Иркутске», «делегация посетила Читу»."""
    if named.spelling.form is not Form.NAME:
        return False
    position = _before_list(text, named, others)
    start, end = text.sentence_of(named.start)
    near = [w for w in text.words[max(0, position - EVENT_REACH) : position] if w.start >= start]
    if near and near[-1].folded in {"в", "во"}:
        liked = STUDY - {"организовать"}
        if any(w.lemmas & EVENTS for w in near) and not any(w.lemmas & liked for w in near[-3:]):
            return not _hosting_is_praised(text, (start, end), named, others)
        following = [w for w in text.words[named.last : named.last + EVENT_REACH] if w.end <= end]
        if (
            following
            and following[0].lemmas & PASSED
            and any(w.lemmas & MEETINGS for w in following)
        ):
            return not _hosting_is_praised(text, (start, end), named, others)
        if _met_there(text, following) and any(named.end < o.start < end for o in others):
            return True
    travelled = any(w.lemmas & TRAVEL for w in near)
    return travelled and not _something_learnt(text, (start, end))


def _met_there(text: Text, following: Sequence[Word]) -> bool:
    """«Во Владивостоке, на форуме, …»: what was learnt there is told after it."""
    close = following[:4]
    return bool(close) and close[0].folded == "на" and any(w.lemmas & MEETINGS for w in close)


def _hosting_is_praised(
    text: Text, sentence: tuple[int, int], named: Named, others: Sequence[Named]
) -> bool:
    """«Форум в Томске прошёл на высоком уровне»: nothing else in the sentence can be praised."""
    cities = {o.city for o in others if sentence[0] <= o.start < sentence[1]}
    good = {"уровень", "организация", "гостеприимство", "прием", "организовать", "образцовый"}
    words = text.words_in(sentence)
    praised = any(w.lemmas & good for w in words) and any(
        w.lemmas & {"высокий", "отличный", "понравиться", "запомниться", "хороший", "блестящий",
                    "впечатлить", "отметить", "благодарить", "образцовый", "прекрасный", "хорошо",
                    "отлично", "интересно", "замечательный", "спасибо", "приятный"}
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
