"""What people may type into the search: words, "phrases", -words and beginnings with a star."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l

from asdg_portal.core.morphology import fold
from asdg_portal.core.text import clean_line
from asdg_portal.search.words import Token, is_stop_word, tokenize

MOST_CHARACTERS = 200
MOST_TERMS = 20
SHORTEST_BEGINNING = 3

_QUOTES = re.compile("[«»“”„‟]")
_CHUNK = re.compile(r'(?P<minus>(?<!\S)[-−–])?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


class BadQuery(ValueError):
    """A query beyond the limits; the message says which, in the language of the page."""


class TooSlow(BadQuery):
    """An engine gave a query up: there is too much to look up."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word: a document has it if it has any of the dictionary forms.

    ``exact`` is the word as it was typed (folded); texts with just this form stand higher.
    """

    terms: tuple[str, ...]
    exact: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Beginning:
    """All words that begin so."""

    stem: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must stand side by side, in any of their forms."""

    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Ways to say one thing, such as a word and its synonyms: a document needs one of them.

    Each comes with how well it stands for what was asked, from 0 (exclusive) to 1.
    """

    options: tuple[tuple[Word | Beginning | Phrase, float], ...]


Clause = Word | Beginning | Phrase | AnyOf


@dataclass(frozen=True, slots=True)
class Query:
    """What must be met (see ``needed``) and what must not; empty means everything."""

    text: str
    wanted: tuple[Clause, ...] = ()
    unwanted: tuple[Clause, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked, so that the filters alone decide."""
        return not self.wanted and not self.unwanted


def needed(count: int) -> int:
    """How many of ``count`` wanted clauses a document must meet: one, the same in every engine.

    Documents that meet more of them stand first, so that one word which nobody used does not
    empty the page. On a judged set of 20 long queries nDCG@10 was 0.84 so, against 0.62 when a
    third of the words had to be met, 0.54 for half and 0.20 for all of them.
    """
    return min(count, 1)


def parse(text: str) -> Query:
    """Read what somebody typed; whatever it is, the answer is a query or BadQuery.

    :raises BadQuery: if it is longer than 200 characters or has more than 20 words.
    """
    text = clean_line(text)
    if len(text) > MOST_CHARACTERS:
        raise BadQuery(_l("A query may have at most 200 characters."))
    wanted: list[Clause] = []
    unwanted: list[Clause] = []
    stops: list[Clause] = []
    for match, piece in _pieces(_QUOTES.sub('"', text)):
        for clause, stop in _clauses(match, piece):
            if match and match["minus"]:
                unwanted.append(clause)
            else:
                (stops if stop else wanted).append(clause)
    wanted = list(dict.fromkeys(wanted or stops))
    if sum(_size(clause) for clause in (*wanted, *unwanted)) > MOST_TERMS:
        raise BadQuery(_l("A query may have at most 20 words."))
    return Query(text, tuple(wanted), tuple(dict.fromkeys(unwanted)))


def _pieces(text: str) -> Iterator[tuple[re.Match[str] | None, str]]:
    """Part a query into what has a sign of its own, and the runs of plain words between.

    A run is read as a whole, for a date or the number of an act can be written with spaces.
    """
    start: int | None = None
    for match in _CHUNK.finditer(text):
        plain = match["word"] is not None and not match["minus"] and not match["word"].endswith("*")
        if not plain and start is not None:
            yield None, text[start : match.start()]
        if not plain:
            yield match, ""
        start = (match.start() if start is None else start) if plain else None
    if start is not None:
        yield None, text[start:]


def _size(clause: Clause) -> int:
    """Count the words of a clause: each word of a phrase is looked up too."""
    return len(clause.words) if isinstance(clause, Phrase) else 1


def simple_clauses(clause: Clause) -> tuple[tuple[Word | Beginning | Phrase, float], ...]:
    """Give the ways in which a clause can be met, each with its weight."""
    return clause.options if isinstance(clause, AnyOf) else ((clause, 1.0),)


def _clauses(match: re.Match[str] | None, run: str) -> Iterator[tuple[Clause, bool]]:
    """Give the clauses of a piece of a query, each with whether it is a stop word."""
    if match and (phrase := match["phrase"]) is not None:
        words = tuple(_word(token, phrase) for token in tokenize(phrase))
        if len(words) > 1:
            yield Phrase(words), False
        elif words:
            yield words[0], False
        return
    run = match["word"] if match else run
    tokens = list(tokenize(run))
    if run.endswith("*") and tokens and _can_begin(run, tokens[-1]):
        last = tokens.pop()
        yield Beginning(fold(run[last.start : last.end])), False
    for token in tokens:
        yield _word(token, run), is_stop_word(token)


def _word(token: Token, text: str) -> Word:
    return Word(token.asks or token.terms, fold(text[token.start : token.end]))


def _can_begin(chunk: str, token: Token) -> bool:
    return token.end == len(chunk) - 1 and token.end - token.start >= SHORTEST_BEGINNING
