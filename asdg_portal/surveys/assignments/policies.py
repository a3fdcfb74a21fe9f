"""Who may hand questions over."""

from __future__ import annotations

from asdg_portal.accounts.policies import Viewer
from asdg_portal.moderation.workflow import WRITING
from asdg_portal.surveys.models import Report
from asdg_portal.surveys.policies import is_own_city


def can_hand(user: Viewer, report: Report) -> bool:
    """The city's representatives, while the report is being written."""
    return is_own_city(user, report) and report.state in WRITING
