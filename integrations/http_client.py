"""The one door for HTTP out: bounded in time, size and reach, and silent about addresses.

An address may be a secret (a calendar's secret iCal address opens the whole calendar), so none ever
stands in a message, a log or the chain of an exception. The environment's proxies are not used.
"""

import http.client
import ipaddress
import socket
import ssl
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from typing import IO, NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from scheduler_app.errors import Invalid, Unavailable

LIMIT_BYTES = 200 * 1024 * 1024
TIMEOUT = 20.0
PATIENCE = 600.0  # seconds for the whole answer, however steadily it drips
_REDIRECTS = 5
_CHUNK = 64 * 1024
_IN_MEMORY = 16 * 1024 * 1024
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last four bytes

OnBytes = Callable[[int, int], None]


class _Address(NamedTuple):
    """Where one request goes. near: this very machine, and the person said so."""

    secure: bool
    host: str
    port: int
    target: str
    near: bool


def fetch(
    url: str,
    *,
    timeout: float = TIMEOUT,
    limit_bytes: int = LIMIT_BYTES,
    patience: float = PATIENCE,
    on_bytes: OnBytes | None = None,
) -> IO[bytes]:
    """GET an https address; the body, at its beginning, in memory or in an unnamed temporary file.

    http is spoken to this very machine only, and only where the address given is on it. Up to five
    redirects are followed, by the same rule. Hosts with a private address are refused. timeout is
    seconds of silence; limit_bytes counts the unpacked body; on_bytes is told bytes received and
    expected (0 when unknown).

    Raises Invalid where the address is at fault and asking again is of no use, Unavailable where it may
    help (no answer, a broken one; RFC 9110 15: 408, 429, 5xx; RFC 8470: 425).
    """
    deadline = time.monotonic() + patience
    url = url.strip()
    start = _address(url, near=True)
    address = start
    for _ in range(_REDIRECTS + 1):
        # The host stands in the request only: the socket is ours, opened to the address that was checked.
        connection = http.client.HTTPConnection("", timeout=timeout)
        try:
            answer = _ask(connection, address, timeout)
            if answer.status not in (301, 302, 303, 307, 308):
                _check_status(answer)
                return _body(answer, limit_bytes, deadline, on_bytes)
            url = _led_to(url, answer.headers.get("Location", ""))
        except (OSError, http.client.HTTPException):
            raise Unavailable("The server did not answer, or broke off: try again later") from None
        finally:
            connection.close()
        address = _address(url, near=start.near)
    raise Invalid("url-redirects", "The address leads on to another too many times", "url")


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this very machine, by what is written."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _led_to(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        return location  # refused by whoever reads it next


def _address(url: str, *, near: bool) -> _Address:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        if ":" not in host:
            host = host.encode("idna").decode()
    except ValueError:
        host, port = "", None
    if not host or port == 0 or any(ord(letter) <= 32 or letter == "\x7f" for letter in url):
        raise Invalid("url-unreadable", "This is no address: copy it again, from https to its end", "url")
    if parts.username is not None:
        raise Invalid("url-sign-in", "An address with a user name in it cannot be used", "url")
    near = near and is_loopback(host)
    secure = parts.scheme == "https"
    if not secure and not (parts.scheme == "http" and near):
        raise Invalid("url-not-https", "The address has to begin with https://", "url")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _Address(
        secure, host, port or (443 if secure else 80), quote(target, "/%:=&?~+!$,;'@()*[]|"), near
    )


def _ask(
    connection: http.client.HTTPConnection, address: _Address, timeout: float
) -> http.client.HTTPResponse:
    connection.sock = _connected(address, timeout)
    host = f"[{address.host}]" if ":" in address.host else address.host
    headers = {
        "Host": host if address.port in (80, 443) else f"{host}:{address.port}",
        "Accept": "text/calendar, text/csv;q=0.9, */*;q=0.5",
        "Accept-Encoding": "gzip",
        "User-Agent": "treatment-scheduler",
        "Connection": "close",
    }
    connection.request("GET", address.target, headers=headers)
    return connection.getresponse()


