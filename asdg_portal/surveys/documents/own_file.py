"""A file that the portal itself has written, read back: a report or a form to fill in offline.

Such a file is known by the bookmarks of its questions. An answer that nobody has changed comes
back letter by letter, since the file carries it as it is kept; of one that was changed, what
stands in the document counts, and what is as before keeps its letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from flask_babel import gettext as _

from asdg_portal.cities.recognition import Gazetteer
from asdg_portal.core.text import clean, parse
from asdg_portal.papers.markdown import to_blocks
from asdg_portal.papers.model import Run, Runs
from asdg_portal.papers.pieces import Kind, Piece, pieces_of, tidy
from asdg_portal.papers.writing import to_markdown
from asdg_portal.surveys.documents.model import (
    LONGEST_ANSWER,
    MOST_BYTES,
    QUESTIONS,
    ParsedFile,
    ParsedReport,
    ParseWarning,
    TaskSaid,
)
from asdg_portal.surveys.documents.own_word import PARTS, OwnFile, read_word
from asdg_portal.surveys.documents.sectors import Sectors
from asdg_portal.surveys.documents.word_file import mentions, unpack

MARK = b'"asdg_q'
# Names of what a file says of itself.
CITY, SECTOR, YEAR, TITLE = "asdg-city", "asdg-sector", "asdg-year", "asdg-title"
ASKED, FRAME = "asdg-questions", "asdg-frame-"
TASK = "task_"
_TYPED_MARK = re.compile(r"(?:[-–—•·▪◦*]|(?P<number>\d{1,3})[.)])\s+(?=\S)")


def read_own(name: str, data: bytes, gazetteer: Gazetteer, sectors: Sectors) -> ParsedFile | None:
    """Read a Word file of the portal's own; None if it is not one.

    :raises Unreadable: if it is damaged, or made to do harm.
    """
    if not name.lower().endswith(".docx") or len(data) > MOST_BYTES or not mentions(data, MARK):
        return None
    own = read_word(unpack(data, PARTS))
    return _Reading(name, own, gazetteer, sectors).result() if own else None


def fingerprint(words: str) -> str:
    """A short mark of the words in a frame, by which one sees that somebody wrote into it."""
    return sha256("".join(words.split()).encode()).hexdigest()[:16]


@dataclass
class _Reading:
    """The reading of one file of ours."""

    name: str
    own: OwnFile
    gazetteer: Gazetteer
    sectors: Sectors

    def __post_init__(self) -> None:
        self.warnings: list[ParseWarning] = []
        self.lines, self.places = self._lay_out()

    def result(self) -> ParsedFile:
        own = self.own
        texts = {part: _text(own, part) for part in own.parts}
        answers = {name: texts.get(name, "") for name in (*QUESTIONS, *_questions(own.parts))}
        questions = {name: _wording(own.headings[name]) for name in _questions(own.parts)}
        city, sector, year = self._city(), self._sector(), self._year()
        self._check(answers)
        named = self.gazetteer.mentions(answers["q2"], own_city=city)
        record = ParsedReport(
            city,
            sector,
            year,
            texts.get("preface", ""),
            answers,
            [mention.city for mention in named],
            questions,
            self.places,
            {n: row[-1] for n, row in own.rows.items() if not n.startswith(TASK) and len(row) > 1},
            {n.removeprefix(TASK): TaskSaid(*row[-2:])
             for n, row in own.rows.items() if n.startswith(TASK) and len(row) > 2},
        )  # fmt: skip
        return ParsedFile(self.name, [record], self.warnings, lines=self.lines)

    def _warn(self, field: str, code: str, message: str) -> None:
        self.warnings.append(ParseWarning(0, field, message, code, self.places.get(field)))

    def _check(self, answers: dict[str, str]) -> None:
        own = self.own
        asked = own.properties.get(ASKED, "").split() or list(QUESTIONS)
        for name in sorted({*asked, *QUESTIONS}):
            if gap := self._gap(name, asked, answers.get(name, "")):
                self._warn(name, *gap)
        for name, words in own.frames.items():
            if fingerprint(words) != own.properties.get(FRAME + name, fingerprint(words)):
                self._warn(name, "frame_changed", _("Somebody has written into the frame above the answer: what stands there is not read."))  # fmt: skip  # noqa: E501

    def _gap(self, name: str, asked: Sequence[str], answer: str) -> tuple[str, str] | None:
        if name not in asked:
            return "question_missing", _("The question was not found.")
        if name not in self.own.parts:
            return "question_missing", _("The heading of this question was deleted in the file: its answer may stand at the end of the one above.")  # fmt: skip  # noqa: E501
        if not answer:
            return "answer_empty", _("There is no answer.")
        if len(answer) > LONGEST_ANSWER:
            return "answer_long", _("An answer is longer than %(most)s characters: shorten it.", most=LONGEST_ANSWER)  # fmt: skip  # noqa: E501
        return None

    def _lay_out(self) -> tuple[list[str], dict[str, tuple[int, int]]]:
        """The lines of the file, and from which to before which each part stands."""
        lines, places = [self.own.title], {"heading": (0, 1)}
        for name, pieces in self.own.parts.items():
            begin = len(lines)
            lines += [self.own.headings[name], *(piece.text for piece in pieces)]
            if name == "preface" or name in _questions([name]):
                places[name] = (begin, len(lines))
        return lines, places

    def _city(self) -> str | None:
        name = self.own.properties.get(CITY, "")
        if name and self.gazetteer.in_heading(name) == name:
            self._compare("city", name)
            return name
        if found := self.gazetteer.in_heading(self.own.title.split(" — ")[0]):
            self._warn(
                "city",
                "city_concluded",
                _("The city is taken from the text: %(city)s.", city=found),
            )
            return found
        self._warn("city", "city_unknown", _("The city was not recognised, or is not in the list."))
        return None

    def _sector(self) -> str | None:
        name = self.own.properties.get(SECTOR, "")
        if name and self.sectors.find(name) == name:
            self._compare("sector", name)
            return name
        inside = self.own.title.split(" — ")[-1].rsplit(",", 1)[0]
        if found := self.sectors.find(inside):
            self._warn("sector", "sector_concluded", _("The direction is concluded from the text: %(name)s.", name=found))  # fmt: skip  # noqa: E501
            return found
        self._warn("sector", "sector_unknown", _("The direction was not recognised."))
        return None

    def _year(self) -> int | None:
        year = self.own.properties.get(YEAR, "")
        if not year:
            year = (re.findall(r"\b(?:19|20|21)\d\d\b", self.own.title) or [""])[-1]
        if year.isdecimal() and len(year) == 4:
            self._compare("year", year)
            return int(year)
        self._warn("year", "year_unknown", _("The reporting year was not found."))
        return None

    def _compare(self, field: str, said: str) -> None:
        """Tell where somebody has made the form of one sheet into that of another."""
        if said not in self.own.title:
            self._warn(field, f"{field}_contradicted", _("The file was made for “%(said)s”, its title says something else: “%(title)s”.", said=said, title=self.own.title[:200]))  # fmt: skip  # noqa: E501


def _questions(names: Iterable[str]) -> list[str]:
    return [name for name in names if re.fullmatch(r"q\d{1,2}", name)]


def _wording(heading: str) -> str:
    return re.sub(r"^\d+\.\s*", "", heading)


def _text(own: OwnFile, part: str) -> str:
    """What stands under a heading, as the portal keeps text."""
    pieces, source = own.parts[part], own.sources.get(part, "")
    if sum(len(piece.text) for piece in pieces) > LONGEST_ANSWER:
        return clean("\n\n".join(piece.text for piece in pieces))  # nobody can keep it
    if len(source) > LONGEST_ANSWER:
        source = ""  # we have not written it
    if pieces == pieces_of(to_blocks(source)):
        return clean(source)
    return clean("\n\n".join(_changed(pieces, _whole_blocks(source))))


def _whole_blocks(source: str) -> dict[tuple[Piece, ...], str]:
    """The paragraphs, lists and tables of a kept text by the pieces that they become."""
    lines = clean(source).split("\n")
    found = {}
    for token in parse("\n".join(lines)):
        if token.level == 0 and token.map and token.nesting == 1:
            text = "\n".join(lines[slice(*token.map)]).strip("\n")
            found[_key(pieces_of(to_blocks(text)))] = text
    return found


def _key(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The same pieces whichever table of the text they belong to."""
    return tuple(replace(p, number=0) if p.kind is Kind.ROW else p for p in pieces)


