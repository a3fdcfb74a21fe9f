"""Texts of other cities that are about the same as one text.

The text itself is the question: all its words, of which the index gives the most to the rare ones.
Sentences that stand word for word in texts of other cities, such as «опыт оформлен в виде
методических рекомендаций», say nothing of what a text is about, and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from asdg_portal.accounts.policies import Viewer, audiences
from asdg_portal.core.latest import until_next_act
from asdg_portal.search.index import Document, IndexUnavailable, Request
from asdg_portal.search.query import Phrase, Query, Word
from asdg_portal.search.service import Names
from asdg_portal.search.sources import get_index, outdated_keys, published_document
from asdg_portal.search.words import is_stop_word, tokenize

# Of a long text the beginning says what it is about.
MOST_WORDS = 80
MOST_SENTENCES = 15
MOST_FOUND = 20
# A sentence is known by so many words at its beginning; a shorter one is nobody's in particular.
SENTENCE = 5
# What less than this share of a text's own score connects with it is chance; the same direction
# makes chance less likely.
LEAST_SHARE = 0.022
SAME_SECTOR = 1.5

_SENTENCES = re.compile(r"[^.!?…\n]+")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """A published text, and what other cities have published about the same, nearest first."""

    text: Document
    others: Sequence[Document]


def similar(key: str, viewer: Viewer, most: int = MOST_FOUND) -> Neighbours | None:
    """Find what is about the same as the text with this key; None if one may not read that.

    :raises IndexUnavailable: if the index is missing or damaged; it heals by itself.
    """
    readable = audiences(viewer)
    name = f"similar:{key}:{','.join(sorted(readable))}"
    found = until_next_act(name, partial(_neighbours, key, readable))
    # What was withdrawn a moment ago is gone at once, whatever is kept.
    gone = outdated_keys()
    if found is None or found.text.key in gone:
        return None
    return Neighbours(found.text, [text for text in found.others if text.key not in gone][:most])


def others_if_any(key: str, viewer: Viewer, most: int) -> Sequence[Document]:
    """Give the same for a page that can do without it: nothing while the index is away."""
    try:
        found = similar(key, viewer, most)
    except IndexUnavailable:
        return ()
    return found.others if found else ()


def _neighbours(key: str, readable: frozenset[str]) -> Neighbours | None:
    text = published_document(key)
    if text is None or text.audience not in readable:
        return None
    return Neighbours(text, _find(text, readable))


def _find(document: Document, readable: frozenset[str]) -> list[Document]:
    others = [slug for slug in Names().labels["city"] if slug != document.city]
    elsewhere = Request(Query(""), readable, {"city": others}, outdated_keys(), limit=MOST_FOUND)
    query = Query("", tuple(islice(_words(_own_words(document, elsewhere)), MOST_WORDS)))
    if not query.wanted or not others:
        return []
    at_home = Request(query, readable, {"city": [document.city]}, limit=1)
    itself = get_index().search(at_home).hits
    least = LEAST_SHARE * itself[0].score if itself else 0.0
    found = [
        (hit.score * (SAME_SECTOR if hit.document.sector == document.sector else 1), hit.document)
        for hit in get_index().search(replace(elsewhere, query=query)).hits
    ]
    near = [(score, text) for score, text in found if score >= least]
    return [text for _score, text in sorted(near, key=lambda pair: -pair[0])]


def _own_words(document: Document, elsewhere: Request) -> str:
    """The title and the sentences of a text that other cities do not have word for word."""
    sentences = _SENTENCES.findall(document.body)[:MOST_SENTENCES]
    own = [sentence for sentence in sentences if not _stands(sentence, elsewhere)]
    return "\n".join([document.title, *(own or sentences)])


def _stands(sentence: str, elsewhere: Request) -> bool:
    words = tuple(Word(token.terms) for token in islice(tokenize(sentence), SENTENCE))
    if len(words) < SENTENCE:
        return False
    phrase = Query("", (Phrase(words),))
    return get_index().search(replace(elsewhere, query=phrase, limit=1)).total > 0


def _words(text: str) -> Iterator[Word]:
    """The different words of a text that can say something, in their order."""
    seen: set[tuple[str, ...]] = set()
    for token in tokenize(text):
        if token.terms not in seen and not is_stop_word(token):
            seen.add(token.terms)
            yield Word(token.terms)
