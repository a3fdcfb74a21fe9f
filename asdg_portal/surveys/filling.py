"""Buttons of the questionnaire that put words into an answer: undone with one key, or saved whole.

With JavaScript the page asks for the answer's new text and puts it into the field itself. Without,
the button sends the whole form: what is typed is saved together with what was put in.
"""

from __future__ import annotations

from flask import flash, g, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from asdg_portal.core.pages import asked_by_script
from asdg_portal.surveys.views import edit


def refuse(message: str, status: int) -> ResponseReturnValue:
    """Tell the page why something was not done."""
    return jsonify(message=message), status


def show_form(report_id: int) -> ResponseReturnValue:
    """The questionnaire itself, for whoever comes back to the address of a button."""
    page: ResponseReturnValue = edit(report_id)
    return page


def fill(report_id: int, name: str, text: str, message: str) -> ResponseReturnValue:
    """Give an answer its new text, and say what has been put in."""
    if asked_by_script():
        return jsonify(text=text, message=message)
    typed = request.form.copy()
    typed[name] = text
    g.typed = typed
    answer = show_form(report_id)
    if isinstance(answer, Response) and answer.location:
        flash(message, "info")
        answer.location += f"#{name}"
    return answer
