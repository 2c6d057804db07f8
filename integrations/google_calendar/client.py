"""The Calendar API over HTTP: one connection and one service for each thread, each request within budget.

httplib2 is not safe for threads to share (googleapis.github.io/google-api-python-client, "Thread Safety"),
and making a service costs more than a request: so a thread makes its own once and keeps it. Every try takes
its units from the budget first; what the libraries ask again underneath (once after a connection that had
ended, twice after a 401) is counted as one. Answers come back as bytes; nothing of them is logged.
"""

import hashlib
import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httplib2
from google.auth.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from googleapiclient.model import JsonModel

from integrations.google_calendar.faults import FAULTS, ON_CALENDAR, ON_CHANNEL, ON_EVENT, fault_of
from scheduler_app.errors import Paused, SchedulerError, Unavailable
from scheduler_app.ports import RequestBudget

TIMEOUT = 20.0  # seconds a connection may stay silent
TRIES = 3
LONGEST_WAIT = 8.0  # seconds between two tries; what takes longer is tried again by whoever asked
PATIENCE = 120.0  # seconds a reading under way waits for the budget before it is given up
_READING = frozenset({"list", "instances", "get"})
_READ_AGAIN = 90.0  # seconds, where Google asks a reader to stop: only writing rests for an hour
_UNITS = {"patch": 3}  # https://developers.google.com/workspace/calendar/api/v3/reference/events/patch
_TALKATIVE = ("googleapiclient", "google_auth_httplib2", "google.auth", "google_auth_oauthlib", "oauthlib")

Body = Mapping[str, Any]


class _Bytes(JsonModel):  # type: ignore[misc]  # the library has no types
    """Leaves answers as they came: whoever asked knows their shape."""

    def deserialize(self, content: bytes) -> bytes:
        return content

    @property
    def no_content_response(self) -> bytes:
        return b""

    def response(self, resp: Any, content: bytes) -> bytes:
        if resp.status >= 300:
            raise HttpError(resp, content)
        return content


@dataclass(slots=True)
class _Door:
    """What one thread asks through."""

    http: httplib2.Http
    events: Any
    channels: Any


