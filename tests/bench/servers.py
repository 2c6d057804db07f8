"""Real servers for the benchmarks: granian on one core, wrk on the other, loopback only."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from scheduler_app.bootstrap.serving import THREADS

LUA = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk measured. p99 in milliseconds; failed counts answers that were not 2xx or 3xx."""

    rate: float
    p99: float
    failed: int


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def granian(target: str, environment: Mapping[str, str], threads: int = THREADS) -> Iterator[str]:
    """Serve a WSGI factory in a process of its own, as `scheduler serve` does; its address."""
    port = free_port()
    code = (
        "from granian import Granian\n"
        "from granian.constants import Interfaces\n"
        f"Granian({target!r}, factory=True, interface=Interfaces.WSGI, port={port}, workers=1,"
        f" blocking_threads={threads}, log_access=False).serve()\n"
    )
    command = ["taskset", "-c", "0", sys.executable, "-c", code]
    server = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def wait_for(url: str, seconds: float = 20.0) -> float:
    """Seconds until the address answers at all. Raises TimeoutError."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return time.monotonic() - began
        except urllib.error.HTTPError:
            return time.monotonic() - began
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(url)


def wrk(url: str, script: Path | None = None, seconds: int = 4, connections: int = 16) -> Load:
    """Load one address from the other core."""
    command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    command += ["-s", str(script)] if script else []
    told = subprocess.run([*command, url], capture_output=True, check=True, text=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", told)
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    assert rate, told
    assert p99, told
    scale = {"us": 0.001, "ms": 1.0, "s": 1000.0}[p99[2]]
    return Load(float(rate[1]), float(p99[1]) * scale, int(failed[1]) if failed else 0)


@dataclass(slots=True)
class Polled:
    """One address under load, and the seconds of processor time a request cost in every round."""

    url: str
    script: Path | None = None
    costs: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Requests a second on a core of its own, median."""
        return 1 / median(self.costs)

    def load(self, seconds: int) -> None:
        """One round. Every answer must be a good one."""
        before = servers_time()
        load = wrk(self.url, self.script, seconds)
        assert not load.failed, f"{load.failed} answers were failures"
        self.costs.append((servers_time() - before) / (load.rate * seconds))


def servers_time(pid: int | None = None) -> float:
    """Processor seconds of every process under this one; all but the one under load are idle."""
    root = Path(f"/proc/{pid or os.getpid()}")
    children = [int(child) for tasks in root.glob("task/*/children") for child in tasks.read_text().split()]
    spent = 0.0
    if pid is not None:
        times = (root / "stat").read_text().rpartition(")")[2].split()
        spent = (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")
    return spent + sum(servers_time(child) for child in children)
