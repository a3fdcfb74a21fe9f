"""How right a reading is: a text is right when it is the same but for marks, spaces and ё."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence

from asdg_portal.surveys.documents import ParsedFile

NAMED = ("city", "sector", "year")
QUESTIONS = ("q1", "q2", "q3", "q4", "q5")
NEARLY = 0.98


def plain(text: object) -> str:
    """Write a text without what does not count."""
    folded = unicodedata.normalize("NFKC", str(text or "")).lower().replace("ё", "е")
    folded = re.sub(r"[«»“”„\"']", '"', re.sub(r"[–—−‑]", "-", folded))
    lines = (re.sub(r"^\s*(?:[-•*·o]\s*|\d{1,2}[.)]\s+)", "", x) for x in folded.split("\n"))
    return " ".join(" ".join(lines).split())


def is_same(a: object, b: object) -> bool:
    """Whether two texts are the same to a reader."""
    one, two = plain(a), plain(b)
    if not one or not two:
        return not one.strip('-" .') and not two.strip('-" .')
    if one == two:
        return True
    return difflib.SequenceMatcher(None, one, two, autojunk=False).ratio() >= NEARLY


def faults(gold: Sequence[Mapping[str, object]], parsed: ParsedFile) -> list[tuple[int, str]]:
    """Name the record and field of everything that was read wrongly; (-1, …) is their number."""
    if len(gold) != len(parsed.records):
        return [(-1, "records")]
    found = []
    for number, (right, record) in enumerate(zip(gold, parsed.records, strict=True)):
        answers = right["answers"]
        assert isinstance(answers, dict)
        found += [(number, f) for f in NAMED if right[f] != getattr(record, f)]
        found += [(number, f) for f in QUESTIONS if not is_same(answers[f], record.answers[f])]
        if not is_same(right["preface"], record.preface):
            found.append((number, "preface"))
    return found


def silent(parsed: ParsedFile, wrong: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Of what is wrong, name what no warning speaks of: the worst that can happen."""
    if parsed.error is not None:
        return []
    doubted = {(w.record, w.field) for w in parsed.warnings}
    if any(w.record is None for w in parsed.warnings):
        return []
    return [(n, f) for n, f in wrong if (n, f) not in doubted]
