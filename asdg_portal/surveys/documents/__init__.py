"""Reading of old questionnaires: text and Word files as the cities filled them in."""

from asdg_portal.surveys.documents.model import (
    LONGEST_ANSWER,
    ParsedFile,
    ParsedReport,
    ParseWarning,
    to_json,
)
from asdg_portal.surveys.documents.reader import parse
from asdg_portal.surveys.documents.sectors import Sectors

__all__ = [
    "LONGEST_ANSWER",
    "ParseWarning",
    "ParsedFile",
    "ParsedReport",
    "Sectors",
    "parse",
    "to_json",
]
