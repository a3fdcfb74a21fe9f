"""Commands: they prepare the database, say a refusal on stderr, and exit 0, 1 or 2."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, ScriptInfo

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


def read_text(path: str) -> str:
    """Read a UTF-8 file named on the command line; ``-`` is standard input.

    :raises PortalError: if it cannot be read.
    """
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        return data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PortalError(f"{path}: {error}") from error


def print_lines(lines: Iterable[str]) -> None:
    """Print a result, a line at a time."""
    for line in lines:
        click.echo(line)
