"""Which direction of municipal work a heading names, or a text is about."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from asdg_portal.core.morphology import fold, lemmas

TOPICS: dict[str, list[str]] = json.loads(
    (Path(__file__).parent / "topics.json").read_text(encoding="utf-8")
)
LEAD = re.compile(
    r"^(?:(?:анкета|отч[её]т|информация|сведения|ответы)\s+)?(?:(?:по|в|о работе в)\s+)?"
    r"(?:отрасл[ьи]|направлени[ею]|сфер[аеы]|раздел|тема|секция|блок)\s*(?:деятельности|работы)?\s*"
    r"(?:(?:№\s*)?(?:\d|[IVX]{1,4})\s*[.):]|[:—–-])?\s*",
    re.I,
)
SMALL = {"и", "в", "на", "по", "с", "о", "деятельность", "сфера", "отрасль", "вопрос", "область"}
INSIDE = re.compile(
    r"\b(?:направлени|отрасл|сфер|раздел)[а-я]*\s*[:—–-]?\s*((?:[а-яё-]+\s?){1,5}?)(?=\s(?:за|в|г)\b|[.,;)]|$)",
    re.I,
)
LONGEST_SENTENCE = 300
LONGEST = 90
CLEARLY = 1.3
FEWEST_WORDS = 3


class Sectors:
    """The list of directions with their synonyms, ready to be recognised."""

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._names: list[tuple[frozenset[str], str]] = []
        self._known = [str(row["name"]) for row in rows]
        for row in rows:
            for name in (row["name"], *row.get("synonyms", ())):
                self._names.append((_words(name), row["name"]))
        self._names.sort(key=lambda pair: -len(pair[0]))

    def find(self, heading: str) -> str | None:
        """Name the direction that a heading stands for; None if it is about something else."""
        if len(heading) > LONGEST:
            return None
        text = LEAD.sub("", heading.strip().strip('().«»"').strip())
        said = _words(text)
        if not said:
            return None
        for words, name in self._names:
            if words == said:
                return name
        if LEAD.match(heading) or len(said) <= FEWEST_WORDS:
            for words, name in self._names:
                if words <= said or (len(words) > 1 and said <= words and len(said) > 1):
                    return name
        return None

    def named_in(self, text: str) -> str | None:
        """Name the direction that a sentence names in quotes, or after the word «направление»."""
        quoted = re.findall(r"[«\"“„]([^»\"”“]{3,90})[»\"”“]", text[:LONGEST_SENTENCE])
        named = {sector for part in quoted if (sector := self.find(part))}
        if len(named) != 1 and (match := INSIDE.search(text[:LONGEST_SENTENCE])):
            named = {sector} if (sector := self.find(match[1])) else set()
        return named.pop() if len(named) == 1 else None

    def guess(self, text: str) -> str | None:
        """Tell the direction from what a text speaks of, where it clearly speaks of one."""
        said = [lemma for word in re.findall(r"[^\W\d_]+", text) for lemma in lemmas(word)[:1]]
        scores = {name: self._weigh(name, said) for name in self._known}
        ranked = sorted(scores.items(), key=lambda pair: -pair[1])
        if not ranked or ranked[0][1] < FEWEST_WORDS:
            return None
        second = ranked[1][1] if len(ranked) > 1 else 0.0
        return ranked[0][0] if ranked[0][1] >= CLEARLY * second else None

    def _weigh(self, name: str, said: Sequence[str]) -> float:
        """Count words of the direction; its own name within a sentence weighs most."""
        stems = tuple(fold(stem) for stem in TOPICS.get(name, ()))
        score = float(sum(1 for word in said if word.startswith(stems)) if stems else 0)
        for words, known in self._names:
            if known == name and len(words) > 1:
                spots = [i for i, word in enumerate(said) if word in words]
                near = any(b - a <= 2 for a, b in itertools.pairwise(spots) if said[a] != said[b])
                score += 4 * near
        return score


def _words(text: str) -> frozenset[str]:
    """The words of a name by their first dictionary forms, without the small ones."""
    found = (lemmas(word)[0] for word in re.findall(r"[^\W\d_]+", text))
    return frozenset(fold(word) for word in found if word not in SMALL)
