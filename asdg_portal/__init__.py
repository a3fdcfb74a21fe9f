"""The portal of the association: the application factory and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from flask import Flask
from flask_login import LoginManager

from asdg_portal import registry
from asdg_portal.accounts.heirs import init_heirs
from asdg_portal.accounts.policies import Visitor
from asdg_portal.accounts.rescue import ask_to_sign_in
from asdg_portal.accounts.sessions import load_user
from asdg_portal.cities.panels import init_panels
from asdg_portal.cities.services import load_shipped
from asdg_portal.config import ROOT, Config
from asdg_portal.core.db import db
from asdg_portal.core.files import init_files
from asdg_portal.core.formats import init_formats
from asdg_portal.core.i18n import init_i18n
from asdg_portal.core.json import init_json
from asdg_portal.core.letters import TOPIC as MAIL
from asdg_portal.core.migrations import init_migrations, migrate, one_at_a_time
from asdg_portal.core.outbox import init_outbox
from asdg_portal.core.pages import NavItem, init_pages
from asdg_portal.core.quotes import mark
from asdg_portal.core.security import init_security
from asdg_portal.core.static import init_static
from asdg_portal.core.templates import Templates
from asdg_portal.core.text import to_html
from asdg_portal.core.worker import init_worker
from asdg_portal.jobs.kinds import init_jobs
from asdg_portal.mail.delivery import deliver
from asdg_portal.mail.mailers import make_mailer
from asdg_portal.moderation.kinds import init_kinds
from asdg_portal.moderation.queries import published_by_city
from asdg_portal.search.health import heal
from asdg_portal.search.sources import TOPIC as INDEX, index_rows, init_sources
from asdg_portal.search.titles import init_titles
from asdg_portal.search.vocabulary.services import load_shipped_groups

MIGRATIONS = ROOT / "migrations"


def create_app(config: Config | None = None) -> Flask:
    """Build an application for an installation; without ``config`` the environment decides."""
    config = config or Config.from_environment()
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    app.jinja_environment = Templates
    app.config.update(config.flask_settings())
    app.extensions["portal_config"] = config
    db.init_app(app)
    init_json(app)
    init_migrations(app, MIGRATIONS)
    init_i18n(app, str(ROOT / "translations"))
    init_security(app, secure=config.is_secure)
    init_static(app, ROOT / "static")
    init_pages(app, _navigation)
    _init_sign_in(app)
    init_background(app, config)
    _init_templates(app)
    init_panels(app, registry.CITY_PANELS, published_by_city)
    init_heirs(app, registry.HEIRS)
    for pages in registry.PAGES:
        app.register_blueprint(pages)
    for command in registry.COMMANDS:
        app.cli.add_command(command)
    app.extensions["prepare"] = partial(_prepare, app, config)
    return app


def _init_sign_in(app: Flask) -> None:
    manager = LoginManager(app)
    manager.anonymous_user = Visitor
    manager.session_protection = None  # the row in the database is the protection
    manager.user_loader(load_user)
    manager.unauthorized_handler(ask_to_sign_in)


def init_background(app: Flask, config: Config) -> None:
    """Set up letters, index and worker: all that remembers something of an installation's data."""
    app.extensions["mailer"] = make_mailer(config.mail_url, config.data_dir / "mail")
    init_outbox(app, {INDEX: index_rows, MAIL: deliver}, one_by_one=frozenset({MAIL}))
    init_sources(app, registry.make_index(config), registry.SOURCES)
    init_titles(app, registry.TITLES)
    init_kinds(app, registry.KINDS)
    init_files(app, registry.FILE_OWNERS)
    init_jobs(app, registry.JOBS)
    chores = [make() for make in registry.CHORES]
    init_worker(app, chores, config.redis_url, config.data_dir)


def _init_templates(app: Flask) -> None:
    init_formats(app)
    app.jinja_env.filters.update({"prose": to_html, "marked": mark})
    app.jinja_env.globals.update(registry.TEMPLATE_GLOBALS)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _navigation() -> Iterator[NavItem]:
    for entries in registry.NAVIGATION:
        yield from entries()


def _prepare(app: Flask, config: Config) -> None:
    """Bring the database up to date, see that it knows cities and words, and heal the index."""
    with one_at_a_time(config.data_dir), app.app_context():
        migrate(app, MIGRATIONS)
        load_shipped()
        load_shipped_groups()
        heal()
