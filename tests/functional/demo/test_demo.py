"""The demonstration: it shows every state, it can be signed in to, and it never mixes with work."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from asdg_portal.accounts.models import User
from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.db import db
from asdg_portal.core.letters import TOPIC as MAIL
from asdg_portal.core.outbox import count_pending
from asdg_portal.demo.services import ACCOUNTS_FILE, is_untouched, load_demo
from asdg_portal.moderation.models import Remark, Revision, State, Submission
from asdg_portal.surveys.commitments.models import Commitment, Outcome
from tests.factories import World
from tests.portal import make_app


def assert_the_log_tells_the_days_of_the_texts() -> None:
    """Whoever opens a history reads the same day of submission in the text and in the acts."""
    submitted = db.session.query(AuditEntry).filter_by(action="submit").all()
    assert submitted
    days = {f"{s.kind}:{s.id}": s.revisions[0].submitted_at for s in db.session.query(Submission)}
    assert {entry.at == days[entry.subject] for entry in submitted} == {True}


@pytest.mark.usefixtures("_quick_passwords")
def test_it_shows_everything_and_can_be_signed_in_to(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    app.extensions["prepare"]()
    with app.app_context():
        assert is_untouched()
        file = load_demo(tmp_path)
        assert not is_untouched()
        states = {(s.kind, s.state) for s in db.session.query(Submission)}
        assert {state for _kind, state in states} == set(State)
        assert {kind for kind, _state in states} == {"report", "practice"}
        assert len({s.city_id for s in db.session.query(Submission)}) == 12
        assert {c.outcome for c in db.session.query(Commitment)} >= {*Outcome} - {Outcome.DROPPED}
        assert count_pending(MAIL) == 0
        assert any(remark.answer for remark in db.session.query(Remark))
        assert any(revision.channel for revision in db.session.query(Revision))
        assert_the_log_tells_the_days_of_the_texts()
        people = db.session.query(User).count()
        db.engine.dispose()
    assert file.stat().st_mode & 0o077 == 0
    accounts = [line.split()[:2] for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(accounts) == people
    client = app.test_client()
    for email, password in accounts[:2]:
        page = client.post("/sign-in", data={"email": email, "password": password})
        assert page.status_code == 303
    assert "вымышлены" in client.get("/").text
    found = app.test_cli_runner().invoke(args=["search", "query", "новосибирским опытом", "--json"])
    assert json.loads(found.stdout)["total"] > 0
    with app.app_context():
        db.engine.dispose()


def test_it_is_not_loaded_where_people_work(world: World) -> None:
    done = world.app.test_cli_runner().invoke(args=["demo", "load"])
    assert done.exit_code == 1
    assert "придуманное с настоящим" in done.stderr
    assert not (world.folder / ACCOUNTS_FILE).exists()


@pytest.mark.parametrize("name", ["reports.json", "practices.json", "people.json"])
def test_its_addresses_are_nobodys(name: str) -> None:
    text = (Path(__file__).parents[3] / "asdg_portal" / "demo" / "data" / name).read_text("utf-8")
    domains = {part.split('"')[0].split()[0] for part in text.split("@")[1:]}
    assert all(domain.endswith(".example") for domain in domains), domains


@pytest.mark.usefixtures("_quick_passwords")
def test_whoever_starts_it_can_sign_in_though_the_start_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(tmp_path)
    app.extensions["prepare"]()

    def cut_off(_topic: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("asdg_portal.core.outbox.settle", cut_off)
    with app.app_context():
        with pytest.raises(KeyboardInterrupt):
            load_demo(tmp_path)
        assert not is_untouched()
        db.engine.dispose()
    assert "admin@asdg.example" in (tmp_path / ACCOUNTS_FILE).read_text(encoding="utf-8")
