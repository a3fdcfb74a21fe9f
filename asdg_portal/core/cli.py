"""Commands: they prepare the database, say a refusal on stderr, and exit 0, 1 or 2."""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, ScriptInfo
from flask_babel import gettext as _

from asdg_portal.core.errors import PortalError


class PortalCommand(click.Command):
    """A command that works on a database which is there and up to date."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run inside the application; a broken rule is a message and exit code 1."""
        with ctx.ensure_object(ScriptInfo).load_app().app_context():
            try:
                current_app.extensions["prepare"]()
                return super().invoke(ctx)
            except PortalError as error:
                click.echo(str(error), err=True)
                ctx.exit(1)


class PortalGroup(AppGroup):
    """A group of such commands, such as ``reports import`` and ``reports parse``."""

    def command(self, *args: Any, **kwargs: Any) -> Any:
        """Add a command to the group."""
        kwargs.setdefault("cls", PortalCommand)
        return click.Group.command(self, *args, **kwargs)


def why(error: OSError) -> str:
    """Say in the words of the portal why a file cannot be read or written."""
    reasons = {
        errno.ENOENT: _("there is no such file or folder"),
        errno.EACCES: _("it is not open to you"),
        errno.EISDIR: _("it is a folder"),
        errno.ENOTDIR: _("there is no such file or folder"),
        errno.ENOSPC: _("there is no room left on the disk"),
    }
    return str(reasons.get(error.errno or 0) or error.strerror or error)


def read_text(path: str) -> str:
    """Read a UTF-8 file named on the command line; ``-`` is standard input.

    :raises PortalError: if it cannot be read.
    """
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise PortalError(_("%(file)s cannot be read: %(why)s.", file=path, why=why(error))) from error  # fmt: skip  # noqa: E501
    except UnicodeDecodeError as error:
        raise PortalError(_("%(file)s is not in UTF-8: save it so.", file=path)) from error


def read_rows(path: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Read JSON Lines, each an object, with the numbers of the lines.

    Only a line feed ends a line: other separators may stand inside a text.

    :raises PortalError: naming the first line that is none.
    """
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise PortalError(_("Line %(line)s is not a JSON object.", line=number))
        yield number, row


def bad_line(number: int, error: Exception) -> PortalError:
    """Refuse a line that lacks something or has it in another shape."""
    if isinstance(error, KeyError):
        return PortalError(_("Line %(line)s has no “%(name)s”.", line=number, name=error.args[0]))
    return PortalError(_("Line %(line)s: a value is not what it must be.", line=number))


def print_json(value: object) -> None:
    """Print a document for scripts: UTF-8 in every locale, half a character as its escape."""
    click.echo(json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace"))


def print_lines(lines: Iterable[str]) -> None:
    """Print a result, a line at a time."""
    for line in lines:
        click.echo(line)
