"""Every address of the portal against everybody: an address that stands in no row fails the tests.

``yes`` is an answer, a complaint about an empty form among them; ``no``: there is no such page;
``403``: what one may read, but not do; ``in``: the way to the sign-in page, the text given back.
"""

from __future__ import annotations

import re
import secrets

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from asdg_portal.cities.models import Sector
from asdg_portal.core import files
from asdg_portal.core.db import db
from asdg_portal.jobs.models import Job, JobState
from asdg_portal.moderation.models import State, Submission
from asdg_portal.practices.models import Attachment, PracticeRevision
from asdg_portal.search.vocabulary.models import WordGroup
from asdg_portal.shelf.models import Collection, CollectionItem, SavedSearch
from asdg_portal.surveys.archive import services
from asdg_portal.surveys.archive.jobs import READ_ARCHIVE
from asdg_portal.surveys.archive.models import Archive
from asdg_portal.surveys.filings.models import Scan
from asdg_portal.surveys.models import Campaign
from asdg_portal.surveys.summaries.models import Summary, Theme
from tests.factories import YEAR, World

# A visitor; a specialist; representatives of another city and of the text's own; the staff.
WHO = (None, "specialist", "tomsk", "moderator", "admin", "omsk")
# Signing out comes last: whoever has done it is a visitor to the rows below.
TABLE = """
address                                                    | all | spe | oth | mod | adm | own
GET /                                                      | yes | yes | yes | yes | yes | yes
GET /admin/campaigns/                                      | in  | no  | no  | yes | yes | no
POST /admin/campaigns/                                     | in  | no  | no  | yes | yes | no
GET /admin/campaigns/{year}/                               | in  | no  | no  | yes | yes | no
POST /admin/campaigns/{year}/                              | in  | no  | no  | yes | yes | no
POST /admin/campaigns/{year}/open                          | in  | no  | no  | yes | yes | no
POST /admin/campaigns/{year}/discard                       | in  | no  | no  | yes | yes | no
POST /admin/campaigns/{year}/directions                    | in  | no  | no  | yes | yes | no
GET /admin/campaigns/{year}/more-time                      | in  | no  | no  | yes | yes | no
POST /admin/campaigns/{year}/more-time                     | in  | no  | no  | yes | yes | no
POST /admin/campaigns/{year}/more-time/{city}/take-back    | in  | no  | no  | yes | yes | no
GET /admin/campaigns/{year}/questions/new                  | in  | no  | no  | yes | yes | no
POST /admin/campaigns/{year}/questions/new                 | in  | no  | no  | yes | yes | no
POST /admin/campaigns/{year}/questions/{question}/earlier  | in  | no  | no  | yes | yes | no
POST /admin/campaigns/{year}/questions/{question}/later    | in  | no  | no  | yes | yes | no
POST /admin/campaigns/{year}/questions/{question}/remove   | in  | no  | no  | yes | yes | no
GET /admin/campaigns/{year}/questions/{question}           | in  | no  | no  | yes | yes | no
POST /admin/campaigns/{year}/questions/{question}          | in  | no  | no  | yes | yes | no
GET /admin/cities/                                         | in  | no  | no  | no  | yes | no
POST /admin/cities/                                        | in  | no  | no  | no  | yes | no
GET /admin/cities/{city}/                                  | in  | no  | no  | no  | yes | no
POST /admin/cities/{city}/                                 | in  | no  | no  | no  | yes | no
POST /admin/cities/{city}/approval/on                      | in  | no  | no  | no  | yes | no
GET /admin/log/                                            | in  | no  | no  | no  | yes | no
GET /admin/jobs/                                           | in  | no  | no  | no  | yes | no
POST /admin/jobs/                                          | in  | no  | no  | no  | no  | no
POST /admin/jobs/{job}/again                               | in  | no  | no  | no  | yes | no
GET /admin/archive/                                        | in  | no  | no  | no  | yes | no
POST /admin/archive/                                       | in  | no  | no  | no  | yes | no
GET /admin/archive/{archive}/                              | in  | no  | no  | no  | yes | no
GET /admin/archive/{archive}/file                          | in  | no  | no  | no  | yes | no
GET /admin/mail/                                           | in  | no  | no  | yes | yes | no
POST /admin/mail/again                                     | in  | no  | no  | yes | yes | no
GET /admin/people/                                         | in  | no  | no  | no  | yes | no
POST /admin/people/                                        | in  | no  | no  | no  | yes | no
GET /admin/people/{person}/                                | in  | no  | no  | no  | yes | no
GET /admin/people/file.xlsx                                | in  | no  | no  | no  | yes | no
POST /admin/people/{person}/                               | in  | no  | no  | no  | yes | no
POST /admin/people/{person}/block                          | in  | no  | no  | no  | yes | no
POST /admin/people/{person}/unblock                        | in  | no  | no  | no  | yes | no
POST /admin/people/{person}/invite                         | in  | no  | no  | no  | yes | no
GET /admin/people/{person}/part                            | in  | no  | no  | no  | yes | no
POST /admin/people/{person}/part                           | in  | no  | no  | no  | yes | no
GET /admin/search/                                         | in  | no  | no  | no  | yes | no
GET /admin/sectors/                                        | in  | no  | no  | no  | yes | no
POST /admin/sectors/                                       | in  | no  | no  | no  | yes | no
GET /admin/sectors/{sector}/                               | in  | no  | no  | no  | yes | no
POST /admin/sectors/{sector}/                              | in  | no  | no  | no  | yes | no
GET /api/v1/campaigns                                      | yes | yes | yes | yes | yes | yes
GET /api/v1/cities                                         | yes | yes | yes | yes | yes | yes
GET /api/v1/openapi.json                                   | yes | yes | yes | yes | yes | yes
GET /api/v1/practices                                      | yes | yes | yes | yes | yes | yes
GET /api/v1/practices/{draft_practice}                     | no  | no  | no  | no  | no  | no
GET /api/v1/practices/{public_practice}                    | yes | yes | yes | yes | yes | yes
GET /api/v1/reports                                        | yes | yes | yes | yes | yes | yes
GET /api/v1/reports/{draft_report}                         | no  | no  | no  | no  | no  | no
GET /api/v1/reports/{public_report}                        | yes | yes | yes | yes | yes | yes
GET /admin/words/                                          | in  | no  | no  | yes | yes | no
POST /admin/words/                                         | in  | no  | no  | yes | yes | no
GET /admin/words/words.txt                                 | in  | no  | no  | yes | yes | no
GET /admin/words/new                                       | in  | no  | no  | yes | yes | no
POST /admin/words/new                                      | in  | no  | no  | yes | yes | no
GET /admin/words/{words}/                                  | in  | no  | no  | yes | yes | no
POST /admin/words/{words}/                                 | in  | no  | no  | yes | yes | no
POST /admin/words/{words}/remove                           | in  | no  | no  | yes | yes | no
GET /api/v1/search                                         | yes | yes | yes | yes | yes | yes
GET /api/v1/sectors                                        | yes | yes | yes | yes | yes | yes
GET /cities/                                               | yes | yes | yes | yes | yes | yes
GET /cities/{city}/                                        | yes | yes | yes | yes | yes | yes
GET /desk/                                                 | in  | no  | no  | yes | yes | no
GET /desk/{draft_report}/                                  | in  | no  | no  | yes | yes | no
POST /desk/{draft_report}/                                 | in  | no  | no  | yes | yes | no
POST /desk/{draft_report}/remarks                          | in  | no  | no  | yes | yes | no
GET /desk/file                                             | in  | no  | no  | yes | yes | no
POST /desk/file                                            | in  | no  | no  | yes | yes | no
POST /desk/publish                                         | in  | no  | no  | yes | yes | no
GET /desk/reminders/{year}/                                | in  | no  | no  | yes | yes | no
POST /desk/reminders/{year}/                               | in  | no  | no  | yes | yes | no
POST /desk/reminders/{year}/plan                           | in  | no  | no  | yes | yes | no
GET /desk/progress/                                        | in  | no  | no  | yes | yes | no
GET /desk/progress/{year}/                                 | in  | no  | no  | yes | yes | no
GET /desk/progress/{year}/arrivals                         | in  | no  | no  | yes | yes | no
GET /desk/progress/{year}/answers                          | in  | no  | no  | yes | yes | no
GET /desk/progress/{year}/file                             | in  | no  | no  | yes | yes | no
GET /desk/progress/{year}/file.csv                         | in  | no  | no  | yes | yes | no
GET /desk/progress/{year}/{city}/                          | in  | no  | no  | yes | yes | no
POST /desk/progress/{year}/{city}/                         | in  | no  | no  | yes | yes | no
GET /desk/summaries/                                       | in  | no  | no  | yes | yes | no
POST /desk/summaries/                                      | in  | no  | no  | yes | yes | no
GET /desk/summaries/{summary}/                             | in  | no  | no  | yes | yes | no
GET /desk/summaries/{summary}/file.docx                    | in  | no  | no  | yes | yes | no
POST /desk/summaries/{summary}/move                        | in  | no  | no  | yes | yes | no
POST /desk/summaries/{summary}/rest                        | in  | no  | no  | yes | yes | no
POST /desk/summaries/{summary}/themes/{theme}/name         | in  | no  | no  | yes | yes | no
POST /desk/summaries/{summary}/themes/{theme}/up           | in  | no  | no  | yes | yes | no
GET /feeds/practices.atom                                  | yes | yes | yes | yes | yes | yes
GET /feeds/reports.atom                                    | yes | yes | yes | yes | yes | yes
GET /healthz                                               | yes | yes | yes | yes | yes | yes
GET /invitation/{nonsense}                                 | no  | no  | no  | no  | no  | no
POST /invitation/{nonsense}                                | no  | no  | no  | no  | no  | no
GET /metrics                                               | yes | yes | yes | yes | yes | yes
GET /my/                                                   | in  | yes | yes | yes | yes | yes
GET /my/approval/{draft_report}/give-back                  | in  | no  | no  | no  | no  | no
POST /my/approval/{draft_report}/give-back                 | in  | no  | no  | no  | no  | no
POST /my/approval/on                                       | in  | no  | no  | no  | no  | no
GET /my/duties/{year}/                                     | in  | no  | yes | no  | no  | yes
POST /my/duties/{year}/                                    | in  | no  | yes | no  | no  | yes
GET /password/{nonsense}                                   | no  | no  | no  | no  | no  | no
POST /password/{nonsense}                                  | no  | no  | no  | no  | no  | no
GET /password/forgotten                                    | yes | yes | yes | yes | yes | yes
POST /password/forgotten                                   | yes | yes | yes | yes | yes | yes
GET /practices/                                            | yes | yes | yes | yes | yes | yes
GET /practices/{draft_practice}/                           | no  | no  | no  | yes | yes | yes
GET /practices/{public_practice}/                          | yes | yes | yes | yes | yes | yes
POST /practices/{draft_practice}/submit                    | in  | no  | no  | 403 | 403 | yes
POST /practices/{draft_practice}/ask-approval              | in  | no  | no  | 403 | 403 | yes
POST /practices/{draft_practice}/approve                   | in  | no  | no  | 403 | 403 | 403
POST /practices/{draft_practice}/take-back                 | in  | no  | no  | 403 | 403 | yes
POST /practices/{draft_practice}/revise                    | in  | no  | no  | 403 | 403 | yes
POST /practices/{draft_practice}/discard                   | in  | no  | no  | 403 | 403 | yes
POST /practices/{draft_practice}/delete                    | in  | no  | no  | 403 | 403 | yes
POST /practices/{public_practice}/submit                   | in  | no  | no  | 403 | 403 | yes
POST /practices/{public_practice}/ask-approval             | in  | no  | no  | 403 | 403 | yes
POST /practices/{public_practice}/approve                  | in  | no  | no  | 403 | 403 | 403
POST /practices/{public_practice}/take-back                | in  | no  | no  | 403 | 403 | yes
POST /practices/{public_practice}/revise                   | in  | no  | no  | 403 | 403 | yes
POST /practices/{public_practice}/discard                  | in  | no  | no  | 403 | 403 | yes
POST /practices/{public_practice}/delete                   | in  | no  | no  | 403 | 403 | yes
GET /practices/{draft_practice}/edit                       | in  | no  | no  | yes | yes | yes
GET /practices/{public_practice}/edit                      | in  | no  | no  | yes | yes | yes
POST /practices/{draft_practice}/edit                      | in  | no  | no  | 403 | 403 | yes
POST /practices/{public_practice}/edit                     | in  | no  | no  | 403 | 403 | yes
GET /practices/{draft_practice}/files/{draft_file}/а.pdf   | no  | no  | no  | yes | yes | yes
GET /practices/{public_practice}/files/{public_file}/а.pdf | yes | yes | yes | yes | yes | yes
GET /practices/{draft_practice}/history                    | in  | no  | no  | yes | yes | yes
GET /practices/{public_practice}/history                   | in  | no  | no  | yes | yes | yes
GET /practices/{draft_practice}/preview                    | in  | no  | no  | yes | yes | yes
GET /practices/{public_practice}/preview                   | in  | no  | no  | yes | yes | yes
GET /practices/new                                         | in  | no  | yes | no  | no  | yes
POST /practices/new                                        | in  | no  | yes | no  | no  | yes
GET /privacy                                               | yes | yes | yes | yes | yes | yes
GET /profile                                               | in  | yes | yes | yes | yes | yes
POST /profile                                              | in  | yes | yes | yes | yes | yes
GET /profile/password                                      | in  | yes | yes | yes | yes | yes
POST /profile/password                                     | in  | yes | yes | yes | yes | yes
GET /readyz                                                | yes | yes | yes | yes | yes | yes
GET /reports/{draft_report}/                               | no  | no  | no  | yes | yes | yes
GET /reports/{public_report}/                              | yes | yes | yes | yes | yes | yes
POST /reports/{draft_report}/submit                        | in  | no  | no  | 403 | 403 | yes
POST /reports/{draft_report}/ask-approval                  | in  | no  | no  | 403 | 403 | yes
POST /reports/{draft_report}/approve                       | in  | no  | no  | 403 | 403 | 403
POST /reports/{draft_report}/take-back                     | in  | no  | no  | 403 | 403 | yes
POST /reports/{draft_report}/revise                        | in  | no  | no  | 403 | 403 | yes
POST /reports/{draft_report}/discard                       | in  | no  | no  | 403 | 403 | yes
POST /reports/{draft_report}/delete                        | in  | no  | no  | 403 | 403 | yes
POST /reports/{public_report}/submit                       | in  | no  | no  | 403 | 403 | yes
POST /reports/{public_report}/ask-approval                 | in  | no  | no  | 403 | 403 | yes
POST /reports/{public_report}/approve                      | in  | no  | no  | 403 | 403 | 403
POST /reports/{public_report}/take-back                    | in  | no  | no  | 403 | 403 | yes
POST /reports/{public_report}/revise                       | in  | no  | no  | 403 | 403 | yes
POST /reports/{public_report}/discard                      | in  | no  | no  | 403 | 403 | yes
POST /reports/{public_report}/delete                       | in  | no  | no  | 403 | 403 | yes
GET /reports/{draft_report}/edit                           | in  | no  | no  | yes | yes | yes
GET /reports/{public_report}/edit                          | in  | no  | no  | yes | yes | yes
POST /reports/{draft_report}/edit                          | in  | no  | no  | 403 | 403 | yes
POST /reports/{public_report}/edit                         | in  | no  | no  | 403 | 403 | yes
GET /reports/{draft_report}/hands/                         | in  | no  | no  | no  | no  | yes
GET /reports/{draft_report}/hands/q1                       | in  | no  | no  | yes | yes | yes
GET /reports/{draft_report}/hands/q1/ask                   | in  | no  | no  | no  | no  | yes
POST /reports/{draft_report}/hands/q1/ask                  | in  | no  | no  | no  | no  | yes
POST /reports/{draft_report}/hands/q1/recall               | in  | no  | no  | 403 | 403 | yes
GET /reports/{draft_report}/history                        | in  | no  | no  | yes | yes | yes
GET /reports/{public_report}/history                       | in  | no  | no  | yes | yes | yes
GET /reports/{draft_report}/here                           | in  | no  | no  | yes | yes | yes
GET /reports/{public_report}/here                          | in  | no  | no  | yes | yes | yes
POST /reports/{draft_report}/here                          | in  | no  | no  | 403 | 403 | yes
PUT /reports/{draft_report}/parts/q1                       | in  | no  | no  | 403 | 403 | yes
PUT /reports/{public_report}/parts/q1                      | in  | no  | no  | 403 | 403 | yes
GET /reports/{draft_report}/parts/q1/history               | in  | no  | no  | yes | yes | yes
GET /reports/{public_report}/parts/q1/history              | in  | no  | no  | yes | yes | yes
POST /reports/{draft_report}/parts/q1/put-back             | in  | no  | no  | no  | no  | no
GET /reports/{draft_report}/scans/                         | in  | no  | no  | yes | yes | yes
POST /reports/{draft_report}/scans/                        | in  | no  | no  | yes | yes | yes
GET /reports/{draft_report}/scans/{draft_scan}/x           | in  | no  | no  | yes | yes | yes
POST /reports/{draft_report}/scans/{draft_scan}/remove     | in  | no  | no  | yes | yes | 403
GET /reports/{draft_report}/upload/                        | in  | no  | no  | 403 | 403 | yes
POST /reports/{draft_report}/upload/                       | in  | no  | no  | 403 | 403 | yes
GET /reports/{draft_report}/upload/{nonsense}              | in  | no  | no  | 403 | 403 | yes
POST /reports/{draft_report}/upload/{nonsense}             | in  | no  | no  | 403 | 403 | yes
GET /reports/{public_report}/upload/                       | in  | no  | no  | 403 | 403 | yes
POST /reports/{public_report}/upload/                      | in  | no  | no  | 403 | 403 | yes
GET /reports/{public_report}/upload/{nonsense}             | in  | no  | no  | 403 | 403 | yes
POST /reports/{public_report}/upload/{nonsense}            | in  | no  | no  | 403 | 403 | yes
GET /reports/{draft_report}/preview                        | in  | no  | no  | yes | yes | yes
GET /reports/{public_report}/preview                       | in  | no  | no  | yes | yes | yes
GET /reports/{draft_report}/file.docx                      | no  | no  | no  | yes | yes | yes
GET /reports/{draft_report}/file.pdf                       | no  | no  | no  | yes | yes | yes
GET /reports/{public_report}/file.docx                     | yes | yes | yes | yes | yes | yes
GET /reports/{public_report}/file.pdf                      | yes | yes | yes | yes | yes | yes
GET /reports/{draft_report}/preview/file.docx              | in  | no  | no  | yes | yes | yes
GET /reports/{public_report}/preview/file.pdf              | in  | no  | no  | yes | yes | yes
GET /reports/{draft_report}/blank.docx                     | in  | no  | no  | 403 | 403 | yes
GET /reports/new/{year}/{sector}/blank.docx                | in  | no  | yes | no  | no  | yes
POST /reports/{draft_report}/tasks                         | in  | no  | no  | 403 | 403 | yes
POST /reports/{public_report}/tasks                        | in  | no  | no  | 403 | 403 | yes
GET /reports/{draft_report}/tasks/q1                       | in  | no  | no  | yes | yes | yes
POST /reports/{draft_report}/tasks/q1                      | in  | no  | no  | 403 | 403 | yes
POST /reports/{draft_report}/tasks/q3                      | in  | no  | no  | 403 | 403 | yes
GET /reports/{draft_report}/earlier/{last}/q1              | in  | no  | no  | yes | yes | yes
POST /reports/{draft_report}/earlier/{last}/q1             | in  | no  | no  | yes | yes | yes
GET /reports/{draft_report}/earlier/{last}/q1/take         | in  | no  | no  | yes | yes | yes
POST /reports/{draft_report}/earlier/{last}/q1/take        | in  | no  | no  | 403 | 403 | yes
POST /remarks/{remark}                                     | in  | no  | no  | 403 | 403 | yes
GET /reports/new                                           | in  | no  | yes | no  | no  | yes
POST /reports/new                                          | in  | no  | yes | no  | no  | yes
GET /robots.txt                                            | yes | yes | yes | yes | yes | yes
GET /search                                                | yes | yes | yes | yes | yes | yes
GET /search/similar?to=practice:{public_practice}           | yes | yes | yes | yes | yes | yes
GET /search/suggest                                        | yes | yes | yes | yes | yes | yes
GET /feeds/searches/{nonsense}.atom                        | no  | no  | no  | no  | no  | no
GET /searches/stop/{nonsense}                              | no  | no  | no  | no  | no  | no
POST /searches/stop/{nonsense}                             | no  | no  | no  | no  | no  | no
GET /my/searches/                                          | in  | yes | yes | yes | yes | yes
GET /my/searches/new                                       | in  | yes | yes | yes | yes | yes
POST /my/searches/new                                      | in  | yes | yes | yes | yes | yes
GET /my/searches/{search}/                                 | in  | yes | no  | no  | no  | no
POST /my/searches/{search}/                                | in  | yes | no  | no  | no  | no
POST /my/searches/{search}/renew                           | in  | yes | no  | no  | no  | no
POST /my/searches/{search}/remove                          | in  | yes | no  | no  | no  | no
GET /my/collections/                                       | in  | yes | yes | yes | yes | yes
POST /my/collections/                                      | in  | yes | yes | yes | yes | yes
GET /my/collections/add?key=practice:{public_practice}     | in  | yes | yes | yes | yes | yes
GET /my/collections/add?key=practice:{draft_practice}      | in  | no  | no  | no  | no  | no
POST /my/collections/add?key=practice:{public_practice}    | in  | yes | yes | yes | yes | yes
POST /my/collections/add?key=practice:{draft_practice}     | in  | no  | no  | no  | no  | no
GET /my/collections/{collection}/                          | in  | yes | no  | no  | no  | no
POST /my/collections/{collection}/                         | in  | yes | no  | no  | no  | no
GET /my/collections/{collection}/file.docx                 | in  | yes | no  | no  | no  | no
GET /my/collections/{collection}/items/{item}/             | in  | yes | no  | no  | no  | no
POST /my/collections/{collection}/items/{item}/            | in  | yes | no  | no  | no  | no
POST /my/collections/{collection}/items/{item}/up          | in  | yes | no  | no  | no  | no
POST /my/collections/{collection}/share                    | in  | yes | no  | no  | no  | no
POST /my/collections/{collection}/stop-sharing             | in  | yes | no  | no  | no  | no
POST /my/collections/{collection}/items/{item}/out         | in  | yes | no  | no  | no  | no
POST /my/collections/{collection}/remove                   | in  | yes | no  | no  | no  | no
GET /collections/{nonsense}/                               | no  | no  | no  | no  | no  | no
GET /collections/{nonsense}/file.xlsx                      | no  | no  | no  | no  | no  | no
GET /sign-in                                               | yes | yes | yes | yes | yes | yes
POST /sign-in                                              | yes | yes | yes | yes | yes | yes
GET /sign-in/link/{nonsense}                               | no  | no  | no  | no  | no  | no
GET /sitemap.xml                                           | yes | yes | yes | yes | yes | yes
GET /static/{file}                                         | yes | yes | yes | yes | yes | yes
POST /admin/campaigns/{year}/close                         | in  | no  | no  | yes | yes | no
POST /admin/campaigns/{year}/reopen                        | in  | no  | no  | yes | yes | no
POST /profile/sign-out-everywhere                          | in  | yes | yes | yes | yes | yes
POST /sign-out                                             | yes | yes | yes | yes | yes | yes
"""
NAME = re.compile(r"\{(\w+)\}")
FIXED = {
    "city": "omsk",
    "sector": "zhkkh",
    "year": str(YEAR),
    "last": str(YEAR - 1),
    "question": "1",
    "nonsense": "nonsense",
    "file": "favicon.svg",
}


