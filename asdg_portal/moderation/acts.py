"""The acts of a city on its own submission, by the addresses that carry them out, and by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from asdg_portal.moderation import services
from asdg_portal.moderation.approval import services as approval
from asdg_portal.moderation.workflow import Action

# The last part of an address, such as /reports/12/take-back.
ACTS: Mapping[str, Callable[..., None]] = {
    "submit": services.submit,
    "ask-approval": approval.ask,
    "approve": approval.approve,
    "take-back": services.take_back,
    "revise": services.revise,
    "discard": services.discard,
    "delete": services.delete,
}


def act_names() -> dict[str, str]:
    """What acts are called in a history."""
    return {
        "begin": _("begun"),
        "import": _("imported"),
        "file_for_city": _("filed for the city"),
        "add_scan": _("scan of the sheet added"),
        "remove_scan": _("scan of the sheet removed"),
        "answer_remark": _("remark answered"),
        "close_remark": _("remark closed"),
        Action.SAVE: _("saved"),
        Action.ASK_APPROVAL: _("laid before the head of the city"),
        Action.APPROVE: _("approved in the city and sent"),
        Action.GIVE_BACK: _("given back by the head of the city"),
        "hand_over": _("a question handed to a colleague"),
        "recall": _("a question recalled"),
        "hand_in": _("a question answered by a colleague"),
        Action.SUBMIT: _("submitted for review"),
        Action.TAKE_BACK: _("taken back"),
        Action.REVISE: _("new revision begun"),
        Action.DISCARD: _("revision discarded"),
        Action.BEGIN_REVIEW: _("review begun"),
        Action.PUT_OFF: _("review put off"),
        Action.TAKE_OVER: _("review taken over"),
        Action.SEND_BACK: _("returned with remarks"),
        Action.PUBLISH: _("published"),
        Action.WITHDRAW: _("withdrawn from publication"),
    }
