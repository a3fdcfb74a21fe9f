"""The index made anew at the word of an administrator, instead of in a shell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _

from asdg_portal.jobs.kinds import JobKind, Run
from asdg_portal.search.index import Document
from asdg_portal.search.sources import all_documents, get_index


def _rebuild(run: Run) -> dict[str, Any]:
    def counted() -> Iterator[Document]:
        for number, document in enumerate(all_documents(), 1):
            run.report(number)
            yield document

    return {"documents": get_index().rebuild(counted())}


def _in_words(result: Mapping[str, Any]) -> str:
    return str(_("In the index: %(count)s", count=result["documents"]))


REBUILD = JobKind(
    "rebuild_index",
    lambda: str(_("The search index is made anew")),
    _rebuild,
    _in_words,
    offer=lambda: str(_("Make the search index anew")),
)
