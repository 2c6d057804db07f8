"""Asking a booking platform's API: one pool of connections each, bounded in time and size, silent about who.

Addresses hold ids and sometimes e-mail addresses, bodies hold people: neither ever stands in a message.
Redirects are not followed (a key would go with them), and nothing is tried twice here: whoever asked
knows whether that is harmless.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec
import urllib3

from scheduler_app.errors import Conflict, Disconnected, Invalid, NotFound, Unavailable, Unsure

CONNECT, ANSWER = 5.0, 20.0  # seconds
PATIENCE = 60.0  # seconds for a whole answer, however steadily it drips
LARGEST = 16 * 1024 * 1024  # bytes of one answer
CHUNK = 64 * 1024
LONGEST_WAIT = 3600.0  # seconds: what a platform asks for beyond that is asked again after that
CLOSED = "access-withdrawn"

Headers = Mapping[str, str]
Query = Mapping[str, str | int | None]


class Answer(NamedTuple):
    """What came back. status: 2xx. body: JSON as values, None where there was none."""

    status: int
    headers: Headers
    body: Any


class ApiClient:
    """One platform's API. base: its address, without a slash at the end. sign: the headers that open it,
    asked anew for every request. who: what it is called in messages. answer_within: seconds of silence;
    patience: seconds for a whole answer."""

    def __init__(
        self,
        base: str,
        sign: Callable[[], Headers],
        who: str,
        *,
        answer_within: float = ANSWER,
        patience: float = PATIENCE,
    ) -> None:
        self._base = base
        self._sign = sign
        self._who = who
        self._patience = patience
        self._pool = urllib3.PoolManager(
            maxsize=4,
            timeout=urllib3.Timeout(connect=CONNECT, read=answer_within),
            retries=False,
            headers={"Accept": "application/json", "User-Agent": "treatment-scheduler"},
        )

    def get(self, path: str, query: Query | None = None, headers: Headers | None = None) -> Answer:
        """Read. Raises as `ask`."""
        return self.ask("GET", path, query, headers=headers)

    def ask(
        self,
        method: str,
        path: str,
        query: Query | None = None,
        body: object = None,
        headers: Headers | None = None,
    ) -> Answer:
        """One request; body is sent as JSON. A query's None values are left out.

        Raises Unavailable (no answer, 408, 425, 429, 5xx; with the Retry-After of RFC 9110 10.2.3), Unsure
        where something may have been changed and the answer was lost, Disconnected (401, 403), NotFound
        (404, 410), Conflict (409, 412), Invalid with code `platform-refused` for any other status and for
        an answer that is no JSON. What the platform said of it is in Refused.content.
        """
        address = self._base + path
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        if asked:
            address += "?" + urlencode(asked)
        sent = {**self._pool.headers, **self._sign(), **(headers or {})}
        raw = None
        if body is not None:
            raw = msgspec.json.encode(body)
            sent["Content-Type"] = "application/json"
        answer = self._answered(method, address, raw, sent)
        try:
            content = self._content(method, answer)
        finally:
            answer.release_conn()
        told = {name.lower(): value for name, value in answer.headers.items()}
        if not 200 <= answer.status < 300:
            self._refuse(method, answer.status, told, content)
        return Answer(answer.status, told, self._read(content) if content.strip() else None)

    def _answered(
        self, method: str, address: str, body: bytes | None, headers: Headers
    ) -> urllib3.BaseHTTPResponse:
        try:
            return self._pool.request(
                method, address, body=body, headers=headers, redirect=False, preload_content=False
            )
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError):
            raise Unavailable(f"{self._who} could not be reached: try again later") from None
        except urllib3.exceptions.HTTPError:
            raise self._lost(method) from None

    def _content(self, method: str, answer: urllib3.BaseHTTPResponse) -> bytes:
        until = time.monotonic() + self._patience
        content = bytearray()
        try:
            for chunk in answer.stream(CHUNK, decode_content=True):
                content += chunk
                if len(content) > LARGEST:
                    answer.close()
                    raise Invalid("platform-refused", f"an answer of {self._who} was too large")
                if time.monotonic() > until:
                    answer.close()
                    raise self._lost(method)
        except urllib3.exceptions.HTTPError:
            raise self._lost(method) from None
        return bytes(content)

    def _lost(self, method: str) -> Unavailable:
        words = f"{self._who} did not answer, or broke off: try again later"
        return Unavailable(words) if method == "GET" else Unsure(words)

    def _refuse(self, method: str, status: int, headers: Headers, content: bytes) -> None:
        said = f"{self._who} answered {status}"
        if status in (408, 425, 429):
            raise Unavailable(f"{said}: try again later", wait_in(headers))
        if status >= 500:
            fault = Unavailable if method == "GET" else Unsure
            raise fault(f"{said}: try again later", wait_in(headers))
        if status in (401, 403):
            raise Closed(status, f"{said}: check its key, and what the key may do", content)
        if status in (404, 410):
            raise NotFound(f"{said}: there is no such thing")
        if status in (409, 412):
            raise Conflict(f"{said}: it changed meanwhile")
        raise Refused(status, said, content)

    def _read(self, content: bytes) -> Any:
        try:
            return msgspec.json.decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Invalid("platform-refused", f"an answer of {self._who} was no JSON") from None


class Refused(Invalid):
    """A status that says the request itself is at fault. content: the platform's own words, for the adapter
    that knows them; they may name people and go nowhere else."""

    def __init__(self, status: int, said: str, content: bytes) -> None:
        super().__init__("platform-refused", said)
        self.status = status
        self.content = content


class Closed(Disconnected):
    """401 or 403. content: as in Refused, for platforms whose own words tell more than the status."""

    def __init__(self, status: int, said: str, content: bytes) -> None:
        super().__init__(CLOSED, said)
        self.status = status
        self.content = content


def wait_in(headers: Headers) -> float | None:
    """Seconds the other side wants us to wait (RFC 9110 10.2.3, as a number), None where it does not say."""
    wait = headers.get("retry-after", "")
    return min(float(wait), LONGEST_WAIT) if wait.isascii() and wait.isdigit() else None