def _changed(pieces: Sequence[Piece], before: Mapping[tuple[Piece, ...], str]) -> Iterator[str]:
    """Write what stands in a document that was changed; what is as before keeps its letters."""
    fresh: list[Piece] = []
    for group in _groups(pieces):
        text = before.get(_key(group))
        if text is None:
            fresh += _with_lists(group)
            continue
        yield to_markdown(fresh)
        yield text
        fresh = []
    yield to_markdown(fresh)


def _groups(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Part pieces into paragraphs, whole lists and whole tables."""
    group: list[Piece] = []
    for piece in pieces:
        if group and not _belong(group[-1], piece):
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _belong(above: Piece, below: Piece) -> bool:
    if Kind.ROW in (above.kind, below.kind):
        return above.kind is below.kind and above.number == below.number
    return below.level > 0 or (below.is_item and (above.is_item or above.level > 0))


def _with_lists(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Make items of what begins with a typed mark, as people type or paste lists."""
    for piece in pieces:
        lines = [*_lines(piece.cells[0])] if piece.kind is Kind.PARAGRAPH else []
        if any(_mark(line) for line in lines):
            for line in lines:
                yield _item(line, piece.level)
        else:
            yield piece


def _lines(runs: Runs) -> Iterator[Runs]:
    line: list[Run] = []
    for run in runs:
        first, *others = run.text.split("\n")
        line.append(replace(run, text=first))
        for text in others:
            yield tidy(line)
            line = [replace(run, text=text)]
    yield tidy(line)


def _mark(line: Runs) -> re.Match[str] | None:
    return _TYPED_MARK.match(line[0].text) if line else None


def _item(line: Runs, level: int) -> Piece:
    mark = _mark(line)
    if mark is None:
        return Piece(Kind.PARAGRAPH, (line,), level)
    words = tidy((replace(line[0], text=line[0].text[mark.end() :]), *line[1:]))
    if mark["number"]:
        return Piece(Kind.NUMBER, (words,), level, int(mark["number"]))
    return Piece(Kind.BULLET, (words,), level)
