"""How well a text answers a query: the figures that every engine ranks by.

BM25F. A clause is worth ``rarity * frequency / (SATURATION + frequency)``, where the frequency adds
up all forms, synonyms (each by its weight) and fields (``WEIGHT``), each held back in fields longer
than usual (``LENGTH``). A text that holds a word just as it was typed gets ``EXACT`` of the rarity
more. The sum is multiplied by the share of the clauses that the text meets.
Measured on judged queries; see benchmarks/.
"""

from __future__ import annotations

from math import log

TITLE, BODY = "title", "body"

SATURATION = 1.2
LENGTH = {TITLE: 0.3, BODY: 0.6}
WEIGHT = {TITLE: 2.5, BODY: 1.0}
EXACT = 0.1
LEAST_RARITY = 0.05


def rarity(documents: int, meeting: int) -> float:
    """Say how much a clause tells that ``meeting`` of all ``documents`` meet."""
    if not meeting:
        return 0.0
    return max(LEAST_RARITY, log(1 + (documents - meeting + 0.5) / (meeting + 0.5)))
