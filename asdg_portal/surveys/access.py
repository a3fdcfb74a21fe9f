"""Reports for those who work on them; for anybody else their pages do not exist."""

from __future__ import annotations

from flask import g
from flask_babel import gettext as _

from asdg_portal.accounts.sessions import viewer
from asdg_portal.core.errors import NotFound
from asdg_portal.surveys import services
from asdg_portal.surveys.models import Report
from asdg_portal.surveys.policies import can_read_drafts


def work_on(item_id: int) -> Report:
    """Fetch a report for those who work on it; for others there is no such page."""
    person = viewer()
    report = services.get_report(item_id, actor=person)
    if not can_read_drafts(person, report):
        raise NotFound(_("There is no such report, or it is not open to you."))
    g.private = True
    return report
