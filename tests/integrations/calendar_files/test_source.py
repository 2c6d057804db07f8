"""Files, pipes and addresses; how far a reading is told to be."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from integrations.calendar_files import CalendarFiles
from scheduler_app.domain.events import CalendarEvent, Unreadable
from scheduler_app.errors import Invalid, Unavailable
from tests.integrations.calendar_files.reading import SAMPLES, WINDOW, calendar, vevent

Read = Callable[[str], list[CalendarEvent | Unreadable]]


def read(source: str) -> list[CalendarEvent | Unreadable]:
    return list(CalendarFiles().read(source, window=WINDOW, default_zone="Europe/London"))


@contextmanager
def serving(content: bytes, status: int = 200) -> Iterator[str]:
    """The host and port of a server that answers everything with this."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("scheme", ["http", "webcal", "WEBCAL"])
def test_a_secret_address_is_read_like_a_file(scheme: str) -> None:
    with serving((SAMPLES / "google.ics").read_bytes()) as host:
        found = read(f"{scheme}://{host}/calendar/ical/room1/private-5ecret/basic.ics")
    assert found == read(str(SAMPLES / "google.ics"))


def test_what_is_unreadable_at_an_address_does_not_tell_the_address() -> None:
    with serving(calendar(vevent(start="DTSTART:never"))) as host:
        (fault,) = read(f"http://{host}/private-5ecret/basic.ics")
    assert isinstance(fault, Unreadable)
    assert fault.where == "calendar address line 4"


def test_a_page_instead_of_a_calendar_says_so() -> None:
    with serving(b"<!doctype html><title>Sign in</title>") as host:
        (fault,) = read(f"http://{host}/basic.ics")
    assert isinstance(fault, Unreadable)
    assert "secret iCal address" in fault.why


def test_an_address_that_fails_is_an_error_to_act_on() -> None:
    with serving(b"", 404) as host, pytest.raises(Invalid):
        read(f"http://{host}/private-5ecret/basic.ics")
    with serving(b"", 503) as host, pytest.raises(Unavailable):
        read(f"http://{host}/private-5ecret/basic.ics")
    with pytest.raises(Invalid):
        read("http://calendar.example.com/basic.ics")


@pytest.mark.parametrize(
    "address", ["https://[broken", "webcal://[broken", " http://calendar.example.com/basic.ics"]
)
def test_a_broken_address_is_not_taken_for_a_path(address: str) -> None:
    with pytest.raises(Invalid) as raised:
        read(address)
    assert raised.value.path == "url"


def test_a_path_that_cannot_be_opened_is_an_error_to_act_on(tmp_path: Path) -> None:
    for path, word in (
        (tmp_path / "missing.ics", "no file"),
        (tmp_path, "folder"),
        (tmp_path / ("a" * 300), "opened"),
    ):
        with pytest.raises(Invalid, match=word) as raised:
            read(str(path))
        assert str(tmp_path) not in str(raised.value).replace(repr(tmp_path.name), "")


def test_a_pipe_is_read_like_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=((SAMPLES / "google.ics").read_bytes(),))
    writer.start()
    found = read(str(pipe))
    writer.join()
    assert found == read(str(SAMPLES / "google.ics"))


@pytest.mark.parametrize("name", ["google.ics", "outlook.csv", "booking-system.csv"])
def test_progress_grows_to_the_size_of_the_file(name: str) -> None:
    told: list[tuple[int, int]] = []
    files = CalendarFiles(on_bytes=lambda done, total: told.append((done, total)))
    list(files.read(str(SAMPLES / name), window=WINDOW, default_zone="Europe/London"))
    size = (SAMPLES / name).stat().st_size
    assert told == sorted(told)
    assert told[-1] == (size, size)


def test_progress_of_an_address_tells_its_fetching_too() -> None:
    told: list[tuple[int, int]] = []
    files = CalendarFiles(on_bytes=lambda done, total: told.append((done, total)))
    content = (SAMPLES / "google.ics").read_bytes()
    with serving(content) as host:
        list(files.read(f"http://{host}/a.ics", window=WINDOW, default_zone="Europe/London"))
    assert told[0] == (len(content), len(content))
    assert told[-1] == (len(content), len(content))


def test_nothing_is_read_before_it_is_asked_for(tmp_path: Path) -> None:
    reading = CalendarFiles().read(
        str(tmp_path / "missing.ics"), window=(date.min, date.max), default_zone="?"
    )
    with pytest.raises(Invalid, match="IANA"):
        next(reading)


def test_a_reading_that_is_broken_off_closes_its_file() -> None:
    reading = CalendarFiles().read(str(SAMPLES / "google.ics"), window=WINDOW, default_zone="Europe/London")
    next(reading)
    reading.close()  # type: ignore[attr-defined]
