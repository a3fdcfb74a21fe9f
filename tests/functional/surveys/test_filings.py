"""A sheet that came on paper: typed in by the staff, marked so, judged like every other."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from asdg_portal.accounts.models import Role, User
from asdg_portal.core import files
from asdg_portal.core.clock import today
from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from asdg_portal.surveys.filings.scans import MOST_SCANS
from asdg_portal.surveys.models import Campaign, Report
from tests.factories import ANSWERS, World, find_city, find_sector
from tests.functional.moderation.test_desk import press

Scan = tuple[str, bytes]

# A sentence on the form, half a sentence on lists.
MARK = "несено за город исполнительной дирекцией: поступило на бумаге 03.03.2026, вх. № 112/04"
ANSWERED = {f"q{number}": text for number, text in ANSWERS.items()} | {"author_name": "Ильин И. И."}


def file(
    world: World, name: str = "moderator", *, scans: Sequence[Scan] = (), **changes: Any
) -> TestResponse:
    """Fill in the form that begins a report for a city."""
    with world.app.app_context():
        data = {
            "campaign": str(db.session.scalars(select(Campaign.id)).one()),
            "city": str(find_city("Омск").id),
            "sector": str(find_sector("Культура").id),
            "channel": "paper",
            "received_on": "2026-03-03",
            "number": "112/04",
        }
    sent: dict[str, Any] = data | changes
    if scans:
        sent["scans"] = [(BytesIO(content), name) for name, content in scans]
    return world.browser(name).post("/desk/file", data=sent)


def filed(world: World) -> int:
    """The number of the one report there is."""
    with world.app.app_context():
        return db.session.scalars(select(Report.id)).one()


def test_a_filed_report_goes_the_way_of_every_report(world: World) -> None:
    answer = file(world)
    item, staff = filed(world), world.browser("moderator")
    assert answer.location == f"/reports/{item}/edit"
    data = ANSWERED | {"then": "send"}
    assert staff.post(f"/reports/{item}/edit", data=data).status_code == 303
    for page in ("/desk/", f"/desk/{item}/"):
        assert MARK in world.browser("moderator2").get(page).text
    for page in ("/my/", f"/reports/{item}/preview", f"/reports/{item}/history"):
        assert MARK in world.browser("omsk").get(page).text
    # The same person may publish what was typed in from the city's paper.
    assert press(staff, world, item, "publish").status_code == 303
    assert world.state(item) is State.PUBLISHED
    assert {letter["to"].addresses[0].username for letter in world.letters()} == {"omsk", "omsk2"}
    assert MARK not in world.browser().get(f"/reports/{item}/").text


def test_the_city_goes_on_with_it_and_the_next_revision_is_its_own(world: World) -> None:
    file(world)
    item, city = filed(world), world.browser("omsk")
    assert city.post(f"/reports/{item}/edit", data=ANSWERED | {"then": "send"}).status_code == 303
    press(world.browser("moderator"), world, item, "send_back", summary="Дополните.")
    staff = world.browser("moderator")
    assert staff.post(f"/reports/{item}/edit", data={"q1": "Дополнили за вас"}).status_code == 403
    assert MARK not in city.get("/my/").text
    assert city.post(f"/reports/{item}/edit", data={"q1": "Дополнено"}).status_code == 303
    # A second sheet of paper answers the remarks: it is filed by itself.
    assert file(world, number="201/04").status_code == 303
    assert staff.post(f"/reports/{item}/edit", data={"q1": "С бумаги"}).status_code == 303
    assert "201/04" in city.get(f"/reports/{item}/history").text


def test_the_draft_of_a_city_is_gone_on_with_not_replaced(world: World) -> None:
    item = world.report(sector="Культура")
    assert file(world).location == f"/reports/{item}/edit"
    assert ANSWERS[4] in world.browser("moderator").get(f"/reports/{item}/edit").text


def test_what_was_handed_in_is_not_filed_again(world: World) -> None:
    item = world.report(State.SUBMITTED, sector="Культура")
    answer = file(world)
    assert answer.status_code == 409
    assert "отчёт уже сдан" in answer.text
    assert "112/04" in answer.text
    assert MARK not in world.browser("omsk").get(f"/reports/{item}/history").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"received_on": ""},
        {"received_on": "вчера"},
        {"received_on": "2999-01-01"},
        {"channel": "голубь"},
        {"city": "999999"},
        {"sector": ""},
        {"number": "9" * 300},
    ],
)
def test_nonsense_is_refused_and_given_back(world: World, wrong: dict[str, Any]) -> None:
    answer = file(world, **wrong)
    assert answer.status_code == 400
    if "number" not in wrong:
        assert "112/04" in answer.text
    with world.app.app_context():
        assert not db.session.query(Report).count()


@pytest.mark.parametrize(("received", "status"), [("2026-02-01", 303), ("2026-02-02", 409)])
def test_paper_counts_by_the_day_on_which_it_came(world: World, received: str, status: int) -> None:
    with world.app.app_context():
        campaign = db.session.scalars(select(Campaign)).one()
        campaign.due_on, campaign.closes_on = date(2026, 1, 31), date(2026, 2, 1)
        db.session.commit()
    assert today() > date(2026, 2, 2)
    file(world, received_on=received)
    item, staff = filed(world), world.browser("moderator")
    sent = staff.post(f"/reports/{item}/edit", data=ANSWERED | {"then": "send"})
    assert sent.status_code == status
    if status == 303:
        assert "с опозданием" in staff.get("/desk/").text
        assert "с опозданием" in world.browser("omsk").get(f"/reports/{item}/history").text


def test_the_form_does_not_exist_for_others(world: World) -> None:
    for name in ("omsk", "specialist"):
        assert file(world, name).status_code == 404


PDF, JPEG, PNG = b"%PDF-1.7 a sheet", b"\xff\xd8\xff a page", b"\x89PNG\r\n\x1a\n a page"


def scanned(world: World) -> dict[str, str]:
    """The scans that the staff see, by their names, and where each is to be had."""
    page = world.browser("moderator2").get(f"/reports/{filed(world)}/scans/").text
    links = re.findall(r'<a href="([^"]+)" download>([^<]+)</a>', page)
    return {name: path for path, name in links}


def add(world: World, *scans: Scan, name: str = "moderator") -> TestResponse:
    """Add scans later."""
    data = {"scans": [(BytesIO(content), name) for name, content in scans]}
    return world.browser(name).post(f"/reports/{filed(world)}/scans/", data=data)


def test_the_scan_is_kept_for_the_staff_and_the_city_and_nobody_else(world: World) -> None:
    file(world, scans=[("Лист 1.pdf", PDF), ("Лист 2.jpg", JPEG)])
    item = filed(world)
    assert list(scanned(world)) == ["Лист 1.pdf", "Лист 2.jpg"]
    data = ANSWERED | {"then": "send"}
    world.browser("moderator").post(f"/reports/{item}/edit", data=data)
    review = world.browser("moderator2").get(f"/desk/{item}/").text
    assert "Лист 1.pdf" in review
    press(world.browser("moderator"), world, item, "publish")
    path = scanned(world)["Лист 1.pdf"]
    for name, sees in (("omsk", True), ("admin", True), ("tomsk", False), ("specialist", False)):
        client = world.browser(name)
        for address in (path, f"/reports/{item}/scans/"):
            with client.get(address) as answer:
                assert (answer.status_code == 200) is sees, name
    with world.browser().get(path) as answer:
        assert answer.status_code == 302
    with world.browser("omsk").get(path) as answer:
        assert answer.data == PDF
        assert answer.headers["Content-Disposition"].startswith("attachment")
    preview = world.browser("omsk").get(f"/reports/{item}/preview").text
    assert "Скан листа: 2" in preview
    for reader in (None, "tomsk", "omsk"):
        assert "Лист 1.pdf" not in world.browser(reader).get(f"/reports/{item}/").text
    history = world.browser("omsk").get(f"/reports/{item}/history").text
    assert "добавлен скан листа" in history


@pytest.mark.parametrize(
    ("scan", "why"),
    [
        (("лист.docx", b"PK\x03\x04"), "не принимается"),
        (("лист.pdf", b"MZ a program"), "не соответствует"),
        (("лист.png", b""), "пустой"),
    ],
)
def test_what_is_no_scan_is_refused_and_the_sheet_is_filed_all_the_same(
    world: World, scan: Scan, why: str
) -> None:
    assert file(world, scans=[scan, ("лист.jpg", JPEG)]).status_code == 303
    page = world.browser("moderator").get(f"/reports/{filed(world)}/edit").text
    assert MARK in page
    assert list(scanned(world)) == ["лист.jpg"]


def test_a_refused_scan_says_why(world: World) -> None:
    file(world)
    client = world.browser("moderator")
    path = f"/reports/{filed(world)}/scans/"
    data = {"scans": [(BytesIO(b"MZ"), "лист.pdf")]}
    assert "не соответствует" in client.post(path, data=data, follow_redirects=True).text
    assert "Сначала выберите файл" in client.post(path, follow_redirects=True).text


def test_scans_are_added_later_once_each_and_taken_away(world: World) -> None:
    file(world, scans=[("лист.pdf", PDF)])
    assert add(world, ("второй раз.pdf", PDF), ("оборот.png", PNG)).status_code == 303
    assert list(scanned(world)) == ["лист.pdf", "оборот.png"]
    gone = scanned(world)["лист.pdf"]
    removal = gone.rpartition("/")[0] + "/remove"
    assert world.browser("omsk").post(removal).status_code == 403
    assert world.browser("moderator").post(removal).status_code == 303
    assert list(scanned(world)) == ["оборот.png"]
    assert world.browser("moderator").get(gone).status_code == 404
    assert "удалён скан листа" in world.browser("omsk").get(f"/reports/{filed(world)}/history").text


def test_there_is_an_end_to_scans(world: World) -> None:
    file(world)
    add(world, *((f"{n}.pdf", PDF + bytes([n])) for n in range(MOST_SCANS + 1)))
    assert len(scanned(world)) == MOST_SCANS


def test_the_city_adds_no_scan_and_what_it_wrote_itself_has_none(world: World) -> None:
    item = world.report(sector="Культура")
    assert add(world, ("лист.pdf", PDF)).status_code == 409
    assert "Скан листа" not in world.browser("moderator").get(f"/reports/{item}/preview").text
    file(world)
    for name, told in (("moderator", True), ("omsk", False)):
        page = world.browser(name).get(f"/reports/{item}/edit").text
        assert ("Скан листа: 0" in page) is told
    assert add(world, ("лист.pdf", PDF), name="omsk").status_code == 403
    assert add(world, ("лист.pdf", PDF), name="tomsk").status_code == 404
    assert scanned(world) == {}


def test_the_file_of_a_scan_is_not_swept_away(world: World) -> None:
    file(world, scans=[("лист.pdf", PDF)])
    with world.app.app_context():
        kept = files.path_of(hashlib.sha256(PDF).hexdigest())
        os.utime(kept, (0, 0))
        files.sweep()
    assert kept.is_file()


def test_a_scan_is_of_its_own_report(world: World) -> None:
    file(world, scans=[("лист.pdf", PDF)])
    number = scanned(world)["лист.pdf"].split("/")[-2]
    other = world.report()
    assert world.browser("omsk").get(f"/reports/{other}/scans/{number}/x").status_code == 404


def test_a_colleague_asked_for_one_answer_does_not_see_the_paper(world: World) -> None:
    file(world, scans=[("лист.pdf", PDF)])
    item, path = filed(world), scanned(world)["лист.pdf"]
    with world.app.app_context():
        helper = db.session.scalars(select(User).filter_by(email="omsk2@example.org")).one()
        helper.role = Role.SPECIALIST
        db.session.commit()
        ask = {"person": str(helper.id), "email": "", "due_on": str(today()), "note": ""}
    assert world.browser("omsk").post(f"/reports/{item}/hands/q1/ask", data=ask).status_code == 303
    page = world.browser("omsk2").get(f"/reports/{item}/edit")
    assert page.status_code == 200
    assert "Скан листа" not in page.text
    for address in (path, f"/reports/{item}/scans/"):
        assert world.browser("omsk2").get(address).status_code == 404


def test_before_the_first_year_there_is_a_way_on(world: World) -> None:
    with world.app.app_context():
        db.session.delete(db.session.scalars(select(Campaign)).one())
        db.session.commit()
    page = world.browser("moderator").get("/desk/file").text
    assert "сначала подготовьте его" in page
    assert "К ответам" not in page
    desk = world.browser("moderator").get("/desk/").text
    assert "Сначала откройте отчётный год" in desk
