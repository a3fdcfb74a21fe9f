"""Which line asks which of the five questions, however it is worded, numbered or marked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from asdg_portal.surveys.documents.model import Line
from asdg_portal.surveys.documents.question_words import LIKELY, SURE, weigh

ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
ORDINAL = {"перв": 1, "втор": 2, "трет": 3, "четв": 4, "пят": 5}
# Each kind of number in front of a question; a document keeps to one of them.
LABELS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("ordinal", r"(?:вопрос\s+)?(?P<o>перв|втор|трет|четв[её]рт|пят)[а-я]{1,3}(?:\s+вопрос)?\s*[.:)\u2013\u2014-]\s*"),  # noqa: E501
        ("nth", r"(?P<n>[1-9])\s*-\s?(?:ый|ой|ий|й)\s+вопрос\s*[.:)\u2013\u2014-]?\s*"),
        ("word", r"вопрос\s*(?:№\s*)?(?P<n>[1-9]|III|II|IV|I|V)(?!\w)\s*[.:)\u2013\u2014-]?\s*"),
        ("sign", r"№\s*(?P<n>[1-9])(?!\d)\s*[.:)\u2013\u2014-]?\s*"),
        ("point", r"(?:п|пункт)\.?\s*(?P<n>[1-9])(?!\d)\s*[.:)\u2013\u2014-]*\s*"),
        ("brackets", r"[(\[]\s*(?P<n>[1-9])\s*[)\]]\s*[.:]?\s*"),
        ("roman", r"(?P<n>III|II|IV|I|V)\s*(?:[.):]|[\u2013\u2014-]\s)\s*"),
        ("bracket", r"(?P<n>[1-9])\s*\)\s*"),
        ("number", r"(?P<n>[1-9])\s*(?:[.:](?!\d)|[\u2013\u2014-]\s)\s*"),
        ("bare", r"вопрос\s*[:.]\s*"),
    )
)  # fmt: skip
QUOTES = '«»"“”„ _*'
LONGEST = 330
LONGEST_TITLE = 110
LONGEST_WRAP = 5
ENOUGH = 3
STARTS = re.compile(
    r"что|как|чем|чего|чей|чьи|кого|кто|над чем|у кого|в ч[её]м|опыт|считаете|целесообраз|"
    r"нуж|есть ли|стоит|полез|назов|укаж|перечис|отмет|выска|необходим|у коллег",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question found in a document: its number, its wording, and where it stands.

    ``answer`` is what follows it in its own line; ``label`` is the number that it has there and
    ``kind`` how that is written; ``sureness`` tells how well its words are known, 0 if not at all.
    """

    number: int
    wording: str
    position: int
    answer: str = ""
    label: int | None = None
    kind: str = ""
    sureness: int = SURE


def find_questions(lines: Sequence[Line]) -> list[Asked]:
    """Find every question of a document, in its order."""
    read = [asked for i, line in enumerate(lines) if (asked := _read(i, line))]
    found = _marked_alike(lines, read)
    return _with_reworded(lines, found)


def _marked_alike(lines: Sequence[Line], read: Sequence[Asked]) -> list[Asked]:
    """Choose those that are marked in the same way; another is a figure of speech in an answer."""
    ways = list(_ways(lines, read))
    reach = max((len({a.number for a in way}) for way in ways), default=0)
    for way in ways:
        numbers = {a.number for a in way}
        if len(numbers) >= min(ENOUGH, reach) and len(numbers) >= reach - 1:
            stray = [a for a in read if _is_left_unmarked(lines, a, way)]
            return sorted([*way, *stray], key=lambda a: a.position)
    return []


def _ways(lines: Sequence[Line], read: Sequence[Asked]) -> Iterator[list[Asked]]:
    kinds = Counter(a.kind for a in read if a.kind)
    for kind, _count in kinds.most_common():
        yield _surest([a for a in read if a.kind == kind])
    yield _surest([a for a in read if lines[a.position].strong])
    yield [a for a in read if lines[a.position].item and a.sureness >= LIKELY]
    whole = [a for a in read if not a.answer and a.sureness >= LIKELY]
    yield [a for a in whole if a.wording.endswith("?")]
    yield [a for a in whole if not a.wording.endswith((".", ":"))]
    yield [a for a in whole if not a.wording.endswith(":") or a.sureness == SURE]
    yield [a for a in read if a.answer and a.sureness == SURE]


def _surest(way: Sequence[Asked]) -> list[Asked]:
    """Leave out items of an answer that merely resemble a question which is asked elsewhere."""
    best: dict[int, int] = {}
    for asked in way:
        best[asked.number] = max(asked.sureness, best.get(asked.number, 0))
    return [
        a
        for a in way
        if a.sureness == best[a.number] or (a.sureness >= LIKELY and not a.wording.endswith("."))
    ]


def _is_left_unmarked(lines: Sequence[Line], asked: Asked, way: Sequence[Asked]) -> bool:
    """Whether a question that no other mark names has merely lost its own."""
    return (
        asked.number not in {a.number for a in way}
        and asked.sureness == SURE
        and not asked.answer
        and asked.wording.endswith("?")
        and len(asked.wording.split()) >= 5
    )


