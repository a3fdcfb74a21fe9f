"""Commands about letters."""

from __future__ import annotations

import click
from flask_babel import gettext as _

from asdg_portal.core.cli import PortalGroup, print_lines, read_text
from asdg_portal.mail.bounces import read_notice

mail = PortalGroup("mail", help="Letters that came back.")


@mail.command("returned")
@click.argument("file", default="-")
def returned(file: str) -> None:
    """Take in a mail server's notice that a letter was not delivered (a file, or standard input).

    Meant for the mailbox that letters are sent from: hand each message that comes there to it.
    """
    addresses = read_notice(read_text(file))
    print_lines(addresses or [_("The notice names no address that failed for good.")])
