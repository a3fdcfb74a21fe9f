"""Addresses for those who run the portal: is it alive, is it ready, how is it doing."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from asdg_portal.core import outbox
from asdg_portal.core.db import db
from asdg_portal.core.letters import TOPIC as MAIL
from asdg_portal.moderation.queries import states
from asdg_portal.search.sources import TOPIC as INDEX, get_index

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """Say that the process answers; nothing else is asked."""
    return jsonify(status="ok")


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """Say whether the database and the index answer; 503 if one of them does not."""
    checks = {"database": _database(), "index": bool(get_index().status()["healthy"])}
    well = all(checks.values())
    return jsonify(status="ok" if well else "failing", **checks), 200 if well else 503


def _database() -> bool:
    try:
        return bool(db.session.scalar(select(text("1"))))
    except SQLAlchemyError:
        db.session.rollback()
        return False


@bp.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Give the few numbers worth watching, as Prometheus reads them."""
    lines = [
        f'portal_outbox_waiting{{topic="{t}"}} {outbox.count_pending(t)}' for t in (INDEX, MAIL)
    ]
    lines += [
        f'portal_submissions{{state="{state}"}} {number}' for state, number in states().items()
    ]
    lines.append(f"portal_index_documents {get_index().status().get('documents', 0)}")
    return Response("\n".join(lines) + "\n", mimetype="text/plain; version=0.0.4")