def _with_reworded(lines: Sequence[Line], found: list[Asked]) -> list[Asked]:
    """Add questions that are worded like no other, where their numbers leave a gap for them."""
    kinds = {a.kind for a in found}
    if not found or len(kinds) != 1 or any(asked.label != asked.number for asked in found):
        return found
    kind = kinds.pop()
    places = {asked.position: asked for asked in found}
    asked_times = Counter(asked.number for asked in found)
    most = max(asked_times.values())
    due = 1
    for position, line in enumerate(lines):
        if position in places:
            due = places[position].number % 5 + 1
            continue
        found_kind, label, text = split_label(line.text)
        if label != due or found_kind != kind or asked_times[due] >= most:
            continue
        wording, answer = _split(text)
        if wording.endswith("?") and len(wording) <= LONGEST:
            places[position] = Asked(due, wording, position, answer, label, kind, 0)
            asked_times[due] += 1
            due = due % 5 + 1
    return [places[position] for position in sorted(places)]


def find_numbers(lines: Sequence[Line]) -> list[Asked]:
    """Where nobody repeated the questions, take the numbers 1 to 5 in a row for them."""
    found: list[Asked] = []
    for position, line in enumerate(lines):
        kind, number, rest = split_label(line.text)
        if number == len(found) % 5 + 1:
            found.append(Asked(number, "", position, rest, number, kind, 0))
    return found if len(found) >= 5 else []


def asks(text: str) -> int | None:
    """Tell which question a cell or a paragraph of its own asks, if it clearly asks one."""
    _kind, _label, rest = split_label(text)
    if len(rest) > LONGEST or rest.endswith((";", ",")):
        return None
    known = weigh(rest)
    return known[0] if known and known[1] >= LIKELY else None


def may_ask(line: Line) -> int | None:
    """Tell which question a line resembles, so that a person should look."""
    asked = _read(0, line)
    if asked is None or asked.answer or asked.sureness < LIKELY:
        return None
    if asked.kind or asked.wording.endswith("?") or line.strong:
        return asked.number
    return None


def _read(position: int, line: Line) -> Asked | None:
    kind, label, text = split_label(line.text)
    wording, answer = _split(text)
    marked = bool(kind) or line.strong or line.item
    if len(wording) > LONGEST or wording.endswith((";", ",")):
        return None
    bare = wording.rstrip(QUOTES)
    if bare.endswith(":") and not (kind or line.strong):
        return None
    if not marked and not bare.endswith("?") and not _is_title(wording):
        return None
    known = weigh(bare.rstrip(":").strip(QUOTES))
    if known is None:
        return None
    number, sureness = known
    if sureness < LIKELY and bare.endswith("."):
        return None
    return Asked(number, wording.strip(QUOTES), position, answer, label, kind, sureness)


def _is_title(wording: str) -> bool:
    """Whether words without a question mark can stand above an answer."""
    count = len(wording.split())
    return (
        count >= 3 and (wording[:1].isupper() or wording[:1] in QUOTES) and len(wording) <= LONGEST
    )


def join_wrapped(lines: Sequence[Line]) -> list[Line]:
    """Put a question that goes on in the next lines together, however they are broken."""
    joined: list[Line] = []
    position = 0
    while position < len(lines):
        length = _wrapped_length(lines[position : position + LONGEST_WRAP])
        together = lines[position : position + length]
        text = " ".join(line.text for line in together)
        joined.append(lines[position] if length == 1 else replace(together[0], text=text))
        position += length
    return joined


def _wrapped_length(lines: Sequence[Line]) -> int:
    """Over how many of the lines the question goes that begins in the first; 1 if it is whole."""
    first = lines[0]
    if first.text.endswith((".", "?", "!", ";", ":")) or not _opens(first):
        return 1
    text = first.text
    for count, line in enumerate(lines[1:], 2):
        if line.blank_before or line.item or line.strong != first.strong or len(text) > LONGEST:
            return 1
        if split_label(line.text)[0] or (weigh(line.text) or (0, 0))[1] == SURE:
            return 1
        text = f"{text} {line.text}"
        ends = text.endswith("?") or (first.strong and line.text[0].islower() and count == 2)
        if ends and "?" not in text[:-1] and asks(text) is not None:
            return count if text.endswith("?") or not _goes_further(lines, count) else count + 1
    return 1


def _goes_further(lines: Sequence[Line], count: int) -> bool:
    """Whether a strong question without its mark has one more line."""
    return len(lines) > count and lines[count].strong and lines[count].text[0].islower()


def _opens(line: Line) -> bool:
    """Whether a question may begin in a line."""
    kind, _number, rest = split_label(line.text)
    first = rest.lstrip(QUOTES)[:1]
    return first.isupper() and (bool(kind) or line.strong or line.item or bool(STARTS.match(rest)))


def split_label(text: str) -> tuple[str, int | None, str]:
    """Part «Вопрос 2. Какие…» or «II. Какие…» into the kind of label, the number and the rest."""
    for kind, pattern in LABELS:
        if match := pattern.match(text):
            groups = match.groupdict()
            if groups.get("o"):
                return kind, ORDINAL[groups["o"][:4].lower().replace("ё", "е")], text[match.end() :]
            if groups.get("n"):
                number = groups["n"].lower()
                return kind, ROMAN.get(number) or int(number), text[match.end() :]
            return kind, None, text[match.end() :]
    return "", None, text


def _split(text: str) -> tuple[str, str]:
    """Part «Что удалось? Многое.» after the question mark."""
    mark = text.find("?")
    if mark < 0:
        return text.strip(), ""
    rest = text[mark + 1 :].lstrip('»"”“ ').strip()
    return text[: mark + 1].strip(), rest
