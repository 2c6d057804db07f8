"""From a notice to the mark: the whole service against a double of Google Calendar in a process of its own.

Stated budgets: 600 units a minute for each of the five users, 9,000 together, as shipped. A booking costs
the reading a notice brings about (1), the mark (3 for a patch), and the reading our own write brings about
(1); a booker's second thoughts would come on top.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from scheduler_app.flow.flow import SYNC
from tests.bench.google_house import ACCOUNTS, CALENDARS, NOTICES_TO, owner, room, started, write_config
from tests.bench.rows import Row
from tests.bench.servers import free_port, servers_time, wait_for

RATE, SECONDS = 5, 30
CLIENTS = RATE * SECONDS
GIVEN_UP = 20.0  # seconds after the last booking


@dataclass(frozen=True, slots=True)
class Double:
    """The double, by its controls."""

    address: str

    def do(self, control: str, /, **given: Any) -> Any:
        """One control."""
        request = urllib.request.Request(
            f"{self.address}/_control/{control}",
            json.dumps(given).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)["result"]
        except urllib.error.HTTPError as fault:
            raise RuntimeError(fault.read().decode()) from None


@contextmanager
def google() -> Iterator[Double]:
    """Twenty calendars of five users, shared with our own account."""
    command = [sys.executable, "-m", "tests.google_double", "--port", "0", "--insecure-hooks", "--unchecked"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            double = Double(process.stdout.readline().strip())
            for name in ACCOUNTS:
                if name != "anna":
                    double.do("account", name=name)
            for number in range(CALENDARS):
                acl = {owner(number): "owner", "bot": "writer"}
                double.do("calendar", calendar=room(number), acl=acl)
            yield double
        finally:
            process.terminate()


def name_of(client: int) -> str:
    """Two words that no other client has."""
    first = ("Ada", "Bea", "Cid", "Dot", "Eva", "Fay", "Gus", "Hal", "Ida", "Jon")[client % 10]
    return f"{first} {chr(65 + client // 26 % 26)}{chr(97 + client % 26)}{chr(97 + client // 7 % 26)}berg"


def visit(client: int, what: str, start: datetime) -> dict[str, Any]:
    """An hour, for somebody known by e-mail."""
    email = f"client{client}@example.com"
    return {
        "summary": f"{what} - {name_of(client)}",
        "start": start.isoformat(),
        "end": (start + timedelta(hours=1)).isoformat(),
        "attendees": [{"email": email, "displayName": name_of(client)}],
    }


def fill(double: Double, today: datetime) -> None:
    """Every client has Botox in two days: microneedling in less than two weeks after is too soon."""
    for client in range(CLIENTS):
        start = today + timedelta(days=2, hours=client % 8)
        who, calendar = owner(client % CALENDARS), room(client % CALENDARS)
        double.do("person", who=who, do="book", calendar=calendar, **visit(client, "Botox", start))


@contextmanager
def environment(double: Double) -> Iterator[dict[str, str]]:
    """A clinic's folder, and where Google is."""
    with tempfile.TemporaryDirectory() as folder:
        write_config(Path(folder) / "config")
        yield {
            "SCHEDULER_DATA": f"{folder}/data",
            "SCHEDULER_CONFIG": f"{folder}/config",
            "SCHEDULER_GOOGLE_API_ENDPOINT": f"{double.address}/calendar/v3/",
            "SCHEDULER_GOOGLE_ACCESS_TOKEN": "bot",
        }


@contextmanager
def serving(told: dict[str, str]) -> Iterator[str]:
    """The service in a process of its own; its address."""
    port = free_port()
    code = (
        "from granian import Granian\n"
        "from granian.constants import Interfaces\n"
        "Granian('tests.bench.google_house:watched', factory=True, interface=Interfaces.WSGI,"
        f" port={port}, workers=1, blocking_threads=4, log_access=False).serve()\n"
    )
    told = {**os.environ, **told, NOTICES_TO: f"http://127.0.0.1:{port}/hooks/google"}
    out = None if os.environ.get("BENCH_LOUD") else subprocess.DEVNULL
    server = subprocess.Popen([sys.executable, "-c", code], env=told, stdout=out, stderr=out)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def until_heard(address: str, seconds: float = 60.0) -> None:
    """Every calendar was read, and tells us of changes."""
    ends = time.monotonic() + seconds
    told = None
    while time.monotonic() < ends:
        with urllib.request.urlopen(f"{address}/readyz", timeout=10) as answer:
            told = json.load(answer)
        if told["overdue"] == 0 and {each["heard"] for each in told["calendars"]} == {"push"}:
            return
        time.sleep(0.3)
    raise TimeoutError(json.dumps(told))


