"""`scheduler serve` as a process, started, killed and started again on one data folder."""

import base64
import hashlib
import hmac
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

KEY = base64.b64encode(b"a secret for tests, 32 bytes long").decode()
PATIENCE = 30.0


class Service:
    """One data folder and whatever process serves it now. stop() leaves nothing behind."""

    def __init__(self, data: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._arguments = arguments or ("serve",)
        self._environment = {
            **os.environ,
            "SCHEDULER_DATA": str(data),
            "SCHEDULER_PORT": str(self.port),
            "SCHEDULER_HOOK_SECRETS_WEBSITE": f"whsec_{KEY}",
            **(environment or {}),
        }
        self._log = data.with_suffix(".log")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve, and wait until it is ready."""
        self._spawn()
        self.until(lambda: self.get("/readyz")[0] == 200)

    def _spawn(self) -> None:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            command = [sys.executable, "-m", "scheduler_app", *self._arguments]
            # A session of its own, so that killing reaches the web processes too.
            self._process = subprocess.Popen(
                command, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )

    def ends(self) -> int:
        """Start something that is not going to serve; its exit status."""
        self._spawn()
        assert self._process is not None
        status = self._process.wait(PATIENCE)
        self._process = None
        return status

    def kill(self) -> None:
        """kill -9, every process of it at once: nobody gets to say goodbye."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(PATIENCE)
        self._process = None

    def stop(self) -> int | None:
        """Ask it to stop, as an operator does; its exit status."""
        if self._process is None:
            return None
        self._process.terminate()
        status = self._process.wait(PATIENCE)
        self._process = None
        return status

    def log(self) -> str:
        """What it wrote."""
        return self._log.read_text(encoding="utf-8")

    def get(self, path: str) -> tuple[int, bytes]:
        """Ask; status 0 where nobody answers."""
        return self._send(urllib.request.Request(self.address + path))

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Send; status 0 where nobody answers."""
        told = {"Content-Type": "application/json", **headers}
        return self._send(urllib.request.Request(self.address + path, body, told))

    def webhook(self, key: str, **booking: Any) -> int:
        """Send a signed appointment; the status."""
        body = json.dumps(booking).encode()
        stamp = str(int(time.time()))
        signed = hmac.digest(base64.b64decode(KEY), f"{key}.{stamp}.".encode() + body, hashlib.sha256)
        signature = "v1," + base64.b64encode(signed).decode()
        headers = {"webhook-id": key, "webhook-timestamp": stamp, "webhook-signature": signature}
        return self.post("/hooks/website", body, headers)[0]

    def until(self, true: Any) -> None:
        """Wait for it. Raises TimeoutError with the log."""
        began = time.monotonic()
        while not true():
            if time.monotonic() - began > PATIENCE:
                raise TimeoutError(self.log())
            time.sleep(0.05)

    def _send(self, request: urllib.request.Request) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read()
        except OSError:
            return 0, b""
