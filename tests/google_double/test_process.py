"""The double as a process of its own, with its controls over HTTP."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests

from tests.google_double.asking import visit

ROOM = "room1@clinic.example"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    seeds = tmp_path_factory.mktemp("seeds") / "events.jsonl"
    seeds.write_bytes(msgspec.json.encode(visit(id="seeded")) + b"\n")
    command = [
        sys.executable,
        "-m",
        "tests.google_double",
        "--port",
        "0",
        "--insecure-hooks",
        "--seed",
        ROOM,
        str(seeds),
    ]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


def control(address: str, name: str, **given: Any) -> Any:
    answer = requests.post(f"{address}/_control/{name}", json=given, timeout=5)
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def listed(address: str) -> list[dict[str, Any]]:
    where = f"{address}/calendar/v3/calendars/{ROOM}/events"
    answer = requests.get(where, headers={"Authorization": "Bearer bot"}, timeout=5)
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_a_process_serves_what_it_was_seeded_with_and_takes_controls(address: str) -> None:
    assert [each["id"] for each in listed(address)] == ["seeded"]
    mark = control(address, "mark")
    times = {"start": "2026-03-10T10:00:00+00:00", "end": "2026-03-10T11:00:00+00:00"}
    booked = control(address, "person", who="anna", do="book", calendar=ROOM, summary="Filler", **times)
    assert {each["id"] for each in listed(address)} == {"seeded", booked}
    assert control(address, "seed", calendar=ROOM, events=[visit(), visit()]) == 2
    assert control(address, "requests_since", mark=mark)[0]["method"] == "events.list"
    control(address, "fail", method="events.list", status=403, reason="quotaExceeded")
    assert control(address, "counts") == {"events.list": 2}
    assert control(address, "quirks", page_limit=1)["page_limit"] == 1
    control(address, "fail", method="x", times=0)
    assert control(address, "clock", now="2026-05-01T10:00:00+00:00") == "2026-05-01T10:00:00+00:00"
    assert control(address, "client_file")["installed"]["token_uri"] == f"{address}/token"
    control(address, "signing_in", refuse="invalid_grant")
    refused = requests.post(f"{address}/token", timeout=5)
    assert refused.json()["error"] == "invalid_grant"
    assert control(address, "faults_of_its_own") == []
    control(address, "reset")
    assert listed(address) == []
    assert control(address, "quirks")["https_only"] is False


@pytest.mark.parametrize(
    ("name", "given"), [("nothing", {}), ("push", {"mode": "sideways"}), ("mark", {"x": 1})]
)
def test_a_control_that_is_none_says_so(address: str, name: str, given: dict[str, Any]) -> None:
    answer = requests.post(f"{address}/_control/{name}", json=given, timeout=5)
    assert answer.status_code == 400
    assert name in answer.json()["error"]
