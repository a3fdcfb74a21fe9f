"""The archive brought in: how fast, with how much memory, and what a kill -9 costs."""

from __future__ import annotations

import itertools
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import docx
from flask.ctx import AppContext
from sqlalchemy import func, select

from asdg_portal import create_app
from asdg_portal.cities.models import City, Sector
from asdg_portal.core.db import db
from asdg_portal.moderation.models import Revision
from asdg_portal.surveys.models import Report
from asdg_portal.surveys.wordings import WORDINGS

FILES, KILLS, YEAR = 500, 3, 2019
ROOT = Path(__file__).parent.parent
WORDS = (
    "город муниципалитет администрация ремонт дорога школа проект жители обращение комиссия "
    "отчёт бюджет программа участок парк набережная опыт конкурс форум архив служба портал"
)


def run(sizes: Sequence[int] = ()) -> list[Mapping[str, float | str]]:
    """Import so many .docx (500) into fresh installations: straight through, then killed."""
    number = sizes[0] if sizes else FILES
    dice = random.Random(4)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "files"
        folder.mkdir()
        _write(_environment(Path(name) / "first"), folder, number, dice)
        straight = _straight(Path(name) / "straight", folder, number)
        killed = [_killed(Path(name) / f"killed{k}", folder, straight, dice) for k in range(KILLS)]
    return [straight_row(straight, number), *killed]


def straight_row(seconds: tuple[float, float], number: int) -> Mapping[str, float | str]:
    """The row of the import that nobody disturbed."""
    return _row("straight through", "—", number, number / seconds[0], f"{seconds[1]:.0f} MB")


def _row(what: str, killed_at: str, reports: int, speed: float, memory: str) -> dict[str, float | str]:  # fmt: skip  # noqa: E501
    return {
        "import": what,
        "reports when killed": killed_at,
        "reports at the end": str(reports),
        "files/s": speed,
        "memory at most": memory,
    }


def _environment(folder: Path) -> dict[str, str]:
    folder.mkdir(exist_ok=True)
    return {**os.environ, "ASDG_DATA_DIR": str(folder), "ASDG_SECRET_KEY": "for measurements only"}


def _write(environment: Mapping[str, str], folder: Path, number: int, dice: random.Random) -> None:
    """Write the files: each of another city or direction, 120 words an answer."""
    with _portal(environment):
        places = [*itertools.product(db.session.scalars(select(City.name).filter(City.successor_id.is_(None))).all(), db.session.scalars(select(Sector.name)).all())]  # fmt: skip  # noqa: E501
    words = WORDS.split()
    for n, (city, sector) in enumerate(dice.sample(places, number)):
        document = docx.Document()
        document.add_heading(city, 1)
        document.add_heading(sector, 2)
        for number_of, (wording, _audience) in enumerate(WORDINGS, 1):
            asked = wording.format(year=YEAR, next_year=YEAR + 1)
            document.add_paragraph().add_run(f"{number_of}. {asked}").bold = True
            for _paragraph in range(4):
                document.add_paragraph(" ".join(dice.choices(words, k=30)).capitalize() + ".")
        document.save(str(folder / f"{n:04}.docx"))


def _portal(environment: Mapping[str, str]) -> AppContext:
    """The application of an installation, whose database a command has made."""
    os.environ.update(environment)
    subprocess.run(_command("cities", "list"), env=environment, cwd=ROOT, check=True, capture_output=True)  # fmt: skip  # noqa: E501
    return create_app().app_context()


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]


def _begin(environment: Mapping[str, str], folder: Path) -> subprocess.Popen[bytes]:
    """Begin the import on one core."""
    command = ["taskset", "-c", "0", *_command("reports", "import", str(folder), "--state", "published")]  # fmt: skip  # noqa: E501
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, env=environment, cwd=ROOT, **quiet)  # type: ignore[call-overload,no-any-return]


def _end(process: subprocess.Popen[bytes]) -> float:
    """Wait for the end; give the most memory that it had, in MB."""
    _out, complaints = process.communicate()
    if process.returncode:
        raise RuntimeError(complaints.decode()[-2000:])
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _straight(home: Path, folder: Path, number: int) -> tuple[float, float]:
    environment = _environment(home)
    with _portal(environment):
        pass
    begun = time.monotonic()
    memory = _end(_begin(environment, folder))
    seconds = time.monotonic() - begun
    assert _count(environment) == (number, number)
    return seconds, memory


def _killed(
    home: Path, folder: Path, straight: tuple[float, float], dice: random.Random
) -> Mapping[str, float | str]:
    """Kill the import at a random moment, and run it again."""
    environment = _environment(home)
    with _portal(environment):
        pass
    process = _begin(environment, folder)
    time.sleep(dice.uniform(0.15, 0.9) * straight[0])
    process.send_signal(signal.SIGKILL)
    process.communicate()
    there, _revisions = _count(environment)
    _end(_begin(environment, folder))
    reports, revisions = _count(environment)
    what = "killed, and run again"
    if revisions != reports:
        what = f"{what}: {revisions} revisions"
    return _row(what, str(there), reports, 0.0, "—")


def _count(environment: Mapping[str, str]) -> tuple[int, int]:
    """How many reports there are with every answer, and how many revisions."""
    with _portal(environment):
        reports = db.session.scalars(select(Report)).all()
        whole = sum(all(a.text for a in r.current.answers.values()) for r in reports)
        return whole, db.session.scalar(select(func.count()).select_from(Revision)) or 0
