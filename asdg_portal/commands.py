"""Commands about the installation as a whole: backup, restore, background work, demonstration."""

from __future__ import annotations

import signal
from pathlib import Path
from types import FrameType

import click
from flask import current_app
from flask_babel import gettext as _

from asdg_portal.core import backup as backups
from asdg_portal.core.cli import PortalCommand, PortalGroup
from asdg_portal.core.errors import WrongState
from asdg_portal.core.installation import renew_identity
from asdg_portal.core.worker import Worker
from asdg_portal.demo.services import ACCOUNTS_FILE, is_untouched, load_demo
from asdg_portal.search.sources import all_documents, get_index

FILE = click.Path(dir_okay=False, path_type=Path)
demo = PortalGroup("demo", help="The demonstration data.")


def _data_dir() -> Path:
    folder: Path = current_app.config["DATA_DIR"]
    return folder


def is_demonstration() -> bool:
    """Whether invented texts are in this database; every page says so."""
    return (_data_dir() / ACCOUNTS_FILE).is_file()


@click.command("backup", cls=PortalCommand)
@click.argument("file", type=FILE)
def backup(file: Path) -> None:
    """Write the database and the uploaded files into one archive."""
    backups.back_up(file, _data_dir())
    click.echo(_("Backup: %(file)s, %(size)s KB.", file=file, size=file.stat().st_size // 1024))


@click.command("restore", cls=PortalCommand)
@click.argument("file", type=FILE)
@click.option("--replace", is_flag=True, help="Also over a portal that people work with.")
def restore(file: Path, replace: bool) -> None:
    """Put a backup in the place of what is here, and index it anew."""
    if not (replace or is_untouched()):
        raise WrongState(_("There are people or texts here already. To replace them all, add --replace; make a backup first."))  # fmt: skip  # noqa: E501
    backups.restore(file, _data_dir())
    current_app.extensions["prepare"]()
    # The indexes of other machines are made from what was here before.
    renew_identity()
    count = get_index().rebuild(all_documents())
    click.echo(_("Restored; %(count)s texts are in the index.", count=count))


@click.command("worker", cls=PortalCommand)
def worker() -> None:
    """Do background work until stopped: letters, the index, what falls due."""
    work = Worker(current_app._get_current_object())  # type: ignore[attr-defined]

    def end(_signal: int, _frame: FrameType | None) -> None:
        work.stop()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    click.echo(_("The worker is at work. To stop it: Ctrl+C."))
    work.run()


@demo.command("load")
def load() -> None:
    """Fill an untouched portal with invented cities' answers; print the accounts."""
    accounts = load_demo(_data_dir())
    click.echo(accounts.read_text(encoding="utf-8"), nl=False)
