"""The door for HTTP out, against real servers on this machine."""

import gzip
import socket
import threading
import tracemalloc
from http.server import BaseHTTPRequestHandler

import pytest

from integrations.http_client import fetch
from scheduler_app.errors import Invalid, Unavailable
from tests.integrations.serving import SECRET, body_of, redirecting, says, serving, writes


def test_the_body_comes_from_its_beginning_and_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    with (
        serving(says(b"a" * 300_000)) as place,
        fetch(f"{place}/{SECRET}", on_bytes=lambda done, total: told.append((done, total))) as body,
    ):
        assert body.read() == b"a" * 300_000
        body.seek(0)
        assert body.read(1) == b"a"
    assert told[-1] == (300_000, 300_000)
    assert told == sorted(told)


def test_the_server_is_asked_for_the_whole_path_politely() -> None:
    seen: list[tuple[str, str | None, str | None]] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        seen.append((request.path, request.headers["Host"], request.headers["Accept-Encoding"]))
        says(b"x")(request)

    with serving(answer) as place:
        fetch(f"  {place}/é/a%20b?x=1&y=ü#part  ").close()
    assert seen == [("/%C3%A9/a%20b?x=1&y=%C3%BC", place.removeprefix("http://"), "gzip")]


def test_a_body_without_a_length_or_in_chunks_is_read_to_its_end() -> None:
    told: list[tuple[int, int]] = []
    with serving(writes(b"HTTP/1.0 200 OK\r\n\r\nabc")) as place:
        assert body_of(place, on_bytes=lambda done, total: told.append((done, total))) == b"abc"
    assert told == [(3, 0)]
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
    with serving(writes(chunked)) as place:
        assert body_of(place) == b"abc"


def test_an_empty_body_is_an_empty_body() -> None:
    with serving(says(b"")) as place:
        assert body_of(place) == b""
    with serving(says(b"", Content_Encoding="gzip")) as place:
        assert body_of(place) == b""


def test_a_packed_body_is_unpacked() -> None:
    packed = gzip.compress(b"a" * 1_000_000)
    with serving(says(packed, Content_Encoding="gzip")) as place:
        assert body_of(place) == b"a" * 1_000_000
    with serving(says(packed + gzip.compress(b"b"), Content_Encoding="x-gzip")) as place:
        assert body_of(place) == b"a" * 1_000_000 + b"b"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(status: int) -> None:
    with serving(redirecting("/1", "2", "/end", status=status)) as place:
        assert body_of(f"{place}/0") == b"/end"


def test_redirects_without_end_are_not_followed() -> None:
    with serving(redirecting("/0")) as place, pytest.raises(Invalid) as raised:
        fetch(f"{place}/0")
    assert raised.value.code == "url-redirects"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "url-closed"),
        (403, "url-closed"),
        (404, "url-gone"),
        (410, "url-gone"),
        (400, "url-refused"),
        (304, "url-refused"),
    ],
)
def test_an_answer_asking_again_cannot_help_is_invalid(status: int, code: str) -> None:
    with serving(says(b"", status)) as place, pytest.raises(Invalid) as raised:
        fetch(place)
    assert raised.value.code == code


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_an_answer_asking_again_may_help_is_unavailable(status: int) -> None:
    with serving(says(b"", status, Retry_After="7")) as place, pytest.raises(Unavailable) as raised:
        fetch(place)
    assert raised.value.retry_in == 7
    dated = says(b"", status, Retry_After="Wed, 21 Oct 2026 07:28:00 GMT")
    with serving(dated) as place, pytest.raises(Unavailable) as raised:
        fetch(place)
    assert raised.value.retry_in is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"not http at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nthis is not gzip",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"abc" * 1000, mtime=0)[:-9],
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
    ],
)
def test_an_answer_that_breaks_off_or_makes_no_sense_is_unavailable(raw: bytes) -> None:
    with serving(writes(raw)) as place, pytest.raises(Unavailable):
        fetch(place).close()


def test_nobody_listening_and_a_name_nobody_knows_are_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(Unavailable):
        fetch(f"http://127.0.0.1:{port}/{SECRET}")

    def nowhere(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    with pytest.raises(Unavailable):
        fetch("https://nowhere.invalid/x")


def test_silence_is_not_waited_out() -> None:
    release = threading.Event()

    def keep_silent(_: BaseHTTPRequestHandler) -> None:
        release.wait(5)

    with serving(keep_silent) as place:
        with pytest.raises(Unavailable):
            fetch(place, timeout=0.05)
        release.set()


def test_an_answer_that_drips_is_not_waited_out() -> None:
    with serving(says(b"a" * 1000)) as place, pytest.raises(Unavailable, match="slowly"):
        fetch(place, patience=-1)


def test_a_body_larger_than_allowed_is_refused() -> None:
    with serving(says(b"a" * 5000)) as place:
        assert len(body_of(place, limit_bytes=5000)) == 5000
        with pytest.raises(Invalid) as raised:
            fetch(place, limit_bytes=4999)
    assert raised.value.code == "url-too-large"


def test_a_packed_bomb_is_never_unpacked_as_a_whole() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    with serving(says(bomb, Content_Encoding="gzip")) as place:
        tracemalloc.start()
        try:
            with pytest.raises(Invalid) as raised:
                fetch(place, limit_bytes=1_000_000)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert raised.value.code == "url-too-large"
    assert peak < 5_000_000
