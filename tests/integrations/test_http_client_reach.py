"""Whom the door for HTTP out speaks to, and that it keeps addresses to itself."""

import datetime as clock
import ipaddress
import logging
import socket
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from integrations import http_client
from integrations.http_client import fetch, is_loopback
from scheduler_app.errors import Invalid, Unavailable
from tests.integrations.serving import SECRET, body_of, redirecting, says, serving, writes


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
