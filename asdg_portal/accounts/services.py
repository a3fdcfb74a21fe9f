"""What can be done with people: inviting, signing in, replacing, blocking."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from asdg_portal.accounts import mails, passwords, sessions
from asdg_portal.accounts.heads import end_without_heads
from asdg_portal.accounts.links import find_link, has_been_sent_enough, make_link, use_link
from asdg_portal.accounts.models import Guess, Purpose, Role, User
from asdg_portal.accounts.policies import can_invite, is_administrator
from asdg_portal.cities.models import City
from asdg_portal.core import audit
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotAllowed, NotFound, PortalError, TooMany
from asdg_portal.core.letters import Letter, send
from asdg_portal.core.text import clean_line
from asdg_portal.core.unit_of_work import unit_of_work

MOST_GUESSES = 10
GUESSES_WITHIN = timedelta(minutes=15)
CONSENT_VERSION = "2026-11-01"
Invitation = Callable[[User, str], Letter]


def find_user(email: str) -> User | None:
    """Look a person up by address, however it is capitalised."""
    return db.session.scalar(select(User).filter_by(email=email.strip().lower()))


def authenticate(email: str, password: str, *, address: str) -> User:
    """Check a password; the words are the same whether or not there is such an account.

    :raises TooMany: after ten wrong guesses in 15 minutes for the account or from the address.
    :raises PortalError: if the two do not belong together.
    """
    account = email.strip().lower()[:320]
    _refuse_guessing(account, address)
    user = find_user(account)
    right = passwords.verify(user.password_hash if user else None, password)
    if user is None or not right or not user.is_active:
        with unit_of_work():
            db.session.add(Guess(account=account, address=address))
        raise PortalError(_("The address and the password do not belong together."))
    with unit_of_work():
        if user.password_hash and passwords.is_outdated(user.password_hash):
            user.password_hash = passwords.hash_password(password)
        audit.record("sign_in", f"user:{user.id}", user)
    return user


def _refuse_guessing(account: str, address: str) -> None:
    since = now() - GUESSES_WITHIN
    for column, value in ((Guess.account, account), (Guess.address, address)):
        count = select(func.count()).select_from(Guess).where(column == value, Guess.at > since)
        if (db.session.scalar(count) or 0) >= MOST_GUESSES:
            raise TooMany(
                _("Too many wrong passwords. Wait a quarter of an hour, or ask for a new one."),
                retry_after=int(GUESSES_WITHIN.total_seconds()),
            )


def invite(
    email: str,
    role: Role,
    *,
    city: City | None = None,
    name: str = "",
    post: str = "",
    actor: User | None,
) -> User:
    """Create an account and send its owner a letter with a one-time link.

    :raises PortalError: if the address is none or taken, or a representative has no city.
    """
    return invite_with_link(email, role, city=city, name=name, post=post, actor=actor)[0]


def invite_with_link(
    email: str,
    role: Role,
    *,
    city: City | None = None,
    name: str = "",
    post: str = "",
    actor: User | None,
    letter: Invitation = mails.invitation,
) -> tuple[User, str]:
    """Invite, and give the link of the letter too: a second link would end the first one.

    ``letter`` is written of the new account and its link.
    """
    if actor is not None and not can_invite(actor, role, city):
        raise NotAllowed(_("You may not do this."))
    email = clean_line(email).lower()
    _check_email(email)
    if role is Role.REPRESENTATIVE and city is None:
        raise PortalError(_("A representative speaks for a city: say which."))
    if find_user(email):
        raise PortalError(_("There is already an account with this address."))
    with unit_of_work():
        user = User(email=email, role=role, city=city, name=clean_line(name), post=clean_line(post))
        db.session.add(user)
        db.session.flush()
        audit.record("invite", f"user:{user.id}", actor, after={"email": email, "role": role})
        link = make_link(user, Purpose.INVITATION)
        send(letter(user, link))
    return user, link


def invite_again(user: User, *, actor: User | None) -> None:
    """Send a new link to somebody who has not used the first one in time."""
    _only_administrators(actor)
    if user.password_hash or not user.is_active:
        raise PortalError(_("This person has an account that works."))
    with unit_of_work():
        audit.record("invite", f"user:{user.id}", actor)
        send(mails.invitation(user, make_link(user, Purpose.INVITATION)))


def accept_invitation(token: str, *, name: str, password: str, consent: bool) -> User:
    """Let the invited person choose a name and a password; the link is used up by it.

    :raises PortalError: if the password is weak or the consent is not given; the link stays good.
    """
    link = find_link(token, Purpose.INVITATION)
    passwords.check_strength(password, email=link.user.email)
    if not consent:
        raise PortalError(
            _("Without consent to the processing of personal data there can be no account.")
        )
    if not clean_line(name):
        raise PortalError(_("Say how you are called: colleagues will see it."))
    with unit_of_work():
        user = use_link(link)
        user.name = clean_line(name)
        user.consent_at, user.consent_version = now(), CONSENT_VERSION
        user.password_hash = passwords.hash_password(password)
        audit.record("accept_invitation", f"user:{user.id}", user)
    return user


def ask_for_new_password(email: str) -> None:
    """Send a link to the owner of an account; nobody learns whether there is one."""
    user = find_user(email)
    known = user is not None and user.is_active and bool(user.password_hash)
    with unit_of_work():
        if user is not None and known and not has_been_sent_enough(user):
            send(mails.new_password(user, make_link(user, Purpose.PASSWORD_RESET)))
        # Written for strangers too: one commit either way, so that the time tells nothing.
        audit.record(
            "ask_for_new_password", f"user:{user.id}" if user and known else "user:0", None
        )


def change_password(user: User, old: str, new: str, *, address: str) -> None:
    """Choose another password, knowing the present one; every sign-in of this person ends.

    :raises PortalError: if the old one is wrong or the new one is weak; then nothing changes.
    """
    _refuse_guessing(user.email, address)
    if not passwords.verify(user.password_hash, old):
        with unit_of_work():
            db.session.add(Guess(account=user.email, address=address))
        raise PortalError(_("The present password is another one."))
    passwords.check_strength(new, email=user.email)
    with unit_of_work():
        user.password_hash = passwords.hash_password(new)
        sessions.end_all(user)
        audit.record("change_password", f"user:{user.id}", user)


def change_part(
    user: User, role: Role, city: City | None, *, is_head: bool = False, actor: User
) -> None:
    """Give a person another role or city; whoever is signed in under the old one is signed out.

    :raises PortalError: for oneself, or if a representative would have no city.
    """
    _only_administrators(actor)
    if user.id == actor.id:
        raise PortalError(_("You cannot change your own role."))
    if role is Role.REPRESENTATIVE and city is None:
        raise PortalError(_("A representative speaks for a city: say which."))
    before, former = _part(user), user.city
    with unit_of_work():
        user.role, user.city = role, city
        user.is_head = is_head and role is Role.REPRESENTATIVE
        after = _part(user)
        if before != after:
            sessions.end_all(user)
            end_without_heads(former, actor)
            audit.record("change_part", f"user:{user.id}", actor, before=before, after=after)


def _part(user: User) -> dict[str, object]:
    city = user.city.name if user.city else ""
    return {"role": user.role, "city": city, "is_head": user.is_head}


def set_new_password(token: str, password: str) -> User:
    """Replace a forgotten password; everybody who used the old one is signed out."""
    link = find_link(token, Purpose.PASSWORD_RESET)
    passwords.check_strength(password, email=link.user.email)
    with unit_of_work():
        user = use_link(link)
        user.password_hash = passwords.hash_password(password)
        sessions.end_all(user)
        audit.record("set_new_password", f"user:{user.id}", user)
    return user


def block(user: User, *, actor: User) -> None:
    """Close an account and end its sign-ins; nothing that was done with it changes."""
    _only_administrators(actor)
    if user.id == actor.id:
        raise PortalError(_("You cannot close your own account."))
    with unit_of_work():
        user.blocked_at = now()
        sessions.end_all(user)
        end_without_heads(user.city, actor)
        audit.record("block", f"user:{user.id}", actor)


def unblock(user: User, *, actor: User) -> None:
    """Open a closed account again."""
    _only_administrators(actor)
    with unit_of_work():
        user.blocked_at = user.replaced_by_id = None
        audit.record("unblock", f"user:{user.id}", actor)


def get_user(user_id: int) -> User:
    """Fetch a person for an administrator's page.

    :raises NotFound: if there is none.
    """
    if user := db.session.get(User, user_id):
        return user
    raise NotFound(_("There is no such person."))


def _only_administrators(actor: User | None) -> None:
    # None is a command: whoever has a shell on the server is trusted with this.
    if actor is not None and not is_administrator(actor):
        raise NotAllowed(_("You may not do this."))


def _check_email(email: str) -> None:
    local, at, domain = email.partition("@")
    good = local and at and "." in domain and " " not in email and "@" not in domain
    if not good or len(email) > 254 or not email.isascii():
        raise PortalError(_("“%(email)s” is not an e-mail address.", email=email[:80]))


def change_profile(user: User, values: Mapping[str, str]) -> None:
    """Keep what a person says of oneself."""
    with unit_of_work():
        user.name, user.post = clean_line(values["name"]), clean_line(values["post"])
        user.phone, user.language = clean_line(values["phone"]), values["language"]
        audit.record("change_profile", f"user:{user.id}", user)


def create_admin(email: str) -> str:
    """Make an administrator of somebody, known or not; the answer is a link to begin with."""
    user = find_user(email)
    if user is None:
        return invite_with_link(email, Role.ADMINISTRATOR, actor=None)[1]
    with unit_of_work():
        before, user.role, user.blocked_at = user.role, Role.ADMINISTRATOR, None
        user.is_head = False
        end_without_heads(user.city, None)
        sessions.end_all(user)
        audit.record(
            "create_admin",
            f"user:{user.id}",
            None,
            before={"role": before},
            after={"role": user.role},
        )
    return make_link(user, Purpose.SIGN_IN if user.password_hash else Purpose.INVITATION)


def note_export(actor: User, number: int) -> None:
    """Keep in the log that somebody took a list of people along, and of how many."""
    with unit_of_work():
        audit.record("take_people", f"user:{actor.id}", actor, after={"people": number})
