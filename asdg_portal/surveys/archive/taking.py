"""One file of an archive read and stored; what became of it is said for each sheet."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from flask_babel import gettext as _

from asdg_portal.cities.gazetteer import load_gazetteer
from asdg_portal.cities.queries import sectors
from asdg_portal.cities.recognition import Gazetteer
from asdg_portal.core.cli import why
from asdg_portal.core.errors import PortalError
from asdg_portal.moderation.models import State
from asdg_portal.surveys.archive.gathering import Entry
from asdg_portal.surveys.archive.models import Became
from asdg_portal.surveys.documents import ParsedFile, Sectors, parse
from asdg_portal.surveys.imports import store

log = logging.getLogger(__name__)
# What needs a look most, last.
WORST = (Became.PRESENT, Became.TAKEN, Became.DOUBTFUL, Became.REFUSED)


@dataclass(frozen=True, slots=True)
class SheetOutcome:
    """What became of one sheet; ``label`` and ``report`` are empty if it is not stored."""

    became: Became
    label: str = ""
    report: int | None = None
    reasons: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: of its sheets, or in ``reasons`` why none was read."""

    sheets: list[SheetOutcome]
    reasons: list[str] = field(default_factory=list)

    @property
    def became(self) -> Became:
        """What most needs a look."""
        return max((s.became for s in self.sheets), key=WORST.index, default=Became.REFUSED)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The sheets as they are kept."""
        return [asdict(sheet) for sheet in self.sheets]


@dataclass(slots=True)
class Reader:
    """What the reading of all files has in common: the names it knows."""

    gazetteer: Gazetteer = field(default_factory=load_gazetteer)
    known: Sectors = field(
        default_factory=lambda: Sectors(
            [{"name": s.name, "synonyms": s.synonyms} for s in sectors(active_only=False)]
        )
    )

    def read(self, entry: Entry) -> ParsedFile:
        """Read a file; whatever is wrong with it is said in ``error``, and no other suffers."""
        try:
            return parse(entry.name, entry.read(), self.gazetteer, self.known)
        except PortalError as error:
            return ParsedFile(entry.name, error=str(error))
        except OSError as error:
            reason = _("The file cannot be read: %(why)s", why=why(error))
            return ParsedFile(entry.name, error=reason)
        except Exception:  # a stranger's file may meet a fault of the reader
            log.exception("The file %r could not be read", entry.name)
            return ParsedFile(entry.name, error=_("The reader has failed on this file: send it to those who look after the portal."))  # fmt: skip  # noqa: E501


@dataclass(slots=True)
class Plan:
    """How sheets are stored. ``year`` and ``sector`` go before what the sheets say.

    ``careful`` leaves every doubtful sheet a draft, for a person to look at. ``seen`` gathers the
    reports that the sheets have become: two sheets of one place do not replace each other.
    """

    state: State
    year: int | None = None
    sector: str | None = None
    careful: bool = True
    seen: set[int] = field(default_factory=set)

    def take(self, parsed: ParsedFile) -> Outcome:
        """Store the sheets of one file; call it inside a unit of work."""
        if parsed.error:
            return Outcome([], [parsed.error])
        return Outcome([self._take(parsed, number) for number in range(len(parsed.records))])

    def _take(self, parsed: ParsedFile, number: int) -> SheetOutcome:
        doubts = self._doubts(parsed, number)
        state = State.DRAFT if doubts and self.careful else self.state
        said = {"year": self.year, "sector": self.sector, "just_stored": self.seen}
        try:
            stored = store(parsed.records[number], state, **said)  # type: ignore[arg-type]
        except PortalError as error:
            return SheetOutcome(Became.REFUSED, reasons=[str(error), *doubts])
        self.seen.add(stored.report.id)
        taken = Became.DOUBTFUL if doubts else Became.TAKEN
        became = taken if stored.changed else Became.PRESENT
        return SheetOutcome(became, stored.report.label, stored.report.id, doubts)

    def _doubts(self, parsed: ParsedFile, number: int) -> list[str]:
        """What a person must look at; what whoever imports has said is not doubted."""
        said = {"year": self.year, "sector": self.sector}
        meant: Sequence[Any] = [w for w in parsed.warnings if w.record in {None, number}]
        return [_in_place(w.field, w.message) for w in meant if said.get(w.field) is None]


def _in_place(name: str, message: str) -> str:
    """A doubt with the question it is about, which the message by itself does not name."""
    if name[:1] == "q" and name[1:].isdecimal():
        return str(_("Question %(number)s: %(doubt)s", number=name[1:], doubt=message))
    return message
