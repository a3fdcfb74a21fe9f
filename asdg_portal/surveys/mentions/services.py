"""Who noticed whom: the cities that a published report names among its colleagues' successes."""

from __future__ import annotations

from sqlalchemy import delete, select

from asdg_portal.cities.gazetteer import load_gazetteer
from asdg_portal.cities.models import City
from asdg_portal.core.db import db
from asdg_portal.surveys.mentions.models import Mention
from asdg_portal.surveys.models import Report, ReportRevision

PEERS_QUESTION = 2


def note_mentions(report: Report) -> None:
    """Keep what the public revision says of other cities; a withdrawn report names nobody."""
    db.session.execute(delete(Mention).filter_by(report_id=report.id))
    public = report.public
    if not isinstance(public, ReportRevision) or PEERS_QUESTION not in public.answers:
        return
    text = public.answers[PEERS_QUESTION].text
    ids = {city.name: city.id for city in db.session.scalars(select(City))}
    for mention in load_gazetteer().mentions(text, own_city=report.city.name):
        db.session.add(
            Mention(report_id=report.id, city_id=ids[mention.city], phrase=mention.phrase)
        )
