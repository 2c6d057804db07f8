"""The routes under load: checks against a hello, durable webhooks against the route that keeps nothing."""

import base64
import hashlib
import hmac
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.asked import EXAMPLE, question
from tests.bench.rows import Row
from tests.bench.servers import LUA, Load, Polled, free_port, granian, wait_for, wrk

KEY = base64.b64encode(b"a secret for benchmarks, 32 bytes").decode()
BODY = json.dumps(
    {
        "type": "appointment.created",
        "timestamp": "2026-11-22T10:00:00Z",
        "data": {
            "id": "b1",
            "status": "booked",
            "treatments": ["microneedling"],
            "start": "2026-12-10T10:00:00+00:00",
            "end": "2026-12-10T11:00:00+00:00",
            "client": {"name": "Anna Smith", "email": "anna.smith@example.com"},
        },
    }
)
ROUNDS = 5
SECONDS = 3


@contextmanager
def environment() -> Iterator[tuple[dict[str, str], Path]]:
    """A data folder of its own for each server."""
    with tempfile.TemporaryDirectory() as folder:
        yield {"SCHEDULER_DATA": folder, "SCHEDULER_HOOK_SECRETS_WEBSITE": f"whsec_{KEY}"}, Path(folder)


def checks() -> Row:
    """POST /api/v1/check, as a share of hello on the same server; both by the processor time they take."""
    with environment() as (told, folder):
        scripts = {
            name: _asking(folder / f"{name}.lua", asked)
            for name, asked in (("example", EXAMPLE), ("ten", question(1, random.Random(7))))
        }
        with granian("tests.bench.stands:with_hello", told) as address:
            ours, ten = (Polled(f"{address}/api/v1/check", scripts[name]) for name in ("example", "ten"))
            hello = Polled(f"{address}/hello")
            for _ in range(ROUNDS):
                for each in (ours, ten, hello):
                    each.load(SECONDS)
    note = f"a story of ten items: {ten.rate / hello.rate:.2f}"
    told_hello = f"hello {hello.rate:,.0f} /s"
    return Row(
        "POST /api/v1/check", f"{ours.rate:,.0f} /s", told_hello, ours.rate / hello.rate, 0.6, note=note
    )


def _asking(script: Path, asked: dict[str, Any]) -> Path:
    script.write_text(LUA + f"wrk.body = [[{json.dumps(asked)}]]\n", encoding="utf-8")
    return script


def webhooks() -> list[Row]:
    """POST /hooks/<source> kept durably, against the same route that keeps nothing."""
    durable, nothing = [], []
    for _ in range(ROUNDS):
        nothing.append(_webhooks("tests.bench.stands:without_database"))
        durable.append(_webhooks("tests.bench.stands:with_hello"))
    ours, theirs = (median(load.rate for load in loads) for loads in (durable, nothing))
    slow, fast = (median(load.p99 for load in loads) for loads in (durable, nothing))
    return [
        Row(
            "webhooks kept with synchronous=FULL",
            f"{ours:,.0f} /s",
            f"no database {theirs:,.0f} /s",
            ours / theirs,
            0.5,
        ),
        Row(
            "the slowest of 100 of them (p99)",
            f"{slow:.1f} ms",
            f"no database {fast:.1f} ms",
            slow / fast,
            3,
            most=True,
        ),
    ]


def _webhooks(target: str) -> Load:
    with environment() as (told, folder):
        script = _signed(folder, 60_000)
        with granian(target, told) as address:
            load = wrk(f"{address}/hooks/website", script)
    assert not load.failed, f"{load.failed} deliveries were refused"
    return load


def _signed(folder: Path, count: int) -> Path:
    """A script for wrk that sends so many deliveries, each under its own id and signature."""
    stamp = str(int(time.time()))
    ids = folder / "signed.txt"
    key = base64.b64decode(KEY)
    with ids.open("w", encoding="ascii") as file:
        for number in range(count):
            told = f"msg_{number}.{stamp}.{BODY}".encode()
            signature = base64.b64encode(hmac.digest(key, told, hashlib.sha256)).decode()
            file.write(f"msg_{number} {signature}\n")
    script = folder / "hooks.lua"
    script.write_text(
        LUA
        + f"wrk.body = [[{BODY}]]\n"
        + f"local lines = io.lines('{ids}')\n"
        + "request = function()\n"
        + "  local id, signature = lines():match('(%S+) (%S+)')\n"
        + f"  local headers = {{['webhook-id'] = id, ['webhook-timestamp'] = '{stamp}',"
        + " ['webhook-signature'] = 'v1,' .. signature, ['Content-Type'] = 'application/json'}\n"
        + "  return wrk.format(nil, nil, headers)\n"
        + "end\n",
        encoding="utf-8",
    )
    return script


def idle() -> list[Row]:
    """`scheduler serve`, nothing asked of it: how soon it is ready, how much memory it keeps.

    The first start makes the database; what it loads for that it never needs again.
    """
    with environment() as (told, _):
        (_, first), (ready, kept) = (_started(told) for _ in range(2))
    note = f"at the very first start {first:.0f} MB"
    return [
        Row("scheduler serve, ready", f"{ready:.2f} s", "3 s", ready / 3, 1, most=True),
        Row("scheduler serve, idle memory (PSS)", f"{kept:.0f} MB", "150 MB", kept / 150, 1, True, note),
    ]


def _started(told: dict[str, str]) -> tuple[float, float]:
    """Seconds until it is ready, and megabytes five seconds later."""
    port = free_port()
    command = [sys.executable, "-m", "scheduler_app", "serve", "--port", str(port)]
    began = time.monotonic()
    server = subprocess.Popen(
        command, env={**os.environ, **told}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz")
        ready = time.monotonic() - began
        time.sleep(5)
        return ready, sum(_proportional(pid) for pid in _family(server.pid))
    finally:
        server.terminate()
        server.wait(20)


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *(grandchild for child in children for grandchild in _family(int(child)))]


def _proportional(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def rows() -> list[Row]:
    """Every promise about serving."""
    return [checks(), *webhooks(), *idle()]
