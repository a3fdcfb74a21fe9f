"""Nobody should wait for the first search of a process: the server makes one when it starts."""

from __future__ import annotations

import logging
import threading

from flask import Flask

from asdg_portal.accounts.policies import Visitor
from asdg_portal.core.errors import PortalError
from asdg_portal.search.service import Wanted, find

log = logging.getLogger(__name__)

# A frequent word, an abbreviation with a meaning, a city and a slip: all tables are asked.
QUESTIONS = ("опыт", "СЭД новосибирский опыт", "докумнтооборот")


def begin_warming(app: Flask) -> threading.Thread:
    """Load dictionary, words that mean the same, names and index, while the first page is read.

    It takes a second or two of one core; a search that comes meanwhile is answered as always.
    """
    thread = threading.Thread(target=_warm, args=(app,), name="warming", daemon=True)
    thread.start()
    return thread


def _warm(app: Flask) -> None:
    with app.app_context():
        for text in QUESTIONS:
            try:
                find(Wanted(text), Visitor())
            except PortalError as error:  # no index yet: the worker is at it
                log.info("Not warmed: %s", error)
                return
