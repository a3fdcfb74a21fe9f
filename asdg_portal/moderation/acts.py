"""The acts of a city on its own submission, by the addresses that carry them out, and by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from asdg_portal.moderation import services
from asdg_portal.moderation.workflow import Action

# The last part of an address, such as /reports/12/take-back.
ACTS: Mapping[str, Callable[..., None]] = {
    "submit": services.submit,
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
        "answer_remark": _("remark answered"),
        "close_remark": _("remark closed"),
        Action.SAVE: _("saved"),
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
