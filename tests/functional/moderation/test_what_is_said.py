"""What the pages of the work say: numbers of questions, who reads, reasons, times, warnings."""

from __future__ import annotations

import re

import time_machine

from asdg_portal.accounts.models import User
from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from asdg_portal.practices.models import Attachment, Practice, PracticeRevision
from tests.factories import World, find_city
from tests.functional.moderation.test_desk import press

SECTORS = {
    State.SUBMITTED: "Культура",
    State.RETURNED: "Образование",
    State.PUBLISHED: "Экономика",
}


def test_the_history_names_the_question_that_a_remark_is_about(world: World) -> None:
    report = world.report(State.RETURNED)
    page = world.browser("omsk").get(f"/reports/{report}/history").text
    assert "Когда именно?" in page
    assert '<span class="number">5.</span> Считаете ли вы' in page
    assert "q5:" not in page


def test_questions_are_numbered_wherever_the_words_speak_of_their_numbers(world: World) -> None:
    report = world.report(State.SUBMITTED)
    for name, path in (("omsk", f"/reports/{report}/preview"), ("moderator", f"/desk/{report}/")):
        assert '<span class="number">3.</span> Какие задачи' in world.browser(name).get(path).text
    draft = world.report(city="Томск")
    form = world.browser("tomsk").get(f"/reports/{draft}/edit").text
    assert "3. Какие задачи" in form
    assert form.count("Ответ прочтут только участники ассоциации") == 2


def test_a_letter_of_remarks_numbers_the_question_and_says_where_to_go_on(world: World) -> None:
    report = world.report(State.SUBMITTED)
    press(world.browser("moderator"), world, report, "send_back", remark_q3="Назовите сроки.")
    text = world.letters()[0].get_content()
    assert "3. Какие задачи" in text
    assert "Ответить на замечания и отправить текст снова можно здесь:\nhttp" in text


def test_the_moderator_sees_what_files_come_with_a_practice(world: World) -> None:
    practice = world.practice(State.SUBMITTED)
    with world.app.app_context():
        newest = db.session.get_one(Practice, practice).current
        assert isinstance(newest, PracticeRevision)
        newest.attachments.append(
            Attachment(
                practice_id=practice,
                name="Регламент.pdf",
                media_type="application/pdf",
                size=1,
                sha256="0" * 64,
            )
        )
        db.session.commit()
    page = world.browser("moderator").get(f"/desk/{practice}/").text
    assert "Регламент.pdf" in page
    assert "обращения граждан" in page
    assert f'href="/practices/{practice}/preview"' in page


def test_a_withdrawal_without_a_reason_comes_back_with_its_field_open(world: World) -> None:
    report = world.report(State.PUBLISHED)
    page = press(world.browser("moderator"), world, report, "withdraw")
    assert page.status_code == 400
    assert '<details class="mt-3" open>' in page.text


def test_the_city_reads_why_its_text_was_withdrawn(world: World) -> None:
    report = world.report(State.WITHDRAWN)
    omsk = world.browser("omsk")
    assert "Ошибка в числах." in omsk.get(f"/reports/{report}/").text
    mine = omsk.get("/my/").text
    assert mine.index("Снято с публикации") < mine.index(f"/reports/{report}/")


def test_a_published_page_leads_those_who_work_on_it_to_their_work(world: World) -> None:
    report, practice = world.report(State.PUBLISHED), world.practice(State.PUBLISHED)
    for path, item in (("/reports", report), ("/practices", practice)):
        for page in (f"{path}/{item}/", f"{path}/{item}/preview"):
            assert f'href="/desk/{item}/"' in world.browser("moderator").get(page).text
        city = world.browser("omsk").get(f"{path}/{item}/").text
        assert f"{path}/{item}/edit" in city
        assert "/desk/" not in city
        reader = world.browser("tomsk").get(f"{path}/{item}/").text
        assert "/history" not in reader


def test_what_cannot_be_brought_back_is_asked_twice(world: World) -> None:
    omsk = world.browser("omsk")
    draft = world.report()
    form = omsk.get(f"/reports/{draft}/edit").text
    warning = form.index("Текст пропадёт безвозвратно")
    assert form.index('<details class="confirm">') < warning < form.index("/delete")
    next_one = world.practice(State.PUBLISHED)
    omsk.post(f"/practices/{next_one}/revise")
    form = omsk.get(f"/practices/{next_one}/edit").text
    assert form.index("пропадёт безвозвратно") < form.index("/discard")
    assert "/discard" not in omsk.get("/my/").text


