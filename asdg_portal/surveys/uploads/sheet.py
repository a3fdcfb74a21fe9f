"""A read file beside the report that it is meant for: part by part, with what is doubtful."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from flask_babel import gettext as _

from asdg_portal.core.text import clean
from asdg_portal.core.worddiff import Piece, compare
from asdg_portal.surveys import parts
from asdg_portal.surveys.documents import ParsedFile, ParsedReport
from asdg_portal.surveys.forms import whole
from asdg_portal.surveys.models import Report, ReportRevision
from asdg_portal.surveys.saving.queries import Saved
from asdg_portal.surveys.saving.services import Change, Conflict

KEEP, TAKE, OWN = "keep", "file", "own"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file; ``doubtful`` if a warning is about it."""

    text: str
    doubtful: bool = False


@dataclass(slots=True)
class Row:
    """A part: its lines in the file, what was read, what stands in the report, what is chosen.

    ``text`` stands in the field; ``seen`` is the version of ``existing``, which ``is_newer`` than
    the page from which a choice was sent.
    """

    name: str
    label: str
    lines: list[Line]
    doubts: list[str]
    found: str
    existing: str
    text: str
    seen: str
    choice: str
    is_newer: bool = False
    error: str = ""

    @property
    def must_choose(self) -> bool:
        """Whether something else stands in the report already."""
        return bool(self.existing) and self.existing != self.found

    @property
    def is_there(self) -> bool:
        """Whether the report has these very words already."""
        return bool(self.existing) and self.existing == self.found

    @property
    def pieces(self) -> list[Piece]:
        """What the file changes in what stands there."""
        return compare(self.existing, self.found)

    def find_fault(self) -> None:
        """Say what must be put right before anything is taken; nothing typed is dropped."""
        try:
            self.text = parts.tidy(self.name, self.text)
        except parts.Unfit as refusal:
            self.error = str(refusal)
            return
        edited = self.text not in {self.found, self.existing}
        if self.must_choose and edited and self.choice != OWN:
            self.error = str(_("You have changed the text in the field, but chosen another one: choose the text of the field, or put it back as it was."))  # fmt: skip  # noqa: E501

    @property
    def wanted(self) -> str | None:
        """The text that is to stand in the report; None to leave it alone."""
        if self.is_there or (self.must_choose and self.choice == KEEP):
            return None
        return self.found if self.must_choose and self.choice == TAKE else self.text


@dataclass(slots=True)
class Sheet:
    """One record of a file as the page shows it, with what was typed there if it was sent."""

    report: Report
    revision: ReportRevision
    record: ParsedReport | None
    rows: list[Row]
    heading: list[Line] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    nowhere: list[Line] = field(default_factory=list)
    confirmed: bool = False
    key: str = ""

    @property
    def differences(self) -> list[str]:
        """In what the file is another sheet than the report: city, direction, year."""
        if self.record is None:
            return []
        ours = (self.report.city.name, self.report.sector.name, self.report.year)
        theirs = (self.record.city, self.record.sector, self.record.year)
        names = (_("City"), _("Direction"), _("Reporting year"))
        return [
            _("%(what)s: in the file “%(theirs)s”, in this report “%(ours)s”.", what=what, theirs=their, ours=our)  # noqa: E501
            for what, their, our in zip(names, theirs, ours, strict=True)
            if their and their != our
        ]  # fmt: skip

    @property
    def is_right(self) -> bool:
        """Whether nothing stands in the way of taking what was chosen."""
        return not any(row.error for row in self.rows) and (self.confirmed or not self.differences)

    def look_again(self) -> None:
        """A choice is about the text that was shown: what was saved since asks for another."""
        for row in self.rows:
            if row.is_newer:
                row.choice = KEEP

    def changes(self, sent: Mapping[str, str]) -> list[Change]:
        """What is to be saved, with the versions that the page had shown when it was sent."""
        shown = whole(sent.get("revision"))
        return [
            Change(
                row.name, row.wanted, whole(sent.get(f"v_{row.name}")) or 0, shown or 0, self.key
            )
            for row in self.rows
            if row.wanted is not None and row.wanted != row.existing
        ]

    def meet(self, conflicts: Mapping[str, Conflict]) -> None:
        """Show what others have saved meanwhile; it stays until somebody chooses otherwise."""
        for row in self.rows:
            if conflict := conflicts.get(row.name):
                theirs = conflict.theirs
                row.existing, row.seen, row.choice = theirs.text, str(theirs.number), KEEP
                row.text = conflict.mine
        self.look_again()


def read_sheet(
    report: Report,
    standing: tuple[ReportRevision, Mapping[str, Saved]],
    parsed: ParsedFile | None,
    number: int,
    sent: Mapping[str, str],
) -> Sheet:
    """Lay a record of a file beside a report; ``sent`` is what came back from the page, if it did.

    Without the file (it is kept for a day) what was sent stands in its place.
    """
    revision, versions = standing
    record = parsed.records[number] if parsed else None
    sheet = Sheet(report, revision, record, [], key=sent.get("key") or uuid4().hex)
    sheet.confirmed = sent.get("confirmed") == "yes"
    names = [name for name in parts.names(revision) if name == "preface" or name[0] == "q"]
    for name in names:
        found = clean(_words(record, name) if record else sent.get(name, ""))
        number_now = versions[name].number if name in versions else 0
        row = Row(name, _label(revision, name), [], [], found, parts.read(revision, name),
                  sent.get(name, found), str(number_now), KEEP)  # fmt: skip
        shown = (sent.get(f"v_{name}"), sent.get("revision"))
        row.is_newer = name in sent and shown != (row.seen, str(revision.id))
        # Where there was nothing to choose, the text of the field was meant.
        row.choice = sent.get(f"choice_{name}", OWN if row.is_newer else KEEP)
        sheet.rows.append(row)
    if parsed:
        _lay_out(sheet, parsed, number)
    return sheet


def _words(record: ParsedReport, name: str) -> str:
    return record.preface if name == "preface" else record.answers.get(name, "")


def _label(revision: ReportRevision, name: str) -> str:
    if name == "preface":
        return parts.label(name)
    return str(revision.answers[int(name[1:])].part.numbered)


def _lay_out(sheet: Sheet, parsed: ParsedFile, number: int) -> None:
    """Put the file's lines and doubts where they belong; what belongs nowhere is shown so."""
    assert sheet.record is not None  # noqa: S101  a file that was read has a record
    places = sheet.record.places
    doubts = [w for w in parsed.warnings if w.record in {None, number}]
    marked = {i for w in doubts if w.place for i in range(*w.place)}
    rows = {row.name: row for row in sheet.rows}
    for warning in doubts:
        found = rows[warning.field].doubts if warning.field in rows else sheet.doubts
        found.append(warning.message)
    taken: set[int] = set()

    def lines(at: range) -> list[Line]:
        taken.update(at)
        return [Line(parsed.lines[i], i in marked) for i in at]

    for name, row in rows.items():
        row.lines = lines(range(*places.get(name, (0, 0))))
    sheet.heading = lines(range(*places.get("heading", (0, 0))))
    sheet.nowhere = [Line(parsed.lines[i]) for i in _span(parsed, number) if i not in taken]


def _span(parsed: ParsedFile, number: int) -> Iterator[int]:
    """The lines of one record: from its beginning to that of the next one."""
    starts = [min((p[0] for p in r.places.values()), default=0) for r in parsed.records]
    starts = [0, *starts[1:], len(parsed.lines)]
    yield from range(starts[number], starts[number + 1])
