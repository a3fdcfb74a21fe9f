"""Questionnaires of other structures than any that the reader was made for: right, or doubted."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator

import pytest
from flask_babel import force_locale

from asdg_portal.cities.recognition import CityName, Gazetteer
from asdg_portal.cities.services import DATA
from asdg_portal.surveys.documents import Sectors, parse
from tests.language.documents import CASES, Case
from tests.language.scoring import faults, silent
from tests.portal import make_app

with (DATA / "cities.csv").open(encoding="utf-8", newline="") as _file:
    GAZETTEER = Gazetteer(
        CityName(r["name"], r["adjective"], r["demonym_plural"], r["region"])
        for r in csv.DictReader(_file)
    )
SECTORS = Sectors(json.loads((DATA / "sectors.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module", autouse=True)
def _messages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with make_app(tmp_path_factory.mktemp("reader")).app_context(), force_locale("en"):
        yield


# What the reader does not manage yet; it says so in each of them.
NOT_YET: set[str] = set()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.about)
def test_a_document_is_read_rightly_and_never_wrongly_in_silence(case: Case) -> None:
    parsed = parse(case.file, case.data, GAZETTEER, SECTORS)
    wrong = faults(case.gold, parsed)
    assert silent(parsed, wrong) == []
    assert all(warning.code for warning in parsed.warnings)
    assert bool(wrong) == (case.about in NOT_YET), (parsed.error, wrong)
