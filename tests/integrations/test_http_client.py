"""The door for HTTP out, against real servers on this machine."""

import datetime as clock
import gzip
import ipaddress
import logging
import socket
import ssl
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from integrations import http_client
from integrations.http_client import fetch, is_loopback
from scheduler_app.errors import Invalid, Unavailable

SECRET = "private-5ecret"
Answering = Callable[[BaseHTTPRequestHandler], None]


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that turn away are what these tests are about."""


@contextmanager
def serving(answer: Answering, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """A server on this machine; its address up to the path."""

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer(self)

        def log_message(self, format: str, *args: object) -> None:
            return

    with _Quiet(("127.0.0.1", 0), Answer) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            scheme = "http" if tls is None else "https"
            yield f"{scheme}://localhost:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def says(body: bytes, status: int = 200, **headers: str) -> Answering:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return answer


def writes(raw: bytes) -> Answering:
    """Bytes straight onto the wire, and the end of the connection."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(raw)
        request.close_connection = True

    return answer


def redirecting(*places: str, status: int = 302) -> Answering:
    """/0 leads to the first place, /1 to the second, and so on; anything else answers."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        step = request.path.partition("?")[0].strip("/")
        if step.isdigit() and int(step) < len(places):
            says(b"", status, Location=places[int(step)])(request)
        else:
            says(request.path.encode())(request)

    return answer


def body_of(url: str, **settings: Any) -> bytes:
    with fetch(url, **settings) as body:
        return body.read()


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
    ("target", "code"),
    [
        ("http://93.184.216.34/x", "url-not-https"),
        ("https://10.0.0.1/x", "url-private"),
        ("https://169.254.169.254/latest/meta-data", "url-private"),
        ("ftp://localhost/x", "url-not-https"),
        ("file:///etc/passwd", "url-unreadable"),
        ("http://[broken", "url-unreadable"),
    ],
)
def test_a_redirect_never_leads_where_the_address_itself_could_not(target: str, code: str) -> None:
    with serving(redirecting(target)) as place, pytest.raises(Invalid) as raised:
        fetch(f"{place}/0")
    assert raised.value.code == code


@pytest.mark.parametrize(
    "url",
    [
        "https://10.0.0.1/x",
        "https://192.168.1.10/x",
        "https://172.16.0.1/x",
        "https://100.64.0.1/x",
        "https://169.254.169.254/x",
        "https://0.0.0.0/x",
        "https://224.0.0.1/x",
        "https://255.255.255.255/x",
        "https://[fe80::1]/x",
        "https://[fd00::1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://[64:ff9b::10.0.0.1]/x",
        "https://[ff0e::1]/x",
        "https://[::]/x",
        "https://0x0a000001/x",
    ],
)
def test_private_addresses_are_refused(url: str) -> None:
    with pytest.raises(Invalid) as raised:
        fetch(url)
    assert raised.value.code == "url-private"


def test_a_name_that_leads_into_the_private_network_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolved(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, port))
            for place in ("93.184.216.34", "10.0.0.1")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    with pytest.raises(Invalid) as raised:
        fetch("https://calendar.example.com/x")
    assert raised.value.code == "url-private"


def test_a_name_that_leads_to_this_machine_is_refused_unless_it_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def resolved(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    with pytest.raises(Invalid) as raised:
        fetch("https://calendar.example.com/x")
    assert raised.value.code == "url-private"


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("LOCALHOST", True),
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost.example.com", False),
        ("10.0.0.1", False),
        ("", False),
    ],
)
def test_this_machine_is_known_by_what_is_written(host: str, here: bool) -> None:
    assert is_loopback(host) is here


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://calendar.example.com/x", "url-not-https"),
        ("ftp://calendar.example.com/x", "url-not-https"),
        ("webcal://calendar.example.com/x", "url-not-https"),
        ("https:///x", "url-unreadable"),
        ("https://", "url-unreadable"),
        ("", "url-unreadable"),
        ("https://a b/x", "url-unreadable"),
        ("https://localhost/a\r\nHost: evil", "url-unreadable"),
        ("https://localhost:0/x", "url-unreadable"),
        ("https://localhost:99999/x", "url-unreadable"),
        (f"https://{'a' * 70}.com/x", "url-unreadable"),
        ("https://user:word@calendar.example.com/x", "url-sign-in"),
    ],
)
def test_what_is_no_usable_address_says_why(url: str, code: str) -> None:
    with pytest.raises(Invalid) as raised:
        fetch(url)
    assert (raised.value.code, raised.value.path) == (code, "url")


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
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"abc" * 1000)[:-9],
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


def test_the_address_never_stands_in_an_error_its_causes_or_a_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    failures: list[BaseException] = []
    with (
        serving(says(b"", 404)) as gone,
        serving(writes(b"")) as broken,
        serving(redirecting(f"/0?{SECRET}")) as turning,
    ):
        for url in (
            f"{gone}/{SECRET}",
            f"{broken}/{SECRET}",
            f"{turning}/0?{SECRET}",
            f"http://example.com/{SECRET}",
            f"https://10.0.0.1/{SECRET}",
            f"https://localhost:99999/{SECRET}",
            f"https://[{SECRET}/x",
            f"https://a:{SECRET}@example.com/x",
        ):
            with pytest.raises((Invalid, Unavailable)) as raised:
                fetch(url)
            failures.append(raised.value)
    for failure in failures:
        assert failure.__suppress_context__ or failure.__context__ is None
        assert SECRET not in repr(failure) + str(failure)
    assert SECRET not in caplog.text


def test_the_environments_proxy_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with serving(says(b"direct")) as place:
        assert body_of(place) == b"direct"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for localhost that nobody but its holder trusts, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    begins = clock.datetime(2020, 1, 1, tzinfo=clock.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(clock.datetime(2120, 1, 1, tzinfo=clock.UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "localhost.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def test_https_is_spoken_to_whom_the_machine_trusts_and_to_nobody_else(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with serving(says(b"BEGIN:VCALENDAR"), tls) as place:
        with pytest.raises(Invalid) as raised:
            fetch(f"{place}/{SECRET}")
        assert raised.value.code == "url-untrusted"
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert body_of(f"{place}/{SECRET}") == b"BEGIN:VCALENDAR"
        with pytest.raises(Invalid) as raised:  # the certificate is for another name
            fetch(place.replace("localhost", "127.0.0.1"))
        assert raised.value.code == "url-untrusted"


def test_the_socket_is_opened_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def refuse(address: tuple[str, int], timeout: float) -> socket.socket:
        asked.append(address)
        raise ConnectionRefusedError

    def resolved(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(Unavailable):
        fetch("https://calendar.example.com/x")
    assert asked == [("93.184.216.34", 443)]


def test_the_limits_shipped_are_the_ones_promised() -> None:
    assert (http_client.LIMIT_BYTES, http_client.TIMEOUT) == (200 * 1024 * 1024, 20.0)
    assert ipaddress.ip_address("64:ff9b::a00:1") in http_client._NAT64
