"""The parts that make up the portal; what must flow upwards is registered from here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import click
from flask import Blueprint
from flask_babel import get_locale

from asdg_portal import commands, log_words, navigation
from asdg_portal.accounts import (
    cities_views,
    cli as people_cli,
    people_views,
    sessions,
    views as accounts,
)
from asdg_portal.accounts.heirs import HandOver
from asdg_portal.api import health as api_health, views as api
from asdg_portal.cities import cli as cities_cli, views as cities
from asdg_portal.cities.panels import MakePanel
from asdg_portal.config import Config
from asdg_portal.core import files, outbox
from asdg_portal.core.db import db
from asdg_portal.core.i18n import LANGUAGES, language_url
from asdg_portal.core.installation import identity
from asdg_portal.core.pages import NavItem
from asdg_portal.core.worker import Chore
from asdg_portal.home import feeds, views as home
from asdg_portal.jobs import services as jobs, views as job_views
from asdg_portal.jobs.kinds import JobKind
from asdg_portal.mail import cli as mail_cli, views as mail
from asdg_portal.moderation import heirs as texts_left, my_views, views as moderation
from asdg_portal.moderation.approval import views as approval
from asdg_portal.moderation.kinds import Kind
from asdg_portal.practices import (
    cli as practices_cli,
    kind as practice_kind,
    panels as practice_panels,
    queries as practice_queries,
    search as practice_search,
    titles as practice_titles,
    views as practices,
)
from asdg_portal.search import (
    cli as search_cli,
    health,
    jobs as search_jobs,
    overview_views,
    similar_views,
    suggest_views,
    views as search,
)
from asdg_portal.search.index import SearchIndex
from asdg_portal.search.postgres_engine import PostgresIndex
from asdg_portal.search.service import question_label
from asdg_portal.search.sources import Source
from asdg_portal.search.tantivy_engine import TantivyIndex
from asdg_portal.search.titles import Titles
from asdg_portal.search.vocabulary import views as words
from asdg_portal.search.whoosh_engine import WhooshIndex
from asdg_portal.shelf.collections import views as collections
from asdg_portal.shelf.searches import feed as search_feed, rounds, views as saved_searches
from asdg_portal.surveys import (
    cli as surveys_cli,
    earlier_views,
    kind as report_kind,
    panels as report_panels,
    search as report_search,
    views as surveys,
)
from asdg_portal.surveys.archive import (
    jobs as archive_jobs,
    services as archives,
    views as archive_views,
)
from asdg_portal.surveys.assignments import heirs as questions_left, views as hands
from asdg_portal.surveys.campaigns import duty_views, progress_views, views as campaign_views
from asdg_portal.surveys.commitments import views as commitments
from asdg_portal.surveys.filings import queries as filings, views as filing_views
from asdg_portal.surveys.reminders import services as reminders, views as reminder_views
from asdg_portal.surveys.saving import views as saving
from asdg_portal.surveys.summaries import views as summaries
from asdg_portal.surveys.uploads import views as upload_views

PAGES: tuple[Blueprint, ...] = (
    home.bp,
    feeds.bp,
    search.bp,
    overview_views.bp,
    similar_views.bp,
    suggest_views.bp,
    saved_searches.bp,
    search_feed.bp,
    collections.bp,
    cities.bp,
    practices.bp,
    surveys.bp,
    saving.bp,
    upload_views.bp,
    earlier_views.bp,
    commitments.bp,
    hands.bp,
    moderation.bp,
    approval.bp,
    accounts.bp,
    people_views.bp,
    cities_views.bp,
    campaign_views.bp,
    reminder_views.bp,
    archive_views.bp,
    words.bp,
    mail.bp,
    job_views.bp,
    duty_views.bp,
    duty_views.time_bp,
    progress_views.bp,
    summaries.bp,
    filing_views.bp,
    filing_views.scans_bp,
    api.bp,
    api_health.bp,
)
COMMANDS: tuple[click.Command, ...] = (
    cities_cli.cities,
    cities_cli.sectors,
    people_cli.users,
    surveys_cli.campaigns,
    surveys_cli.reports,
    practices_cli.practices,
    search_cli.search,
    mail_cli.mail,
    commands.backup,
    commands.restore,
    commands.worker,
    commands.demo,
)
# Reports first, practices second: the order of tabs, starters and panels.
KINDS: tuple[Kind, ...] = (report_kind.KIND, practice_kind.KIND)
SOURCES: tuple[Source, ...] = (report_search.SOURCE, practice_search.SOURCE)
TITLES: tuple[Titles, ...] = (practice_titles.TITLES,)
CITY_PANELS: tuple[MakePanel, ...] = (
    report_panels.reports_panel,
    practice_panels.practices_panel,
)
# Long work that can be asked for.
JOBS: tuple[JobKind, ...] = (search_jobs.REBUILD, archive_jobs.READ_ARCHIVE)
# Whose files are not swept away.
FILE_OWNERS: tuple[files.Owner, ...] = (
    practice_queries.kept_files,
    filings.kept_files,
    archives.kept_files,
)
# What a person who is replaced hands over, in the order of the letter to the new one.
HEIRS: tuple[HandOver, ...] = (questions_left.hand_over, texts_left.hand_over)
NAVIGATION: tuple[Callable[[], Iterable[NavItem]], ...] = (
    navigation.public,
    my_views.navigation,
    navigation.kept,
    navigation.administration,
)
CHORES: tuple[Callable[[], Chore], ...] = (
    outbox.chore,
    jobs.chore,
    health.chore,
    sessions.chore,
    files.chore,
    reminders.chore,
    rounds.chore,
)
TEMPLATE_GLOBALS: Mapping[str, Any] = {
    "LANGUAGES": LANGUAGES,
    "get_locale": get_locale,
    "language_url": language_url,
    "admin_sections": navigation.sections,
    "question_label": question_label,
    # What a text is called in collections, for the links that put it there.
    "answer_key": report_search.document_key,
    "practice_key": practice_search.document_key,
    "log_in_words": log_words.in_words,
    "demo_notice": commands.is_demonstration,
}


def make_index(config: Config) -> SearchIndex:
    """Build the search engine that the settings name."""
    folder = config.data_dir / "index"
    engines: dict[str, Callable[[], SearchIndex]] = {
        "whoosh": lambda: WhooshIndex(folder, identity),
        "tantivy": lambda: TantivyIndex(folder, identity),
        "postgres": lambda: PostgresIndex(lambda: db.engine, identity),
    }
    return engines[config.search_engine]()
