"""An archive of any size for the search, and questions to it: made up, the same every time.

Words are a dictionary's, as unevenly common as in real texts (Zipf) and inflected at random; the
words of the trade (``search_core.WORDS``) are the commonest.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate, islice

import pymorphy3

from asdg_portal.search.index import Document, Kind, Request
from asdg_portal.search.query import parse
from asdg_portal.search.words import tokenize
from benchmarks.search_core import SECTORS, WORDS

SEED = 20
VOCABULARY = 6_000
WORDS_IN_TEXT = 160
CITIES = 70
REGIONS = 25
KINDS = ("frequent word", "several words", "phrase", "rare word with filters")
_BEGINNINGS = "бвгдзклмнпрстфхчшэ"
_VOWELS = "аеиоу"


@lru_cache(maxsize=1)
def lexicon() -> list[list[str]]:
    """Words with all their forms, the commonest first."""
    dictionary = pymorphy3.MorphAnalyzer(lang="ru")
    chance = random.Random(SEED)
    lemmas = dict.fromkeys(WORDS)
    for first in _BEGINNINGS:
        for vowel in _VOWELS:
            known = islice(dictionary.iter_known_word_parses(first + vowel), 6_000)
            found = sorted({parse.normal_form for parse in known})
            lemmas |= dict.fromkeys(chance.sample(found, min(len(found), 120)))
    rest = list(lemmas)[len(WORDS) :]
    chance.shuffle(rest)
    chosen = [*WORDS, *rest][:VOCABULARY]
    return [[form.word for form in dictionary.parse(word)[0].lexeme] for word in chosen]


def archive(count: int, seed: int = SEED) -> Iterator[Document]:
    """Make ``count`` answers of 160 words from seventy cities and thirty years."""
    chance, forms = random.Random(seed), lexicon()
    weights = list(accumulate(1 / rank for rank in range(1, len(forms) + 1)))
    for number in range(count):
        chosen = chance.choices(forms, cum_weights=weights, k=WORDS_IN_TEXT + 5)
        words = [chance.choice(lexeme) for lexeme in chosen]
        city, sector = chance.randrange(CITIES), chance.choice(SECTORS)
        lines = (" ".join(words[at : at + 10]) for at in range(5, len(words), 10))
        yield Document(
            key=f"report:{seed * 10_000_000 + number}:1",
            kind=Kind.REPORT if number % 5 else Kind.PRACTICE,
            title=" ".join(words[:5]).capitalize(),
            body=". ".join(line.capitalize() for line in lines),
            city=f"city-{city}",
            city_name=f"Город {city}",
            region=f"region-{city % REGIONS}",
            region_name=f"Область {city % REGIONS}",
            sector=sector,
            sector_name=sector,
            year=1996 + number % 30,
            question=1 + number % 5,
            url=f"/reports/{number}/",
            audience="members" if number % 10 == 0 else "public",
            published_on=date(2005, 1, 1) + timedelta(days=number % 7000),
        )


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the text for engines that read one, and the filters."""

    kind: str
    text: str
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def request(self) -> Request:
        """The question as the portal asks it."""
        return Request(parse(self.text), frozenset({"public"}), self.filters)


def questions(each: int, seed: int = SEED) -> list[Question]:
    """Ask ``each`` questions of every kind; phrases are taken from the texts."""
    chance, words = random.Random(seed + 1), [forms[0] for forms in lexicon()]
    texts = [document.body.split(". ") for document in archive(each)]
    asked = []
    for number in range(each):
        line = chance.choice(texts[number]).split()
        at = chance.randrange(len(line) - 1)
        filters = {"city": [f"city-{chance.randrange(CITIES)}"], "year": ["2001", "2011", "2021"]}
        asked += [
            Question(KINDS[0], words[number % 25]),
            Question(KINDS[1], " ".join(words[chance.randrange(2_000)] for _ in range(4))),
            Question(KINDS[2], f'"{line[at]} {line[at + 1]}"'.lower()),
            Question(KINDS[3], words[chance.randrange(1_000, 5_000)], filters),
        ]
    return asked


def _is_clear(word: str) -> bool:
    return len(next(tokenize(word)).terms) == 1


def common_phrases(count: int, seed: int = SEED) -> list[str]:
    """Pairs of the commonest words that have one dictionary form each."""
    chance = random.Random(seed + 2)
    clear = [forms[0] for forms in lexicon()[:60] if _is_clear(forms[0])]
    return [" ".join(chance.sample(clear, 2)) for _number in range(count)]
