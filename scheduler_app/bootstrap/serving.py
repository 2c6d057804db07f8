"""Serving over HTTP: granian in front of the WSGI application."""

import gc
import logging
import os
import socket

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from scheduler_app.errors import Unavailable
from scheduler_app.settings import Settings

THREADS = 64  # blocking threads a worker: so many deliveries may wait for the disk together


def serve(settings: Settings, workers: int = 1) -> None:
    """Serve until told to stop (SIGTERM, SIGINT). Raises Unavailable when the port is taken."""
    _free(settings)
    os.environ.update(settings.exported())  # the web processes read their environment like any other
    logging.getLogger("_granian").addFilter(_told_of_threads)
    Granian(
        "scheduler_app.wsgi:application",
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.host,
        port=settings.port,
        workers=workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        # An access log would hold the tokens of feeds, which are keys to somebody's health.
        log_access=False,
        log_level=LogLevels.warning,
    ).serve()


def _told_of_threads(record: logging.LogRecord) -> bool:
    """Granian advises as many threads as a processor can keep busy; ours wait for the disk together."""
    return "Python threads" not in record.getMessage()


def _free(settings: Settings) -> None:
    """Granian would start its workers again and again; we say it once."""
    try:
        with socket.create_server((settings.host, settings.port)):
            pass
    except OSError as fault:
        address = f"{settings.host}:{settings.port}"
        cure = "stop what listens there, or set SCHEDULER_PORT to another"
        raise Unavailable(f"{address} cannot be used: {fault.strerror}; {cure}") from None


def stay_loaded() -> None:
    """What was loaded stays for good: the collector need not walk it for every few requests.

    Nor need it look often: a page of a calendar makes many small values, and no rings of them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 50)


def log_to_stderr() -> None:
    """Times, levels and our own words; no names, bodies or tokens are ever in them."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name in ("huey", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in (
        "googleapiclient",
        "google_auth_httplib2",
        "google",
        "oauthlib",
        "requests_oauthlib",
        "urllib3",
    ):
        # their warnings name addresses, and in those stand the ids of calendars and people's addresses
        logging.getLogger(name).setLevel(logging.CRITICAL)