def rows() -> list[tuple[str, str, list[str]]]:
    """The table: method, address and what each person meets there."""
    lines = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()[1:]]
    return [(*line[0].split(), line[1:]) for line in lines]  # type: ignore[misc]


class Things:
    """What the names in an address stand for; what somebody has used up is made anew."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._made: dict[str, int] = {}
        with world.app.app_context():
            self._sectors = [sector.name for sector in db.session.query(Sector)]

    def address(self, pattern: str) -> str:
        """Fill in what exists."""
        return re.sub(
            r"\{(\w+)\}", lambda found: FIXED.get(found[1]) or self._find(found[1]), pattern
        )

    def _find(self, name: str) -> str:
        if name in {"person", "job", "remark", "words", "archive"}:
            return str(getattr(self, f"_{name}")())
        if name in {"search", "collection", "item"}:
            return str(self._keep(name))
        if name in {"summary", "theme"}:
            return str(self._summarise(name))
        if name.endswith("_file"):
            return str(self._attach(int(self._find(name.replace("file", "practice")))))
        if name.endswith("_scan"):
            return str(self._scan(int(self._find(name.replace("scan", "report")))))
        wanted = State.DRAFT if name.startswith("draft") else State.PUBLISHED
        if self._state(name) is not wanted:
            if name.endswith("practice"):
                self._made[name] = self._world.practice(wanted)
            else:
                sector = self._sectors.pop()
                self._made[name] = self._world.report(wanted, sector=sector)
                self._world.report(State.PUBLISHED, sector=sector, year=YEAR - 1)
        return str(self._made[name])

    def _state(self, name: str) -> State | None:
        with self._world.app.app_context():
            item = db.session.get(Submission, self._made.get(name, 0))
            return item.state if item else None

    def _person(self) -> int:
        return self._world.id_of("omsk2")

    def _job(self) -> int:
        with self._world.app.app_context():
            job = Job(kind="rebuild_index", key=secrets.token_hex(4), state=JobState.FAILED)
            db.session.add(job)
            db.session.commit()
            return job.id

    def _summarise(self, name: str) -> int:
        with self._world.app.app_context():
            theme = db.session.scalar(select(Theme))
            if theme is None:
                summary = Summary(number=1, themes=[Theme(name="Ремонт", position=1)])
                summary.campaign = db.session.query(Campaign).filter_by(year=YEAR).one()
                summary.sector = db.session.query(Sector).filter_by(name="ЖКХ").one()
                db.session.add(summary)
                db.session.commit()
                theme = summary.themes[0]
            return theme.id if name == "theme" else theme.summary_id

    def _archive(self) -> int:
        with self._world.app.app_context():
            archive = Archive(name="а.zip", sha256="0", state=State.DRAFT)
            db.session.add(archive)
            db.session.flush()
            db.session.add(Job(kind=READ_ARCHIVE.name, key=services.key_of(archive)))
            db.session.commit()
            return archive.id

    def _words(self) -> int:
        with self._world.app.app_context():
            return db.session.scalars(select(WordGroup.id).limit(1)).one()

    def _remark(self) -> int:
        if "remark" not in self._made:
            returned = self._world.report(State.RETURNED, sector=self._sectors.pop())
            with self._world.app.app_context():
                item = db.session.get_one(Submission, returned)
                self._made["remark"] = item.open_remarks[0].id
        return self._made["remark"]

    def _keep(self, name: str) -> int:
        """What the specialist has put aside; what was removed is put there again."""
        owner = self._world.id_of("specialist")
        with self._world.app.app_context():
            search = db.session.scalar(select(SavedSearch))
            item = db.session.scalar(select(CollectionItem))
            if search is None:
                search = SavedSearch(user_id=owner, name="Поиск", text="опыт", sort="newest")
                db.session.add(search)
            if item is None:
                kept = db.session.scalar(select(Collection).filter_by(name="Подборка"))
                kept = kept or Collection(user_id=owner, name="Подборка")
                item = CollectionItem(key="practice:1", position=1, collection=kept)
                db.session.add(item)
            db.session.commit()
            ids = {"search": search.id, "item": item.id, "collection": item.collection_id}
            return ids[name]

    def _scan(self, report_id: int) -> int:
        with self._world.app.app_context():
            scan = Scan(
                revision_id=db.session.get_one(Submission, report_id).current.id,
                name="лист.pdf",
                media_type="application/pdf",
                size=1,
                sha256=files.keep(b"%PDF-1.7 a sheet"),
            )
            db.session.add(scan)
            db.session.commit()
            return scan.id

    def _attach(self, practice_id: int) -> int:
        data = b"%PDF-1.7 a plan"
        with self._world.app.app_context():
            file = Attachment(
                practice_id=practice_id,
                name="план.pdf",
                media_type="application/pdf",
                size=len(data),
                sha256=files.keep(data),
            )
            newest = db.session.get_one(Submission, practice_id).current
            assert isinstance(newest, PracticeRevision)
            newest.attachments.append(file)
            db.session.commit()
            return file.id


def met(answer: TestResponse) -> str:
    """What an answer is, in the words of the table."""
    if answer.status_code == 401 or (
        answer.status_code == 302 and answer.location.startswith("/sign-in?next=")
    ):
        return "in"
    assert answer.status_code in {200, 303, 400, 403, 404, 409}, answer.status_code
    return {403: "403", 404: "no"}.get(answer.status_code, "yes")


def test_everybody_meets_what_the_table_says(world: World) -> None:
    things, wrong = Things(world), []
    for method, pattern, expected in rows():
        for name, meets in zip(WHO, expected, strict=True):
            client: FlaskClient = world.browser(name)
            answer = client.open(things.address(pattern), method=method)
            found = met(answer)
            answer.close()
            if found != meets:
                wrong.append(f"{method} {pattern}: {name} meets {found}, not {meets}")
    assert not wrong


def test_every_address_stands_in_the_table(world: World) -> None:
    addresses = world.app.url_map.bind("localhost")
    listed = set()
    for method, pattern, _expected in rows():
        plain = NAME.sub(lambda found: FIXED.get(found[1], "1"), pattern).partition("?")[0]
        endpoint, _values = addresses.match(plain, method=method)
        listed.add((method, endpoint))
    exist = {
        (method, rule.endpoint)
        for rule in world.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert exist - listed == set(), "in no row of the table"