def _connected(address: _Address, timeout: float) -> socket.socket:
    """A socket to the very address that was checked: a name may answer differently when asked twice."""
    found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    places = [str(place[4][0]) for place in found]
    if not all(_allowed(place, address.near) for place in places):
        raise Invalid("url-private", "The address lies inside a private network: that is refused", "url")
    failure: OSError = OSError("no address")
    for place in places:
        try:
            plain = socket.create_connection((place, address.port), timeout)
        except OSError as error:
            failure = error
            continue
        return _secured(plain, address.host) if address.secure else plain
    raise failure


def _allowed(place: str, near: bool) -> bool:
    ip = ipaddress.ip_address(place.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or (ipaddress.IPv4Address(ip.packed[-4:]) if ip in _NAT64 else None)
        ip = inner or ip
    return ip.is_loopback if near else ip.is_global and not ip.is_multicast


def _secured(plain: socket.socket, host: str) -> socket.socket:
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except ssl.SSLCertVerificationError:
        plain.close()
        raise Invalid(
            "url-untrusted", "The server's certificate is not valid for this address", "url"
        ) from None
    except OSError:
        plain.close()
        raise


def _check_status(answer: http.client.HTTPResponse) -> None:
    status = answer.status
    if 200 <= status < 300:
        return
    if status in (408, 425, 429) or status >= 500:
        wait = answer.headers.get("Retry-After", "")
        retry_in = float(wait) if wait.isascii() and wait.isdigit() and len(wait) < 7 else None
        raise Unavailable(f"The server cannot answer now ({status}): try again later", retry_in)
    if status in (401, 403):
        cure = "it has to open without signing in, as a calendar's secret iCal address does"
        raise Invalid("url-closed", f"The server refuses this address ({status}): {cure}", "url")
    if status in (404, 410):
        cure = "it may have been reset, so copy it again"
        raise Invalid("url-gone", f"The server has nothing at this address ({status}): {cure}", "url")
    raise Invalid("url-refused", f"The server answers this address with {status}", "url")


def _body(
    answer: http.client.HTTPResponse, limit_bytes: int, deadline: float, on_bytes: OnBytes | None
) -> IO[bytes]:
    chunks = _received(answer, deadline, on_bytes)
    if answer.headers.get("Content-Encoding", "").strip().lower() in ("gzip", "x-gzip"):
        chunks = _unpacked(chunks)
    body = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  the caller closes it
    try:
        for chunk in chunks:
            body.write(chunk)
            if body.tell() > limit_bytes:
                size = f"{limit_bytes / 1024 / 1024:g} MiB"
                raise Invalid("url-too-large", f"What the address holds is larger than {size}", "url")
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body


def _received(answer: http.client.HTTPResponse, deadline: float, on_bytes: OnBytes | None) -> Iterator[bytes]:
    expected, received = answer.length, 0
    while (expected is None or received < expected) and (chunk := answer.read1(_CHUNK)):
        received += len(chunk)
        if time.monotonic() > deadline:
            raise Unavailable("The server answers too slowly: try again later")
        if on_bytes is not None:
            on_bytes(received, expected or 0)
        yield chunk
    if expected is not None and received < expected:
        raise http.client.IncompleteRead(b"")


def _unpacked(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Gzip members one after the other, never more than a chunk unpacked at a time."""
    member = zlib.decompressobj(wbits=31)
    begun = False
    for packed in chunks:
        while packed:
            if member.eof:
                member = zlib.decompressobj(wbits=31)
            begun = True
            try:
                yield member.decompress(packed, _CHUNK)
            except zlib.error:
                raise http.client.HTTPException from None
            packed = member.unconsumed_tail or member.unused_data
    while left := member.decompress(b"", _CHUNK):
        yield left
    if begun and not member.eof:
        raise http.client.IncompleteRead(b"")
