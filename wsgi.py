"""The entry point for a WSGI server and for ``flask --app wsgi``."""

import click

from asdg_portal import create_app
from asdg_portal.config import BadSetting, Config

config = Config.from_environment()
# A command makes no sessions; a server does, and all its workers must share one key.
if config.secret_key is None and click.get_current_context(silent=True) is None:
    raise BadSetting("ASDG_SECRET_KEY is not set, and ./portal run has not made one yet.")

app = create_app(config)
