"""myworld as a program that keeps the contract's calendar."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httplib2
import msgspec

_ROOT = Path(__file__).parents[3]
_TOKEN = "devtoken"
_CLINIC = """
name: clinic
task: an independent double
now: "2026-03-01T09:00:00+00:00"
servers:
  calendar:
    seed:
      user: {email: bot@clinic.example, name: Bot}
      timeZone: Europe/London
      people: [{email: anna@clinic.example, name: Anna}]
      calendars:
        - id: team-room1@clinic.example
          summary: Room 1
          timeZone: Europe/London
          acl: {bot@clinic.example: owner, anna@clinic.example: writer}
      events: []
agents:
  bot: {as: bot@clinic.example, task: none}
  anna: {as: anna@clinic.example, task: none}
"""


@dataclass(frozen=True, slots=True)
class Independent:
    """A running myworld."""

    port: int

    @property
    def endpoint(self) -> str:
        """Where the Calendar API is."""
        return f"http://127.0.0.1:{self.port}/gw/www.googleapis.com/calendar/v3/"

    def token(self, who: str) -> str:
        """The access token of bot or anna."""
        told: dict[str, Any] = msgspec.json.decode(self._asked("GET", "/envs/clinic"))
        token: str = told["credentials"][who]["google_access_token"]
        return token

    def reset(self) -> None:
        """As it was at the start; cursors handed out before mean nothing any more."""
        self._asked("POST", "/envs/clinic/reset")

    def fail(self, tool: str, kind: str) -> None:
        """One fault of one method, such as `timeout_after_commit` of `calendar.events.patch`."""
        faults = msgspec.json.encode([{"tool": tool, "kind": kind, "times": 1}])
        self._asked("PUT", "/instances/clinic-calendar/faults", faults)

    def answers(self) -> bool:
        """Whether it is up."""
        try:
            self._asked("GET", "/envs/clinic")
        except (OSError, httplib2.HttpLib2Error, AssertionError):
            return False
        return True

    def _asked(self, method: str, path: str, body: bytes | None = None) -> bytes:
        headers = {"Authorization": f"Bearer {_TOKEN}", "Content-Type": "application/json"}
        http = httplib2.Http(timeout=5, proxy_info=None)
        try:
            address = f"http://127.0.0.1:{self.port}{path}"
            answer, content = http.request(address, method, body=body, headers=headers)
        finally:
            http.close()
        assert answer.status < 300, f"{method} {path}: {answer.status} {content[:200]!r}"
        return bytes(content)


@contextmanager
def independent(folder: Path) -> Iterator[Independent]:
    """Started, and ended for sure."""
    (folder / "clinic.yaml").write_text(_CLINIC, encoding="utf-8")
    world = Independent(_free_port())
    command = [sys.executable, "-m", "tests.integrations.google_calendar.serving_myworld", "serve"]
    command += ["--env", str(folder / "clinic.yaml"), "--time", "realtime", "--port", str(world.port)]
    command += ["--token", _TOKEN, "--log-level", "error"]
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, cwd=_ROOT, env={"HOME": str(folder)}
        )
        try:
            deadline = time.monotonic() + 30
            while not world.answers():
                assert process.poll() is None, (folder / "output").read_text(encoding="utf-8")
                assert time.monotonic() < deadline, "it did not start"
                time.sleep(0.05)
            yield world
        finally:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
