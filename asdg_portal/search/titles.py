"""Titles of published texts for suggestions; the floors above say which texts have some."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from flask import Flask, current_app

from asdg_portal.core.latest import until_next_act
from asdg_portal.search.lookup import Lookup


@dataclass(frozen=True, slots=True)
class Title:
    """A published text as a suggestion: what it is called, whose it is, its address."""

    title: str
    city: str
    url: str


@dataclass(frozen=True, slots=True)
class Titles:
    """Where titles of a kind come from.

    ``mark`` is cheap to ask and becomes another whenever a title appears, changes or goes;
    ``everything`` gives numbers and titles; ``published`` reads some of them as they are at this
    moment, so that nothing that was withdrawn a moment ago is ever named.
    """

    kind: str
    mark: Callable[[], object]
    everything: Callable[[], Iterable[tuple[int, str]]]
    published: Callable[[Collection[int]], Mapping[int, Title]]


def init_titles(app: Flask, titles: Iterable[Titles]) -> None:
    """Tell the application which kinds of texts are suggested by their titles."""
    app.extensions["titles"] = list(titles)
    app.extensions["title_lookups"] = {}


def begun_titles(words: Sequence[str], most: int) -> list[Title]:
    """Titles that have all of these folded words, the last perhaps only begun; newest first."""
    found: list[Title] = []
    for titles in current_app.extensions["titles"]:
        lookup = until_next_act(f"titles:{titles.kind}", partial(_lookup, titles))
        ids = sorted(lookup.find(words))
        newest = ids[: -most - 1 : -1]
        if newest:
            still = titles.published(newest)
            found += [still[item_id] for item_id in newest if item_id in still]
    return found[:most]


def _lookup(titles: Titles) -> Lookup[int]:
    """Give what finds the titles; an act that touched none of them costs one light statement."""
    kept: dict[str, tuple[object, Lookup[int]]] = current_app.extensions["title_lookups"]
    mark = titles.mark()
    if titles.kind not in kept or kept[titles.kind][0] != mark:
        kept[titles.kind] = (mark, Lookup(titles.everything()))
    return kept[titles.kind][1]