class GoogleClient:
    """Asks the Calendar API in the name of one account. Threads may share it.

    account: whose budget the requests are taken from. endpoint: another address of the API, for emulators.
    charged: for whom the requests are counted at Google when one sign-in acts for several people.
    sleep takes seconds, chance gives a number from 0 to 1: the waits between tries. begun: the request is
    part of a reading that would have to begin anew, so that it waits for the budget.
    Every method raises the errors of faults.py, and Unavailable when the budget has not enough left.
    """

    def __init__(
        self,
        credentials: Credentials,
        account: str,
        budget: RequestBudget,
        *,
        endpoint: str = "",
        charged: str = "",
        timeout: float = TIMEOUT,
        tries: int = TRIES,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._credentials, self._account, self._budget = credentials, account, budget
        self._endpoint, self._timeout, self._tries = endpoint, timeout, tries
        self._sleep, self._chance = sleep, chance
        self._quota_user = hashlib.sha256(charged.lower().encode()).hexdigest()[:32] if charged else ""
        self._own = threading.local()
        for name in _TALKATIVE:  # addresses, and with them names of calendars, are told at lower levels
            logging.getLogger(name).setLevel(logging.CRITICAL)

    def page(self, calendar: str, *, begun: bool = False, **query: Any) -> bytes:
        """events.list"""
        return self._ask("list", ON_CALENDAR, begun=begun, calendarId=calendar, **query)

    def instances(self, calendar: str, series: str, **query: Any) -> bytes:
        """events.instances, always part of a reading."""
        return self._ask("instances", ON_EVENT, begun=True, calendarId=calendar, eventId=series, **query)

    def event(self, calendar: str, event_id: str, *, begun: bool = False, **query: Any) -> bytes:
        """events.get: of a deleted event what is left of it."""
        return self._ask("get", ON_EVENT, begun=begun, calendarId=calendar, eventId=event_id, **query)

    def patch(self, calendar: str, event_id: str, body: Body, etag: str | None, **query: Any) -> bytes:
        """events.patch, only over the state that etag names. Raises Conflict when it is another one."""
        return self._ask(
            "patch", ON_EVENT, etag, calendarId=calendar, eventId=event_id, body=dict(body), **query
        )

    def insert(self, calendar: str, body: Body, **query: Any) -> bytes:
        """events.insert. Raises Conflict where the body's id is taken."""
        return self._ask("insert", ON_EVENT, calendarId=calendar, body=dict(body), **query)

    def delete(self, calendar: str, event_id: str, etag: str | None = None, **query: Any) -> None:
        """events.delete. Raises NotFound where it was deleted before."""
        self._ask("delete", ON_EVENT, etag, calendarId=calendar, eventId=event_id, **query)

    def watch(self, calendar: str, body: Body) -> bytes:
        """events.watch, tried once: a second try would find its channel's id taken."""
        return self._ask("watch", ON_CHANNEL, tries=1, calendarId=calendar, body=dict(body))

    def stop(self, body: Body) -> None:
        """channels.stop. Raises NotFound for a channel that is gone."""
        self._ask("stop", ON_CHANNEL, body=dict(body))

    def close(self) -> None:
        """Close this thread's connection; it makes another one when it asks again."""
        door = self._own.__dict__.pop("door", None)
        if door is not None:
            door.http.close()

    def _ask(
        self,
        method: str,
        aim: str,
        etag: str | None = None,
        tries: int | None = None,
        *,
        begun: bool = False,
        **query: Any,
    ) -> bytes:
        left = tries or self._tries
        for turn in range(left):
            self._spend(_UNITS.get(method, 1), PATIENCE if begun else 0.0)
            answer, fault, again = self._once(method, aim, etag, query)
            if fault is None:
                return answer
            if not again or turn == left - 1:
                raise fault
            self._sleep(self._chance() * min(LONGEST_WAIT, 2.0**turn))
        raise AssertionError("asked no time at all")

    def _spend(self, units: int, patience: float) -> None:
        """Take them from the budget, after so many seconds at most."""
        while True:
            try:
                return self._budget.spend(self._account, units)
            except Unavailable as fault:
                if fault.retry_in is None or fault.retry_in > patience:
                    raise
                wait = fault.retry_in
            patience -= wait
            self._sleep(wait)

    def _once(
        self, method: str, aim: str, etag: str | None, query: dict[str, Any]
    ) -> tuple[bytes, SchedulerError | None, bool]:
        """The answer, or what went wrong and whether the same may be asked again at once."""
        try:
            door = self._door()
            asked = getattr(door.channels if method == "stop" else door.events, method)(
                **query, **self._for_whom()
            )
            if etag is not None:
                asked.headers["If-Match"] = etag
            return asked.execute(), None, False
        except FAULTS as error:
            if not isinstance(error, HttpError):
                self.close()  # what was left of an answer must not be taken for the next one
            fault = fault_of(error, aim)
            if isinstance(fault, Paused) and method in _READING:
                fault = Unavailable("Google Calendar asks us to read less for a while", _READ_AGAIN)
            return b"", fault, _passing(error, fault)

    def _for_whom(self) -> dict[str, str]:
        return {"quotaUser": self._quota_user} if self._quota_user else {}

    def _door(self) -> _Door:
        door: _Door | None = self._own.__dict__.get("door")
        if door is None:
            door = self._own.door = self._made()
        return door

    def _made(self) -> _Door:
        direct = {"proxy_info": None} if self._endpoint else {}  # emulators are on this machine
        http = httplib2.Http(timeout=self._timeout, **direct)
        http.follow_redirects = False
        options = {"api_endpoint": self._endpoint} if self._endpoint else None
        service = build(
            "calendar",
            "v3",
            http=AuthorizedHttp(self._credentials, http=http),
            model=_Bytes(),
            client_options=options,
            static_discovery=True,
        )
        return _Door(http, service.events(), service.channels())


def _passing(error: Exception, fault: SchedulerError) -> bool:
    """Whether trying again at once can help: not after a long silence, and not when told to wait long."""
    if isinstance(fault, Paused) or not isinstance(fault, Unavailable) or isinstance(error, TimeoutError):
        return False
    return fault.retry_in is None or fault.retry_in <= LONGEST_WAIT
