"""Commands about people."""

from __future__ import annotations

import click
from flask_babel import gettext as _
from sqlalchemy import or_, select

from asdg_portal.accounts import services
from asdg_portal.accounts.links import make_link
from asdg_portal.accounts.models import Purpose, Role, User
from asdg_portal.cities.models import City
from asdg_portal.core.cli import PortalGroup
from asdg_portal.core.db import db
from asdg_portal.core.errors import PortalError

users = PortalGroup("users", help="People: invitations, administrators, links to sign in.")


def _find(email: str) -> User:
    user = services.find_user(email)
    if user is None:
        raise PortalError(_("There is no account with the address “%(email)s”.", email=email))
    return user


@users.command("create-admin")
@click.argument("email")
def create_admin(email: str) -> None:
    """Make an administrator and print a link to begin with."""
    click.echo(services.create_admin(email))


@users.command("invite")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--city", default="")
@click.option("--name", default="")
def invite(email: str, role: str, city: str, name: str) -> None:
    """Invite somebody by letter; the link is printed too."""
    found = db.session.scalar(select(City).where(or_(City.name == city, City.slug == city)))
    if city and found is None:
        raise PortalError(_("There is no city “%(city)s” in the list.", city=city))
    _user, link = services.invite_with_link(email, Role(role), city=found, name=name, actor=None)
    click.echo(link)


@users.command("sign-in-link")
@click.argument("email")
def sign_in_link(email: str) -> None:
    """Print a link that signs this person in once, within an hour."""
    user = _find(email)
    if not user.is_active:
        raise PortalError(_("This account is closed."))
    click.echo(make_link(user, Purpose.SIGN_IN))
