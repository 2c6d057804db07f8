"""A wall that has never been seen to fail is not a wall: each is broken here on purpose, in a copy."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
BIN = Path(sys.executable).parent

# One offence for each contract: the file it is put into, and the line.
OFFENCES = {
    "The house: each floor knows only the floors below it": (
        "scheduler_app/flow/check.py",
        "import scheduler_app.web",
    ),
    "Integrations: the registry knows the vendors, no vendor knows another": (
        "integrations/memory/__init__.py",
        "import integrations.calendar_files",
    ),
    "Only bootstrap imports integrations": ("scheduler_app/flow/check.py", "import integrations.memory"),
    "Integrations know ports, domain and errors, nothing else of the app": (
        "integrations/memory/__init__.py",
        "import scheduler_app.texts",
    ),
    "The domain is pure: standard library values only": ("scheduler_app/domain/gaps.py", "import pendulum"),
    "One door for SQL": ("scheduler_app/flow/check.py", "import sqlalchemy"),
    "One door for Flask": ("scheduler_app/flow/check.py", "import flask"),
    "One door for HTTP out": ("scheduler_app/flow/check.py", "import requests"),
    "One door for Google": ("scheduler_app/flow/check.py", "import googleapiclient"),
    "One door for SMTP": ("integrations/mail_folder/__init__.py", "import smtplib"),
    "One door for huey": ("scheduler_app/flow/check.py", "import huey"),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says of a copy in which every wall is broken."""
    copy = tmp_path_factory.mktemp("walls")
    for name in ("scheduler_app", "integrations"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for file, line in OFFENCES.values():
        with (copy / file).open("a", encoding="utf-8") as code:
            code.write(f"\n{line}\n")
    homeless = copy / "scheduler_app" / "cellar.py"
    homeless.write_text('"""A room nobody gave a floor."""\n', encoding="utf-8")
    done = subprocess.run(
        [BIN / "lint-imports", "--no-cache"],
        cwd=copy,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(copy)},
    )
    assert done.returncode == 1
    return " ".join(done.stdout.split())


@pytest.mark.parametrize("wall", OFFENCES)
def test_the_wall_falls_when_it_is_broken(wall: str, told: str) -> None:
    assert f"{wall} BROKEN" in told


def test_a_room_without_a_floor_is_noticed(told: str) -> None:
    assert "cellar" in told


@pytest.mark.parametrize(
    "line",
    [
        "import datetime; datetime.datetime.now()",
        "import datetime; datetime.date.today()",
        "import time; time.time()",
        "import pendulum; pendulum.now()",
        "import os; os.environ",
        "import os; os.getenv('A')",
        "import urllib.request",
        "import http.client",
    ],
)
def test_clock_environment_and_other_doors_are_refused_outside_their_homes(line: str) -> None:
    done = subprocess.run(
        [
            BIN / "ruff",
            "check",
            "--select",
            "TID251",
            "--stdin-filename",
            "scheduler_app/flow/somewhere.py",
            "-",
        ],
        cwd=ROOT,
        input=line,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "TID251" in done.stdout
