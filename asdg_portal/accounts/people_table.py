"""The people of the portal as a table to take along: whom to write to, and who has not come yet."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from asdg_portal.accounts.forms import ROLE_NAMES
from asdg_portal.accounts.models import User
from asdg_portal.core.tables import Table


def people_table(people: Sequence[User]) -> Table:
    """One row a person; nothing by which anybody could sign in."""
    columns = ((_("Name"), 32), (_("E-mail"), 32), (_("Phone"), 20), (_("Post and department"), 36), (_("Role"), 24), (_("City"), 22), (_("Account"), 16), (_("Since"), 14))  # fmt: skip  # noqa: E501
    rows = [
        (
            user.name,
            user.email,
            user.phone,
            user.post,
            str(ROLE_NAMES[user.role]),
            user.city.name if user.city else "",
            account_in_words(user),
            user.created_at.date(),
        )
        for user in people
    ]
    return Table(_("People"), columns, rows)


def account_in_words(user: User) -> str:
    """Say whether an account is closed, works, or still waits for its person."""
    if not user.is_active:
        return str(_("closed"))
    return str(_("works") if user.password_hash else _("invited"))
