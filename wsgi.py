"""The entry point for a WSGI server and for ``flask --app wsgi``."""

import sys

import click

from asdg_portal import create_app
from asdg_portal.config import BadSetting, Config

try:
    config = Config.from_environment()
except BadSetting as error:
    sys.exit(str(error))
# A command makes no sessions; a server does, and all its workers must share one key.
if config.secret_key is None and click.get_current_context(silent=True) is None:
    sys.exit("ASDG_SECRET_KEY не задан, а ./portal run его ещё не создавал.")

app = create_app(config)
