"""A PostgreSQL of our own for tests: a cluster in a temporary folder, reached through a socket in it.

It sorts as people do (ICU, en-US), not by code point: where an order is promised, tests would see it broken.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import delete

from scheduler_app.store.tables import metadata

PATIENCE = 30.0  # seconds
OWNER = "clinic"
SETTINGS = {
    "listen_addresses": "",  # nobody reaches it but through its folder
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "150",
    "deadlock_timeout": "50ms",
    "timezone": "America/New_York",  # whatever the server's is, ours are UTC
    "shared_buffers": "32MB",
    "autovacuum": "off",
    "checkpoint_timeout": "1h",
}


def programs() -> Path | None:
    """Where initdb and postgres are: Debian keeps them off the path."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((each for each in reversed(folders) if (each / "postgres").exists()), None)


class PostgresServer:
    """Starts and stops; makes databases. close() leaves nothing behind."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        # postgres refuses to run as root
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            self._user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = count()
        data = str(self.folder / "data")
        made = ["--auth=trust", f"--username={OWNER}", "--encoding=UTF8", "--no-sync"]
        sorting = ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US"]
        self._run(str(programs / "initdb"), "-D", data, *made, *sorting)

    def start(self) -> None:
        """Serve, and wait until it answers; nothing where it serves already."""
        if self._process is not None:
            return
        said = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        command = [str(self._programs / "postgres"), "-D", str(self.folder / "data"), "-k", str(self.folder)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, *said], stdout=log, stderr=log, cwd=self.folder, **self._user
            )
        until = time.monotonic() + PATIENCE
        while not self._answers():
            if time.monotonic() > until or self._process.poll() is not None:
                raise TimeoutError((self.folder / "log").read_text())
            time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends every connection first; SIGQUIT leaves as after a crash."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(PATIENCE)
            self._process = None

    def close(self) -> None:
        """Stop, and take the folder away."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """As SCHEDULER_DATABASE_URL wants it."""
        return f"postgresql+psycopg://{OWNER}@/{database}?host={self.folder}"

    @contextmanager
    def database(self, options: str = "") -> Iterator[str]:
        """The name of a new one that is empty; gone afterwards."""
        name = f"clinic{next(self._numbers)}"
        self.say(f"CREATE DATABASE {name} TEMPLATE template0 {options}")
        try:
            yield name
        finally:
            self.say(f"DROP DATABASE {name} WITH (FORCE)")

    def empty(self, database: str) -> None:
        """Take every row out, and everybody else: several times quicker than a new one."""
        ending = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        tables = reversed(metadata.sorted_tables)
        emptying = [str(delete(table)) for table in tables]
        self.say(";".join([f"{ending} AND pid <> pg_backend_pid()", *emptying]), database)

    def say(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """As its owner, with nothing of ours in between."""
        with self.connect(database) as connection:
            told = connection.execute(statement.encode())
            return told.fetchall() if told.description and told.rowcount >= 0 else []

    def connect(self, database: str = "postgres") -> "psycopg.Connection[tuple[Any, ...]]":
        """A connection that commits at once."""
        return psycopg.connect(host=str(self.folder), user=OWNER, dbname=database, autocommit=True)

    def _answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, *command: str) -> None:
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=self.folder, check=False, **self._user
        )
        assert done.returncode == 0, done.stderr
