"""Filing a report for a city: it is marked so, and goes the way of every report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from asdg_portal.accounts.models import User
from asdg_portal.cities.models import City, Sector
from asdg_portal.core import audit
from asdg_portal.core.clock import today
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotAllowed, PortalError, WrongState
from asdg_portal.core.text import clean_line
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.moderation.channels import Channel
from asdg_portal.moderation.workflow import WRITING
from asdg_portal.surveys.models import Campaign, Report
from asdg_portal.surveys.services import find_report, new_report


@dataclass(frozen=True, slots=True)
class Receipt:
    """How a sheet came to the association, on which day, and under which number (Вх. №)."""

    channel: Channel
    received_on: date
    number: str = ""


def file_for_city(
    campaign: Campaign, city: City, sector: Sector, receipt: Receipt, *, actor: User
) -> Report:
    """Begin a city's report, or go on with its draft, from a sheet that was received.

    From now on the staff may write this revision; the city may, too.

    :raises WrongState: if the report has been handed in already.
    """
    if not actor.is_staff:
        raise NotAllowed(_("You may not do this."))
    if receipt.received_on > today():
        raise PortalError(_("A sheet cannot have been received in the future."))
    report = find_report(campaign, city, sector)
    if report is not None and report.state not in WRITING:
        raise WrongState(_("“%(label)s” has been handed in already.", label=report.label))
    with unit_of_work():
        report = report or new_report(campaign, city, sector, actor=actor)
        revision = report.current
        revision.channel, revision.received_on = receipt.channel, receipt.received_on
        revision.incoming_number = clean_line(receipt.number)
        db.session.flush()
        came = {"channel": receipt.channel, "received_on": str(receipt.received_on)}
        after = came | {"number": revision.incoming_number, "revision": revision.number}
        audit.record("file_for_city", f"report:{report.id}", actor, after=after)
    return report
