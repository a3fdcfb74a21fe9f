"""What can go wrong by the rules of the portal; each error knows its HTTP status."""

from __future__ import annotations


class PortalError(Exception):
    """A rule was broken; the message is written for the user."""

    status = 400


class NotFound(PortalError):
    """There is no such thing, or it is not for this user to know."""

    status = 404


class NotAllowed(PortalError):
    """The user may not do this."""

    status = 403


class WrongState(PortalError):
    """The item has moved on, and the action no longer applies."""

    status = 409


class Stale(PortalError):
    """Somebody else has saved since this form was opened."""

    status = 409


class TooLarge(PortalError):
    """What was sent is larger than the portal takes."""

    status = 413


class TooMany(PortalError):
    """Too many tries in a short time; ``retry_after`` is in seconds."""

    status = 429

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(PortalError):
    """A part of the portal does not answer at the moment."""

    status = 503
