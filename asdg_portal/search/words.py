"""Text as the search sees it: words with their dictionary forms and their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from asdg_portal.core.morphology import MOST_WORDS, fold, is_known, lemmas
from asdg_portal.search.acts import CODE, DATE, MONTH_DATE, act_term, date_term, names_law

# A change here changes what is in the index: it is then made anew at the next start.
VERSION = 4

# A number or date of an act; a date or an amount; or letters and digits, joined by hyphens.
_TOKEN = re.compile(
    rf"(?P<date>{MONTH_DATE}|{DATE})|(?P<code>{CODE})"
    r"|(?P<amount>\d+(?:[.,/:]\d+)+)|(?P<word>[^\W_]+(?:[-‑][^\W_]+)*)",
    re.IGNORECASE,
)
_DATE_PARTS = re.compile(r"\d+\s+(\w+)\s+(\d+)")
_LONGEST_WORD = 64
_LONGEST_ABBREVIATION = 6
# Latin letters that look like Russian ones: whole words are written so by mistake.
LOOKALIKES = str.maketrans("aceopxykmtbhACEOPXYKMTBH", "асеорхукмтвнАСЕОРХУКМТВН")
_ENDINGS = re.compile(
    "(?:иями|ями|ами|ого|его|ому|ему|ыми|ими|ией|ия|ие|ии|ию|ях|ах|ов|ев|ей|ой|ый|ий|ая|яя|ое|ее"
    "|ую|юю|ые|ых|их|ым|им|ом|ем|ам|ям|ою|ею|а|я|о|е|ы|и|у|ю|ь|й)$"
)

STOP_WORDS = frozenset(
    (  # noqa: SIM905
        "и в во не на я с со как а то все но да по за от о об из у же вы к ко до мы для при "
        "над под без или бы ли если что чтобы это этот также так их его ее она они он был была "
        "было были быть который свой мочь еще уже только где когда чем нет про"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: under which terms it is found, and where it stands (offsets in the text).

    A query with the same word looks for ``asks`` alone where that is given: «30 декабря 2014» is
    found by its parts too, but whoever asks for it means that day.
    """

    terms: tuple[str, ...]
    start: int
    end: int
    asks: tuple[str, ...] = ()


def tokenize(text: str) -> Iterator[Token]:
    """Cut a text into words.

    What holds a digit stays whole, so that «440-р» never answers to «441-р»; other words are
    divided at their hyphens. A word in capitals («ПО», «РАС») is found as such besides.
    """
    for match in _TOKEN.finditer(text):
        kind, word, start, end = match.lastgroup, match.group(), match.start(), match.end()
        if kind == "date":
            day, parts = date_term(word), _DATE_PARTS.match(word)
            terms = (*lemmas(parts[1]), parts[2]) if parts else ()
            yield Token((day, *terms), start, end, asks=(day,))
        elif kind == "code":
            yield Token((act_term(word),), start, end)
        elif any(letter.isdigit() for letter in word):
            yield _number(word, text, start, end)
        else:
            for part in re.finditer(r"[^-‑]+", word):
                at = start + part.start()
                yield _word(part.group()[:_LONGEST_WORD], at, start + part.end())


def _number(word: str, text: str, start: int, end: int) -> Token:
    term = _with_digits(word)
    if term.isdigit() and names_law(text[max(0, start - 60) : start]):
        return Token((f"{term}-фз", term), start, end, asks=(f"{term}-фз",))
    return Token((term,), start, end)


def _with_digits(word: str) -> str:
    """Spell «300-летию» by its dictionary form too; numbers of acts stay as they are."""
    head, hyphen, tail = fold(word[:_LONGEST_WORD]).replace("‑", "-").rpartition("-")
    if hyphen and len(tail) > 2 and tail.isalpha():
        return f"{head}-{lemmas(tail)[0]}"
    return f"{head}{hyphen}{tail}"


def _word(word: str, start: int, end: int) -> Token:
    terms = _terms(word)
    if not is_abbreviation(word):
        return Token(terms, start, end)
    capitals = fold(word).upper()
    # «ПО» is the preposition, too: whoever asks for it in capitals does not mean that.
    asks = (capitals,) if STOP_WORDS.intersection(terms) else ()
    return Token((*terms, capitals), start, end, asks)


@lru_cache(maxsize=MOST_WORDS)
def _terms(word: str) -> tuple[str, ...]:
    """The dictionary forms; for a word that no dictionary knows, what its forms share as well."""
    if not word.isascii():
        russian = word.translate(LOOKALIKES)
        word = word if any("a" <= letter <= "z" for letter in russian.lower()) else russian
    terms = lemmas(word)
    return terms if is_known(word) else (*terms, *_stem(fold(word)))


def is_abbreviation(word: str) -> bool:
    """Whether a word is written in capitals throughout, as СЭД is."""
    return 2 <= len(word) <= _LONGEST_ABBREVIATION and word.isupper()


def _stem(word: str) -> tuple[str, ...]:
    """Give what the forms of a word have in common that no dictionary knows."""
    stem = without_ending(word)
    return (f"{stem}~",) if len(stem) >= 4 and "а" <= word[0] <= "я" else ()


def without_ending(word: str) -> str:
    """Take from a word what may be its grammatical ending."""
    return _ENDINGS.sub("", word)


def about(city: str, city_name: str, sector_name: str) -> list[Token]:
    """What a text is about, though rarely repeated in it: its city and its direction."""
    named = list(tokenize(f"{city_name} {sector_name}"))
    return [*named, Token((city_term(city),), 0, 0)]


def city_term(slug: str) -> str:
    """Under which term all texts of a city are found; nobody can type it."""
    return f"@{slug}"


def is_stop_word(token: Token) -> bool:
    """Whether a word says nothing by itself."""
    return any(term in STOP_WORDS for term in token.asks or token.terms)