def test_the_staff_begin_at_the_desk(world: World) -> None:
    for name in ("moderator", "admin"):
        page = world.browser(name).get("/my/")
        assert (page.status_code, page.location) == (303, "/desk/")


def test_an_empty_desk_says_where_to_begin(world: World) -> None:
    admin = world.browser("admin")
    page = admin.get("/desk/").text
    assert "Пока ни один город ничего не начал. Пригласите представителей" in page
    assert "откройте отчётный год" not in page, "it is open"
    world.report()
    assert "Пока ни один город ничего не начал" not in admin.get("/desk/").text


def test_a_verdict_bar_without_buttons_hides_no_text(world: World) -> None:
    staff = world.browser("moderator")
    for state, bar in ((State.SUBMITTED, True), (State.RETURNED, False), (State.PUBLISHED, False)):
        page = staff.get(f"/desk/{world.report(state, sector=SECTORS[state])}/").text
        assert ('class="save-bar' in page) is bar, state


def test_a_head_is_told_that_the_text_has_gone(world: World) -> None:
    report = world.report()
    with world.app.app_context():
        head = db.session.get_one(User, world.id_of("omsk2"))
        head.is_head = find_city("Омск").needs_approval = True
        db.session.commit()
    world.browser("omsk").post(f"/reports/{report}/ask-approval")
    page = world.browser("omsk2").post(f"/reports/{report}/approve", follow_redirects=True).text
    assert "Согласовано и отправлено. Следующий шаг за АСДГ." in page
    assert world.state(report) is State.SUBMITTED


def test_times_of_a_city_are_by_its_own_clock(world: World) -> None:
    with time_machine.travel("2026-11-24T20:30:00Z", tick=False):
        report = world.report()
        world.browser("omsk").post(f"/reports/{report}/edit", data={"q1": "Иначе."})
        mine = world.browser("omsk").get("/my/").text
    assert "25 ноября 2026, 02:30" in mine


def test_an_address_that_nobody_could_write_to_is_refused_and_the_rest_is_kept(
    world: World,
) -> None:
    omsk = world.browser("omsk")
    for path in (f"/reports/{world.report()}/edit", f"/practices/{world.practice()}/edit"):
        typed = {"contact_email": "нет почты", "contact_phone": "+7 3812 11"}
        page = omsk.post(path, data=typed)
        assert page.status_code == 422
        assert "Это не похоже на адрес" in page.text
        assert "нет почты" in page.text
        assert "+7 3812 11" in omsk.get(path).text
        several = {"contact_email": "a@omsk.example, b@omsk.example"}
        assert omsk.post(path, data=several).status_code == 303
        assert omsk.post(path, data={"contact_email": ""}).status_code == 303


def test_only_what_can_grow_into_a_practice_is_offered_as_one(world: World) -> None:
    report = world.report(State.PUBLISHED)
    page = world.browser("omsk").get(f"/reports/{report}/").text
    assert page.count("/practices/new") == 1
    assert f"report={report}&amp;question=1" in page


def test_a_revision_that_is_not_the_first_says_so(world: World) -> None:
    report = world.report(State.RETURNED)
    assert "редакция 2" in world.browser("omsk").get("/my/").text
    version = world.browser("omsk").post(f"/reports/{report}/submit")
    assert version.status_code == 303
    press(world.browser("moderator"), world, report, "publish")
    assert "редакция 2" in world.browser().get(f"/reports/{report}/").text


def test_a_conflict_names_the_line_that_a_colleague_has_filled_in(world: World) -> None:
    report, omsk = world.report(), world.browser("omsk")
    path = f"/reports/{report}/edit"
    assert omsk.post(path, data={"outgoing_date": "20.11.2026"}).status_code == 303
    late = {"v_outgoing_date": "0", "outgoing_date": "21.11.2026"}
    page = world.browser("omsk2").post(path, data=late)
    assert page.status_code == 409
    assert '<a href="#outgoing_date-conflict">Исходящая дата</a>' in page.text
    saved = page.text[page.text.index('id="outgoing_date-conflict"') :]
    read = re.sub(r"<textarea data-theirs.*?</textarea>", "", saved, flags=re.S)
    assert "20.11.2026" in read.split("</fieldset>")[0]
    assert "21.11.2026" in read.split("</fieldset>")[0]
    assert "2026-11-2" not in read.split("</fieldset>")[0], "as no one writes a day"
    history = omsk.get(f"/reports/{report}/parts/outgoing_date/history").text
    assert "20.11.2026" in history
    assert "2026-11-20" not in history
