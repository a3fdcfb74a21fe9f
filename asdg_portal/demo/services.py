"""The demonstration: a dozen cities, three years, every state: a first look shows it all."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from asdg_portal.accounts.models import Role, User
from asdg_portal.accounts.passwords import hash_password
from asdg_portal.cities.queries import find_city
from asdg_portal.core import outbox
from asdg_portal.core.clock import now, today
from asdg_portal.core.db import db
from asdg_portal.core.errors import WrongState
from asdg_portal.core.letters import TOPIC as MAIL
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.demo.stories import Cast, share_out, tell
from asdg_portal.demo.texts import make_practice, make_report
from asdg_portal.moderation.models import Submission
from asdg_portal.search.sources import TOPIC as INDEX
from asdg_portal.surveys.campaigns.services import open_campaign
from asdg_portal.surveys.models import Campaign

ACCOUNTS_FILE = "demo-accounts.txt"
DATA = Path(__file__).parent / "data"
# Without the signs that people mistake for one another.
ALPHABET = "abcdefghkmnpqrstuvwxyz23456789"


def is_untouched() -> bool:
    """Whether nobody works here yet: there are neither people nor submissions."""
    return not any(db.session.scalar(select(thing.id).limit(1)) for thing in (User, Submission))


def load_demo(data_dir: Path) -> Path:
    """Fill an untouched portal with the demonstration; return the file with its accounts.

    :raises WrongState: if somebody works here already: invented texts must not mix with real ones.
    """
    if not is_untouched():
        raise WrongState(_("There are people or texts here already: a demonstration would mix invented texts with real ones."))  # fmt: skip  # noqa: E501
    with unit_of_work():
        passwords = _add_people()
        cast = _cast()
        campaigns = _open_campaigns(cast.admin)
        for number, story in enumerate(_read("practices.json")):
            tell(make_practice(story, cast), story, number, cast)
        for number, story in enumerate(_read("reports.json")):
            tell(make_report(story, campaigns[story["year"]], cast), story, number, cast)
        _set_dates(campaigns.values())
        share_out(campaigns[max(campaigns)], cast)
        outbox.forget(MAIL)  # nobody waits for letters about invented texts
        # Before the commit: whatever happens after it, somebody can sign in.
        accounts = _write_accounts(data_dir / ACCOUNTS_FILE, passwords)
    outbox.settle(INDEX)
    return accounts


def _read(name: str) -> list[dict[str, Any]]:
    stories: list[dict[str, Any]] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return stories


def _add_people() -> dict[str, str]:
    """Create the accounts; return their passwords by address."""
    passwords: dict[str, str] = {}
    for row in _read("people.json"):
        password = "-".join("".join(secrets.choice(ALPHABET) for _i in range(4)) for _j in range(3))
        passwords[row["email"]] = password
        db.session.add(
            User(
                email=row["email"],
                name=row["name"],
                post=row["post"],
                role=Role(row["role"]),
                is_head=row.get("is_head", False),
                city=find_city(row["city"]) if row["city"] else None,
                password_hash=hash_password(password),
                consent_at=now(),
                consent_version="demo",
            )
        )
    db.session.flush()
    return passwords


def _cast() -> Cast:
    people = db.session.scalars(select(User).order_by(User.id)).all()
    in_cities = [p for p in people if p.city]
    return Cast(
        admin=next(p for p in people if p.role is Role.ADMINISTRATOR),
        moderators=tuple(p for p in people if p.role is Role.MODERATOR),
        writers={
            p.city.name: p
            for p in in_cities
            if p.city and p.role is Role.REPRESENTATIVE and not p.is_head
        },
        helpers={p.city.name: p for p in in_cities if p.city and p.role is Role.SPECIALIST},
    )


def _open_campaigns(admin: User) -> dict[int, Campaign]:
    """Open the years without dates: the stories of past years must be told first."""
    years = sorted({story["year"] for story in _read("reports.json")})
    return {year: open_campaign(year, actor=admin) for year in years}


def _set_dates(campaigns: Iterable[Campaign]) -> None:
    """Close the years of the archive, and leave three weeks to answer for the newest."""
    *past, newest = campaigns
    for campaign in past:
        winter = today().replace(campaign.year + 1, 2, 15)
        campaign.due_on = min(today() - timedelta(days=120), winter)
        campaign.closes_on = min(today() - timedelta(days=90), winter + timedelta(days=14))
    newest.opens_on = today() - timedelta(days=40)
    newest.due_on = today() + timedelta(days=21)
    newest.closes_on = today() + timedelta(days=50)


def _write_accounts(file: Path, passwords: dict[str, str]) -> Path:
    """Keep the accounts where only the owner of the data folder can read them."""
    people = {p.email: p for p in db.session.scalars(select(User))}
    lines = []
    for email, password in passwords.items():
        person = people[email]
        place = f", {person.city.name}" if person.city else ""
        lines.append(f"  {email:<28} {password}   {ROLES[person.role]}{place}\n")
    file.touch(mode=0o600)
    file.write_text("".join(lines), encoding="utf-8")
    return file


# The file is read by people who start the portal, whatever language its pages are in.
ROLES = {
    Role.ADMINISTRATOR: "администратор",
    Role.MODERATOR: "модератор",
    Role.REPRESENTATIVE: "представитель",
    Role.SPECIALIST: "специалист",
}
