"""The cases a clinician can read (tests/cases/*.toml), asked through the same door as `scheduler check`."""

import json
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scheduler_app.flow.check import Checker
from tests.house import house

CASES = Path(__file__).parent.parent / "cases"
FILES = ("boundaries", "calendar", "stories", "conditions")
TREATMENTS = re.compile(r"(?P<codes>[a-z_]+(?: \+ [a-z_]+)*) (?P<rest>.+)")


def told() -> list[Any]:
    """Every case of every file, named by what it says."""
    found = []
    for name in FILES:
        cases = tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))["case"]
        found += [pytest.param(case, id=f"{name}: {case['says']}") for case in cases]
    return found


def words(text: str) -> tuple[list[str], dict[str, str]]:
    """ "a + b on 2026-03-14, booked …, status …" in two parts: the codes, and what is said of them."""
    found = TREATMENTS.fullmatch(text)
    assert found, f"unreadable: {text}"
    said = {}
    for part in re.split(r", | (?=to )", found["rest"]):
        word, _, value = part.partition(" ")
        said[word] = value
    return found["codes"].split(" + "), said


def booking(text: str) -> dict[str, Any]:
    """An appointment of the question."""
    codes, said = words(text)
    start = said["on"] if "T" in said["on"] else said["on"] + "T10:00"
    read: dict[str, Any] = {"treatments": codes, "start": start}
    if "status" in said:
        read["status"] = said["status"]
    if "booked" in said:
        read["booked_at"] = said["booked"]
    return read


def fact(text: str) -> dict[str, Any]:
    """A fact of the question."""
    (code,), said = words(text)
    read: dict[str, Any] = {"treatment": code}
    read |= {key: said[word] for word, key in KEYS.items() if word in said}
    if "ongoing" in said:
        read["ongoing"] = True
    return read


KEYS = {"on": "on", "from": "started_on", "to": "ended_on"}


def question(case: dict[str, Any]) -> bytes:
    """The case as `scheduler check` is asked."""
    asked = booking(case["asks"]) | {"today": case["today"], "zone": case.get("zone", "Europe/London")}
    asked["facts"] = [fact(text) for text in case.get("had", ())]
    asked["appointments"] = [
        booking(text) | {"ref": f"b{index}"} for index, text in enumerate(case.get("booked", ()))
    ]
    asked |= {key: case[key] for key in ("conditions", "screened_on") if key in case}
    return json.dumps(asked).encode()


@pytest.mark.parametrize("case", told())
def test_the_judge_answers_as_the_clinic_would(case: dict[str, Any]) -> None:
    loaded = house()
    checker = Checker(
        loaded.rulebook, loaded.catalogue, "Europe/London", lambda: datetime(1999, 1, 1, tzinfo=UTC)
    )
    answer = checker.check(question(case))
    found = [
        " ".join(filter(None, (finding["outcome"], finding["rule"], finding["direction"])))
        for finding in answer["findings"]
    ]
    assert (answer["outcome"], found) == (case["outcome"], case["findings"])
    assert (answer["earliest"] or "never") == case["earliest"]
    if "earliest_not_blocked" in case:
        assert answer["earliest_not_blocked"] == case["earliest_not_blocked"]
    assert all(finding["message"] for finding in answer["findings"])
