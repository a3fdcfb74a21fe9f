"""Sorting quotes by theme: those that share rare words, in whatever form, come together.

Words are compared by the beginnings of their dictionary forms («подготовить» and «подготовка» are
one), rare ones weigh more (tf-idf), and the two groups that are most alike on average are joined
until none are alike enough. What is like nothing else stays alone. Staff rename and move the rest.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from asdg_portal.core.morphology import lemmas, parses

# The figures that sorted invented answers best (tests/unit/surveys/test_themes.py): of all pairs of
# one theme 0.79 came together, and of the pairs that came together 0.75 are of one theme.
ENOUGH = 0.08  # likeness, 0 to 1, from which two groups are of one theme
FEW = 12  # among fewer quotes than these, one word in common is chance more often
OWN = 0.1  # how much the words that only one quote has keep it apart
MOST_SHARE = 0.4  # of the quotes; a word of more of them says nothing
MOST_THEMES = 15
BEGINNING = 5
NAMING_WORDS = 3

_WORD = re.compile(r"[а-яё]{3,}(?:-[а-яё]+)*", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?…]+")
_SPEAKING = {"NOUN", "ADJF", "PRTF", "PRTS"}  # verbs such as «сократилось» are of every theme
# What stands in every second answer says nothing of its theme.
_EVERYWHERE = frozenset({
    "город", "городской", "год", "муниципальный", "администрация", "проект", "работа",
    "проводить", "провести", "рамка", "организовать", "создать", "являться", "стать", "новый",
    "также", "наш", "весь", "который", "человек", "житель", "область", "край", "мероприятие",
    "вопрос", "место", "число", "количество", "день", "месяц", "срок", "часть", "случай", "раз",
    "время", "процент", "рубль", "тысяча", "миллион", "средство", "цель", "задача", "итог",
    "результат", "вид", "форма", "основа", "ход", "порядок", "условие", "возможность", "помощь",
    "участие", "реализация", "выполнение", "обеспечение", "организация", "проведение",
    "подготовка", "развитие", "решение", "внедрение", "использование", "осуществление",
    "программа", "направление", "сфера", "уровень", "система", "пункт", "адрес", "получить",
    "принять", "выполнить", "обеспечить", "подготовить", "разработать", "утвердить", "внедрить",
    "реализовать", "открыть", "иметь", "мочь", "составить", "пройти", "прийти", "войти", "вести",
    "дать", "действовать", "помочь", "продолжить", "глава", "большой", "другой", "свой", "каждый",
    "первый", "второй", "третий", "средний", "общий", "основной", "лучший", "различный",
    "отдельный", "прошлый",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """Quotes of one theme by their places in the list, and words to name it by."""

    members: tuple[int, ...]
    words: tuple[str, ...]


def group(quotes: Sequence[str]) -> list[Group]:
    """Sort quotes by theme: the largest first, those that are like no other left out."""
    vectors = _vectors(quotes)
    clusters = [c for c in _join(vectors) if len(c) > 1]
    clusters.sort(key=lambda members: (-len(members), members[0]))
    return [Group(tuple(c), _name(quotes, c)) for c in clusters[:MOST_THEMES]]


def nearest(quote: str, themes: Sequence[Sequence[str]]) -> int | None:
    """Which of the themes, given by their quotes, a new quote belongs to; None if to none."""
    everything = [*(text for theme in themes for text in theme), quote]
    vectors = _vectors(everything)
    alike = vectors[:-1] @ vectors[-1]
    best, best_value, start = None, _enough(len(everything)), 0
    for number, theme in enumerate(themes):
        part = alike[start : start + len(theme)]
        start += len(theme)
        if len(part) and float(part.mean()) > best_value:
            best, best_value = number, float(part.mean())
    return best


def _vectors(quotes: Sequence[str]) -> NDArray[np.float32]:
    counts = [Counter(key for key, _lemma in _words(text)) for text in _own(quotes)]
    spread = Counter(key for count in counts for key in count)
    # A word of one quote joins nothing, and one of most of them joins everything.
    most = max(2.0, len(quotes) * MOST_SHARE)
    weights = {key: math.log(1 + len(quotes) / n) for key, n in spread.items() if 1 < n <= most}
    column = {key: number for number, key in enumerate(weights)}
    vectors = np.zeros((len(quotes), max(1, len(column))), np.float32)
    for row, count in enumerate(counts):
        for key in count.keys() & column.keys():
            vectors[row, column[key]] = weights[key] * (1 + math.log(count[key]))
        # Words of its own make a quote less like others, though they join it to none.
        own = sum(math.log(1 + len(quotes)) ** 2 for key in count if spread[key] == 1)
        length = math.sqrt(float(vectors[row] @ vectors[row]) + own * OWN)
        if length:
            vectors[row] /= length
    return vectors


def _own(quotes: Sequence[str]) -> list[str]:
    """Leave out phrases of office: sentences that stand word for word in different quotes."""
    cut = [_SENTENCE.findall(quote) for quote in quotes]
    repeated = Counter(s for quote in {tuple(sentences) for sentences in cut} for s in set(quote))
    own = [" ".join(s for s in sentences if repeated[s] < 2) for sentences in cut]
    return [text or quote for text, quote in zip(own, quotes, strict=True)]


def _join(vectors: NDArray[np.float32]) -> list[list[int]]:
    """Join the two groups that are most alike on average, again and again (average linkage)."""
    alike = (vectors @ vectors.T).astype(np.float64)
    np.fill_diagonal(alike, -1.0)
    enough = _enough(len(vectors))
    groups: dict[int, list[int]] = {number: [number] for number in range(len(vectors))}
    while len(groups) > 1:
        one, other = divmod(int(alike.argmax()), len(alike))
        if alike[one, other] < enough:
            break
        a, b = len(groups[one]), len(groups[other])
        joined = (alike[one] * a + alike[other] * b) / (a + b)
        alike[one], alike[:, one] = joined, joined
        alike[other], alike[:, other] = -1.0, -1.0
        for gone in set(range(len(alike))) - groups.keys() | {one, other}:
            alike[one, gone] = alike[gone, one] = -1.0
        groups[one] += groups.pop(other)
    return [sorted(members) for members in groups.values()]


def _enough(number: int) -> float:
    return ENOUGH * max(1.0, FEW / max(1, number))


def _name(
    quotes: Sequence[str], members: Sequence[int], *, only_nouns: bool = True
) -> tuple[str, ...]:
    """The nouns that most quotes of a theme share and few others have; if there are none, words."""
    inside: dict[str, Counter[str]] = defaultdict(Counter)
    outside: Counter[str] = Counter()
    for number, quote in enumerate(quotes):
        for key, lemma in dict(_words(quote, only_nouns=only_nouns)).items():
            if number in members:
                inside[key][lemma] += 1
            else:
                outside[key] += 1
    shared = {k: c.total() for k, c in inside.items() if c.total() > 1}
    if not shared and only_nouns:
        return _name(quotes, members, only_nouns=False)
    others = max(1, len(quotes) - len(members))

    def weight(key: str) -> float:
        return shared[key] / len(members) * math.log(1 + others / (1 + outside[key]))

    best = sorted(shared, key=lambda key: (-weight(key), key))[:NAMING_WORDS]
    return tuple(inside[key].most_common(1)[0][0] for key in best)


@lru_cache(maxsize=8192)
def _words(quote: str, *, only_nouns: bool = False) -> tuple[tuple[str, str], ...]:
    """The words that say something: the beginning of each dictionary form, and the form."""
    found = []
    for word in _WORD.findall(quote):
        reading, lemma = parses(word)[0], lemmas(word)[0]
        wanted = {"NOUN"} if only_nouns else _SPEAKING
        is_name = {"Geox", "Surn", "Name", "Patr"} & set(reading.tag.grammemes)
        if reading.tag.POS in wanted and lemma not in _EVERYWHERE and not is_name:
            found.append((lemma[:BEGINNING], lemma))
    return tuple(found)
