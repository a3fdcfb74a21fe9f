"""How well single documents answer a query, for engines that choose candidates by themselves.

The formula is that of ``ranking``; an engine that has everything in columns computes it there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from asdg_portal.search.profile import Profile
from asdg_portal.search.query import Beginning, Clause, Phrase, Query, Word, simple_clauses
from asdg_portal.search.ranking import BODY, EXACT, LENGTH, SATURATION, TITLE, WEIGHT, rarity


@dataclass(frozen=True, slots=True)
class Figures:
    """What an engine knows of all its documents, whoever may read them.

    ``averages`` are the lengths of TITLE and BODY, ``meeting`` says how many documents meet each
    wanted clause of the query.
    """

    documents: int
    averages: Mapping[str, float]
    meeting: Mapping[Clause, int]


@dataclass(frozen=True, slots=True)
class Held:
    """A document with the worth of one occurrence in its title and in its text."""

    profile: Profile
    in_title: float
    in_body: float


Frequency = Callable[[Held], float]
ItemT = TypeVar("ItemT")


class Scorer:
    """Ranks documents for one query."""

    def __init__(self, query: Query, figures: Figures) -> None:
        self._averages = {f: max(1.0, average) for f, average in figures.averages.items()}
        self._clauses = [
            (
                rarity(figures.documents, figures.meeting[clause]),
                _clause(clause),
                exact_words(clause),
            )
            for clause in query.wanted
        ]

    def score(self, profile: Profile) -> float:
        """Say how well a document answers; 0 if it meets nothing."""
        held = Held(
            profile,
            self._worth(TITLE, profile.title_length),
            self._worth(BODY, profile.body_length),
        )
        total, met = 0.0, 0
        for worth, frequency_in, exact in self._clauses:
            if frequency := frequency_in(held):
                total += worth * frequency / (SATURATION + frequency)
                total += (
                    worth
                    * EXACT
                    * sum(weight for word, weight in exact if f" {word} " in profile.spellings)
                )
                met += 1
        return total * met / len(self._clauses) if met else 0.0

    def rank(
        self, candidates: Iterable[tuple[ItemT, Profile]], others: Iterable[ItemT]
    ) -> list[tuple[ItemT, float]]:
        """Order candidates, the best first and of equals the newest; the others follow as they are.

        Each comes with its score; that of the others is not known, but no better.
        """
        ranked = []
        for item, profile in candidates:
            score = self.score(profile)
            ranked.append(((round(score, 9), profile.age, profile.key), item, score))
        ranked.sort(key=lambda found: found[0], reverse=True)
        found = [(item, score) for _order, item, score in ranked]
        least = found[-1][1] if found else 0.0
        return found + [(item, least) for item in others]

    def _worth(self, field: str, length: int) -> float:
        hold = LENGTH[field]
        return WEIGHT[field] / (1 - hold + hold * length / self._averages[field])


def exact_words(clause: Clause) -> list[tuple[str, float]]:
    """The words of a clause as they were typed, each with its weight."""
    return [
        (option.exact, weight)
        for option, weight in simple_clauses(clause)
        if isinstance(option, Word) and option.exact
    ]


def _clause(clause: Clause) -> Frequency:
    options = [(_option(option), weight) for option, weight in simple_clauses(clause)]
    if len(options) == 1 and options[0][1] == 1.0:
        return options[0][0]
    return lambda held: sum(weight * frequency(held) for frequency, weight in options)


def _option(option: Word | Beginning | Phrase) -> Frequency:
    if isinstance(option, Phrase):
        return _phrase(option)
    if isinstance(option, Beginning):
        return _occurrences([f" {option.stem}"])
    return _occurrences([f" {term} " for term in option.terms])


def _occurrences(needles: list[str]) -> Frequency:
    def frequency(held: Held) -> float:
        document, found = held.profile, 0.0
        for needle in needles:
            titled = document.title.count(needle) + document.about.count(needle)
            found += titled * held.in_title + document.body.count(needle) * held.in_body
        return found

    return frequency


def _phrase(phrase: Phrase) -> Frequency:
    words = [_option(word) for word in phrase.words]
    # A form, then others of the same word, then others of the next one before its own form.
    form = r"(?: \| [^ ]+)* {2}(?:[^ ]+ \| )*"
    pattern = re.compile(
        form.join(f"(?:{'|'.join(map(re.escape, word.terms))})" for word in phrase.words).join(
            ("(?<= )", "(?= )")
        )
    )

    def frequency(held: Held) -> float:
        if not (pattern.search(held.profile.body) or pattern.search(held.profile.title)):
            return 0.0
        return min(word(held) for word in words) * len(words)

    return frequency
