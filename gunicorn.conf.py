"""What gunicorn does with the portal, read by itself from the folder in which it is started."""

from typing import Any

from flask import Flask

from asdg_portal.search.warming import begin_warming


def post_worker_init(worker: Any) -> None:
    """Let a new worker load what searches need before somebody searches."""
    if isinstance(worker.wsgi, Flask):  # and not something that was wrapped around it
        begin_warming(worker.wsgi)
