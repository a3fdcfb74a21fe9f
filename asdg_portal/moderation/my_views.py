"""The page that greets whoever signs in: what is theirs to do now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from asdg_portal.accounts.policies import is_representative
from asdg_portal.core.formats import local_time
from asdg_portal.core.pages import NavItem
from asdg_portal.moderation import queries, turns
from asdg_portal.moderation.kinds import Starter, Term, all_kinds, editor_url, kind_of, page_url
from asdg_portal.moderation.models import State, Submission
from asdg_portal.moderation.workflow import WORKFLOW

ORDER = (State.RETURNED, State.DRAFT)
HEADS_ORDER = (State.APPROVAL, *ORDER)


def my() -> ResponseReturnValue:
    """Show a representative the city's work and whose turn it is; the staff work at the desk."""
    if current_user.is_staff:
        return redirect(url_for("moderation.desk"), code=303)
    own = queries.of_city(current_user.city_id) if is_representative(current_user) else []
    order = HEADS_ORDER if current_user.is_head else ORDER
    to_do = [item for state in order for item in own if item.state is state]
    return render_template(
        "moderation/my.html",
        represents=is_representative(current_user),
        to_do=to_do,
        in_city=[i for i in own if i.state is State.APPROVAL and State.APPROVAL not in order],
        waiting=[item for item in own if item.state is State.SUBMITTED],
        done=[item for item in own if item.state is State.PUBLISHED],
        withdrawn=[item for item in own if item.state is State.WITHDRAWN],
        starters=_starters(),
        turn=partial(turns.turn_in_city, viewer=current_user),
        terms=_terms(to_do),
        panels=[panel for kind in all_kinds() for panel in kind.panels(current_user)],
        may_set_approval=current_user.is_head,
        actions={item.id: WORKFLOW.actions(item, current_user) for item in own},
        gaps={item.id: len(item.current.missing()) for item in to_do},
        remarks={item.id: _remarks(item) for item in to_do},
        filed_as=turns.filed_as,
        kind_of=kind_of,
        page_url=page_url,
        editor_url=editor_url,
        at=lambda item: local_time(item.updated_at, item.city.timezone),
    )


def _starters() -> list[Starter]:
    return [starter for kind in all_kinds() for starter in kind.starters(current_user)]


def _terms(items: Sequence[Submission]) -> dict[int, Term]:
    """Until when the city has to act on each, where a day is set."""
    found: dict[int, Term] = {}
    for kind in all_kinds():
        if own := [item for item in items if kind_of(item) is kind]:
            found |= kind.terms(own)
    return found


def _remarks(item: Submission) -> int:
    """How many remarks the city has still to look after."""
    return sum(remark.waits_for_city for remark in item.open_remarks)


def navigation() -> Iterable[NavItem]:
    """Entries for people who work here; only the staff's count costs a statement."""
    return _entries() if current_user.is_authenticated else ()


def _entries() -> Iterator[NavItem]:
    path = request.path
    if current_user.is_staff:
        label = _("Moderator's desk (%(number)s)", number=queries.count_waiting())
        yield NavItem(label, url_for("moderation.desk"), path.startswith("/desk/"))
    else:
        yield NavItem(_("My work"), url_for("moderation.my"), path == "/my/")
