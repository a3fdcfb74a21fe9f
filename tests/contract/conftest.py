"""The engines under contract, each by its name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.search_world import EMBEDDED, Engine, OnPostgres
from tests.postgres import Server

NAMES = [*EMBEDDED, pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def on_postgres(postgres: Server) -> Iterator[OnPostgres]:
    """The engine that lives in a database."""
    engine = OnPostgres(postgres.create())
    yield engine
    engine.close()


@pytest.fixture(params=NAMES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn."""
    if request.param == "postgres":
        found: Engine = request.getfixturevalue("on_postgres")
        return found
    return EMBEDDED[request.param]