def bookings(double: Double, today: datetime) -> dict[tuple[str, str], datetime]:
    """Five a second, each too soon; calendar and event, and when it was asked for."""
    booked = {}
    began = time.monotonic()
    for client in range(CLIENTS):
        time.sleep(max(0.0, began + client / RATE - time.monotonic()))
        number = (client * 7 + 3) % CALENDARS
        start = today + timedelta(days=9, hours=client % 8, minutes=client % 50)
        more = visit(client, "Microneedling", start)
        calendar = room(number)
        asked_at = datetime.now(UTC)
        event = double.do("person", who=owner(number), do="book", calendar=calendar, **more)
        booked[calendar, event] = asked_at
    return booked


def waits(double: Double, booked: dict[tuple[str, str], datetime]) -> list[float]:
    """Seconds from each booking, whose notice leaves at once, to the mark written. Infinite where none is.

    To the event's `updated`, by the double's own clock, which is this machine's; `created` is told in whole
    seconds only, as by the real one.
    """
    ends = time.monotonic() + GIVEN_UP
    left = dict.fromkeys(booked, float("inf"))
    while time.monotonic() < ends and float("inf") in left.values():
        for calendar in {calendar for calendar, event in left if left[calendar, event] == float("inf")}:
            for item in double.do("events", calendar=calendar):
                if (calendar, item["id"]) in left and item["summary"].startswith("⛔"):
                    written = datetime.fromisoformat(item["updated"])
                    left[calendar, item["id"]] = (written - booked[calendar, item["id"]]).total_seconds()
        time.sleep(0.5)
    return sorted(left.values())


def pushed() -> list[Row]:
    """20 calendars, 5 bookings a second for half a minute."""
    today = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    with google() as double:
        fill(double, today)
        with environment(double) as told, serving(told) as address:
            until_heard(address)
            mark, cpu, began = double.do("mark"), servers_time(), time.monotonic()
            took = waits(double, bookings(double, today))
            spent = (servers_time() - cpu) / (time.monotonic() - began)
            units = double.do("units", since=mark)
            asked = double.do("counts", since=mark)
    p50, p95 = took[len(took) // 2], took[int(len(took) * 0.95)]
    marked = sum(wait != float("inf") for wait in took)
    note = f"p50 {p50:.2f} s, worst {took[-1]:.2f} s, {asked}, {spent:.0%} of a core with the double"
    return [
        Row("a push to its mark, 5 a second, p95", f"{p95:.2f} s", "1.5 s", p95 / 1.5, 1, True, note),
        Row("bookings too soon that were marked", str(marked), f"of {CLIENTS}", marked / CLIENTS, 1),
        Row("units of requests a booking", f"{units / CLIENTS:.1f}", "limit 8", units / CLIENTS / 8, 1, True),
    ]


def idle() -> list[Row]:
    """Looks at calendars in which nothing happened: requests, and processor time of the whole row of work."""
    with google() as double, environment(double) as told:
        os.environ.update(told)
        house = started()
        runner = house.runner()
        rounds = 10

        def look() -> None:
            with house.store.transaction() as tx:
                for number in range(CALENDARS):
                    tx.work.touch(SYNC, f"room{number}")
            for _ in range(CALENDARS):
                assert runner.run_next((SYNC,))

        for _ in range(2):
            look()
        mark, began = double.do("mark"), time.process_time()
        for _ in range(rounds):
            look()
        spent = (time.process_time() - began) / (rounds * CALENDARS)
        asked = sum(double.do("counts", since=mark).values()) / (rounds * CALENDARS)
        house.close()
        for name in told:
            del os.environ[name]
    return [
        Row("an idle poll, processor time", f"{spent * 1e3:.1f} ms", "10 ms", spent / 0.010, 1, most=True),
        Row("an idle poll, requests", f"{asked:.2f}", "1", asked, 1, most=True),
    ]


def rows() -> list[Row]:
    """Every promise about push."""
    return [*idle(), *pushed()]
