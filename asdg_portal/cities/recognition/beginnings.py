"""Cities by the beginnings of what people call them, for what is only half typed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from asdg_portal.cities.recognition.names import CityName, Form, short_spellings, spellings

MOST_WORDS = 4
LAST_LETTER = "\uffff"
ORDER = tuple(Form)


class Beginnings:
    """Finds cities by name, adjective and inhabitants, in any case, whole or only begun.

    Of several cities that begin alike, the one that was given earlier comes first.
    """

    def __init__(self, names: Iterable[CityName]) -> None:
        found: set[tuple[str, int, int, str]] = set()
        for place, city in enumerate(names):
            for words, spelling in (*spellings(city), *short_spellings(city)):
                found.add((" ".join(words), ORDER.index(spelling.form), place, city.name))
        self._spellings = sorted(found)
        self._words = [spelling for spelling, *_rest in self._spellings]

    def begun(self, words: Sequence[str]) -> list[str]:
        """Name the cities that folded words are the beginning of: whole names first."""
        return self._between(" ".join(words), " ".join(words) + LAST_LETTER)

    def called(self, words: Sequence[str]) -> list[str]:
        """Name the cities that are called just so."""
        typed = " ".join(words)
        return self._between(typed, typed + "\0")

    def _between(self, first: str, last: str) -> list[str]:
        slice_ = self._spellings[bisect_left(self._words, first) : bisect_left(self._words, last)]
        ranked = sorted((form, word != first, place, name) for word, form, place, name in slice_)
        return list(dict.fromkeys(name for *_rank, name in ranked))
