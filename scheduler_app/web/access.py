"""Who may ask. Until a sign-in is configured, desk and API answer on this machine only.

The peer's address is the one the socket has; forwarding headers are never believed. They are taken
as a sign of the opposite: a request that went through a proxy did not come from this machine. The
Host header must name this machine too, so that a web page elsewhere cannot point its own name here
(DNS rebinding), and a browser must say that a form was sent from our own page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, MisdirectedRequest, Unauthorized
from werkzeug.wrappers import Request

from scheduler_app.ports import ApiKey

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
FORWARDED = frozenset(
    {"HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_VIA"}
)
SCOPES = frozenset({"check", "record", "metrics"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks the API: an API key by its name, or this machine.

    scopes: `check` (checks and slots), `record` (read and record clients' stories), `metrics`.
    """

    name: str
    scopes: frozenset[str]


LOCAL = Caller("this machine", SCOPES)
Keys = Callable[[bytes], ApiKey | None]  # by the SHA-256 of the key


@dataclass(frozen=True, slots=True)
class AccessTerms:
    """loopback_only: no sign-in is configured. hosts: more names this service goes by, without port."""

    loopback_only: bool = True
    hosts: frozenset[str] = frozenset()


@lru_cache(maxsize=1024)
def is_loopback(address: str) -> bool:
    """Whether a peer's address is this machine; an IPv4 address in IPv6 clothes counts as itself."""
    try:
        peer = ip_address(address)
    except ValueError:
        return False
    if isinstance(peer, IPv6Address) and peer.ipv4_mapped is not None:
        return peer.ipv4_mapped.is_loopback
    return peer.is_loopback


@lru_cache(maxsize=1024)
def host_name(host: str) -> str:
    """A Host header without its port, in lower case; "" for none."""
    name = host.strip().lower()
    if not name.endswith("]"):
        head, colon, port = name.rpartition(":")
        if colon and port.isdigit():
            name = head
    return name.rstrip(".")


def from_this_machine(request: Request) -> bool:
    """Whether the peer is this machine, and no proxy says that it speaks for somebody else."""
    environ = request.environ
    return is_loopback(environ.get("REMOTE_ADDR", "")) and FORWARDED.isdisjoint(environ)


def require_local(request: Request, terms: AccessTerms) -> None:
    """Raise Forbidden (403) for another machine, MisdirectedRequest (421) for a foreign Host."""
    if not from_this_machine(request):
        raise Forbidden(
            "No sign-in is configured, so this answers only on the machine it runs on. "
            "Open it there as http://localhost."
        )
    if not known_host(request, terms):
        raise MisdirectedRequest("This service does not go by that host name. Use localhost.")


def known_host(request: Request, terms: AccessTerms) -> bool:
    """Whether the Host header names us."""
    name = host_name(request.environ.get("HTTP_HOST", ""))
    return name in LOOPBACK_HOSTS or name in terms.hosts


def sent_from_here(request: Request, browser: bool) -> bool:
    """Whether a change was asked for by our own page.

    browser=True (the desk) wants proof; browser=False (the API) only refuses proof of the opposite,
    since programs send neither header. Sec-Fetch-Site cannot be set by a page's script (Fetch
    Metadata); Origin is sent with every POST by browsers that lack it.
    """
    environ = request.environ
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = environ.get("HTTP_ORIGIN")
    if origin is None:
        return not browser
    host: str = environ.get("HTTP_HOST", "")
    return urlsplit(origin).netloc.lower() == host.lower()


def require_own_page(request: Request) -> None:
    """Raise Forbidden for a desk form that another site, or nobody known, sent."""
    if request.method not in {"GET", "HEAD", "OPTIONS"} and not sent_from_here(request, browser=True):
        raise Forbidden("This form was not sent from the desk's own page. Open the desk and try again.")


def caller(request: Request, terms: AccessTerms, keys: Keys, scope: str) -> Caller:
    """Who opens this door: the key shown, or LOCAL on this machine before a sign-in.

    Raises Unauthorized (401) for no key or one nobody knows, Forbidden (403) for one without the
    scope and for other machines before a sign-in, MisdirectedRequest (421) for a foreign Host.
    """
    if terms.loopback_only:
        require_local(request, terms)
        if not sent_from_here(request, browser=False):
            raise Forbidden("Pages of other sites may not use this API.")
    shown = key_shown(request, keys, scope)
    if shown is not None:
        return shown
    if not terms.loopback_only:
        raise _unauthorized("A key is needed. Send it as `Authorization: Bearer <key>`.")
    return LOCAL


def key_shown(request: Request, keys: Keys, scope: str) -> Caller | None:
    """The key in the Authorization header; None where none is shown.

    Raises Unauthorized (401) for one nobody knows, Forbidden (403) for one without the scope.
    """
    shown = request.environ.get("HTTP_AUTHORIZATION")
    if shown is None:
        return None
    kind, _, secret = shown.partition(" ")
    key = keys(sha256(secret.strip().encode()).digest()) if kind.lower() == "bearer" else None
    if key is None:
        raise _unauthorized("This key is not known. Send it as `Authorization: Bearer <key>`.")
    if scope not in key.scopes:
        raise Forbidden(f"This key lacks the scope `{scope}`.")
    return Caller(key.name, frozenset(key.scopes))


def _unauthorized(why: str) -> Unauthorized:
    return Unauthorized(why, www_authenticate=WWWAuthenticate("bearer", {"realm": "scheduler"}))
