"""Long jobs: asked for once, done by the worker, seen by administrators, taken up after a crash."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.errors import PortalError
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.core.worker import Worker, background
from asdg_portal.jobs import kinds, services
from asdg_portal.jobs.kinds import JobKind, Run
from asdg_portal.jobs.models import Job, JobState
from asdg_portal.moderation.models import State
from tests.factories import World

PATIENCE = 20  # seconds


@pytest.fixture(params=["world", pytest.param("world_on_postgres", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest) -> World:
    """A world on either database."""
    found: World = request.getfixturevalue(request.param)
    return found


def bring(world: World, run: Callable[[Run], dict[str, Any]]) -> None:
    """Let there be a kind of job for these tests."""
    kind = JobKind("test", lambda: "Испытание", run, lambda result: f"Вышло: {result}")
    world.app.extensions["job_kinds"]["test"] = kind


def ask(key: str = "one") -> Job:
    """Ask for that job."""
    return services.ask("test", key, actor=None)


def only_job() -> Job:
    """The one job there is, as the database has it."""
    db.session.remove()
    return db.session.scalars(select(Job)).one()


def test_what_was_asked_for_is_done_in_its_order(world: World) -> None:
    done: list[int] = []

    def run(run: Run) -> dict[str, Any]:
        done.append(run.details["number"])
        return {"number": run.details["number"]}

    bring(world, run)
    with world.app.app_context():
        for number in (1, 2, 3):
            services.ask("test", str(number), actor=None, details={"number": number})
        assert services.run_waiting() == 3
        assert services.run_waiting() == 0
        assert done == [1, 2, 3]
        jobs = db.session.scalars(select(Job).order_by(Job.id)).all()
        assert [job.result["number"] for job in jobs] == done
        assert all(job.state is JobState.DONE and job.finished_at for job in jobs)
        assert not any(job.claimed_by for job in jobs)


def test_the_worker_takes_it_up_after_the_commit(world: World) -> None:
    begun = threading.Event()

    def run(_run: Run) -> dict[str, Any]:
        begun.set()
        return {}

    bring(world, run)
    worker = Worker(world.app)
    worker.start()
    try:
        with world.app.app_context():
            with pytest.raises(PortalError), unit_of_work():
                ask("never")
                raise PortalError("no")
            ask()
        assert begun.wait(PATIENCE)
    finally:
        worker.stop()
    with world.app.app_context():
        assert only_job().state is JobState.DONE


def test_a_key_is_one_job(world: World) -> None:
    bring(world, lambda run: {})
    with world.app.app_context():
        first = ask().id
        assert ask().id == first
        services.run_waiting()
        assert ask().id == first, "what is done is not done again"
        assert services.run_waiting() == 0
        assert ask("two").id != first


def test_how_far_it_is_is_seen_while_it_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds, "SAY_EVERY", 0.0)
    seen: list[str] = []

    def look() -> None:
        db.session.expire_all()  # in a test, the page and the job share what they have read
        seen.append(world.browser("admin").get("/admin/jobs/").text)

    def run(run: Run) -> dict[str, Any]:
        run.report(3, 10)
        look()
        run.report(5)
        look()
        return {"count": 10}

    bring(world, run)
    with world.app.app_context():
        ask()
        look()
        services.run_waiting()
    assert "Ждёт своей очереди" in seen[0]
    assert "сделано: 3 из 10" in seen[1]
    assert '<progress value="3" max="10"' in seen[1]
    assert "сделано: 5" in seen[2]
    assert "<progress" not in seen[2]
    page = world.browser("admin").get("/admin/jobs/").text
    assert "Вышло: {&#39;count&#39;: 10}" in page


def test_what_fails_says_why_and_can_be_begun_again_where_it_was(world: World) -> None:
    memos: list[dict[str, Any]] = []

    def run(run: Run) -> dict[str, Any]:
        memos.append(dict(run.memo))
        run.report(1, 2, memo={"next": 1})
        if len(memos) == 1:
            raise PortalError("Файл 2 не читается.")
        return {}

    bring(world, run)
    with world.app.app_context():
        number = ask().id
        services.run_waiting()
    page = world.browser("admin").get("/admin/jobs/").text
    assert "Файл 2 не читается." in page
    assert world.browser("admin").post(f"/admin/jobs/{number}/again").status_code == 303
    with world.app.app_context():
        assert only_job().asked_by_name == "Имя admin"
        services.run_waiting()
        assert only_job().state is JobState.DONE
        assert not only_job().error
    assert memos == [{}, {"next": 1}]


def test_what_nobody_thought_of_is_a_failure_too(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    bring(world, lambda run: {"none": 1 // 0})
    with world.app.app_context():
        ask()
        services.run_waiting()
        assert only_job().error.startswith("ZeroDivisionError")
    assert "ZeroDivisionError" in caplog.text


def test_a_job_whose_process_was_killed_is_taken_up_and_at_last_given_up(world: World) -> None:
    memos: list[dict[str, Any]] = []

    def be_killed(run: Run) -> dict[str, Any]:
        memos.append(dict(run.memo))
        run.report(7, memo={"next": len(memos)})
        raise KeyboardInterrupt

    bring(world, be_killed)
    with world.app.app_context(), time_machine.travel(now(), tick=False) as clock:
        ask()
        for attempt in range(1, services.MOST_ATTEMPTS + 1):
            with pytest.raises(KeyboardInterrupt):
                services.run_waiting()
            assert only_job().state is JobState.RUNNING
            assert only_job().attempts == attempt
            assert not services.is_due(), "its claim still lasts"
            assert services.run_waiting() == 0
            clock.shift(kinds.CLAIM + timedelta(seconds=1))
            assert services.is_due()
        services.run_waiting()
        job = only_job()
        assert job.state is JobState.FAILED
        assert "несколько раз" in job.error
    assert memos == [{}, {"next": 1}, {"next": 2}]


def test_the_end_of_the_process_interrupts_a_job_and_it_goes_on_later(world: World) -> None:
    done: list[int] = []

    def run(run: Run) -> dict[str, Any]:
        for number in range(run.memo.get("next", 0), 3):
            done.append(number)
            if number == 1 and len(done) == 2:
                background().stopping.set()
            run.report(number, memo={"next": number + 1})
        return {}

    bring(world, run)
    with world.app.app_context():
        ask()
        services.run_waiting()
        job = only_job()
        assert (job.state, job.attempts, job.claimed_by) == (JobState.WAITING, 0, None)
        assert services.run_waiting() == 0, "the process ends"
        background().stopping.clear()
        services.run_waiting()
        assert only_job().state is JobState.DONE
    assert done == [0, 1, 2]


def test_who_was_thought_dead_leaves_the_job_to_its_heir(world: World) -> None:
    ended: list[str] = []

    def run(run: Run) -> dict[str, Any]:
        if not ended:
            ended.append("begun")
            clock.shift(kinds.CLAIM + timedelta(seconds=1))
            services.run_waiting()
            run.report(1, memo={"next": 1})
            ended.append("never")
        return {"by": "heir"}

    bring(world, run)
    with world.app.app_context(), time_machine.travel(now(), tick=False) as clock:
        ask()
        services.run_waiting()
        job = only_job()
        assert (job.state, job.result) == (JobState.DONE, {"by": "heir"})
    assert ended == ["begun"]


def test_an_administrator_has_the_index_made_anew(world: World) -> None:
    world.report(State.PUBLISHED)
    admin = world.browser("admin")
    page = admin.get("/admin/jobs/").text
    assert "Построить поисковый индекс заново" in page
    for _press in "ab":
        data = {"kind": "rebuild_index", "key": "once"}
        assert admin.post("/admin/jobs/", data=data).status_code == 303
    with world.app.app_context():
        assert services.run_waiting() == 1
        assert only_job().result["documents"] > 0
    assert "В индексе:" in admin.get("/admin/jobs/").text
    assert "построение поискового индекса" in admin.get("/admin/log/").text.lower()


@pytest.mark.parametrize("kind", ["", "nonsense", "test"])
def test_only_what_is_offered_can_be_asked_for(world: World, kind: str) -> None:
    bring(world, lambda run: {})
    assert world.browser("admin").post("/admin/jobs/", data={"kind": kind}).status_code == 404
    assert world.browser("admin").post("/admin/jobs/77/again").status_code == 404
