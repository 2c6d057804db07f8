"""Acuity's API, version 1 (developers.acuityscheduling.com/reference): paths, credentials, windows of days.

A list knows neither pages nor "changed since": only `minDate`, `maxDate` and `max`, 100 unless asked
otherwise (get-appointments). So everything is read in windows of days, small enough to come whole. At
most 10 requests a second and 20 connections an address are let in (api-errors); more is answered 429.
"""

import base64
import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import Lock
from typing import Any, NamedTuple, Self

from integrations.api_client import ANSWER, Answer, ApiClient
from integrations.documents import Fields
from scheduler_app.errors import Invalid, NotFound

ENDPOINT = "https://acuityscheduling.com/api/v1"
WHO = "Acuity"
MOST = 100  # appointments asked for at once: what Acuity gives by itself, so that no hidden limit bites
ONE_DAY_MOST = 2000  # for a day that holds more than that
FIRST_DAYS, LONGEST_DAYS = 8, 64
BACK, AHEAD = timedelta(days=400), timedelta(days=552)  # a little over 13 and 18 months
DAY = timedelta(days=1)

_ID = re.compile(r"[0-9]{1,18}")
_WINDOW = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})/([0-9]{1,2})")

Row = dict[str, Any]


class Window(NamedTuple):
    """Days that are read at once: the first, and how many."""

    first: date
    days: int

    @classmethod
    def read(cls, token: str | None) -> Self | None:
        """The window that a token names; None for what is none."""
        match = _WINDOW.fullmatch(token or "")
        try:
            window = cls(date.fromisoformat(match[1]), int(match[2])) if match else None
        except ValueError:
            return None
        return window if window is not None and 1 <= window.days <= LONGEST_DAYS else None

    @property
    def token(self) -> str:
        """The window as a text, for Window.read."""
        return f"{self.first.isoformat()}/{self.days}"

    @property
    def end(self) -> date:
        """The day after its last one."""
        return self.first + self.days * DAY

    def halved(self) -> "Window":
        """From the same day, for half as many."""
        return Window(self.first, max(1, self.days // 2))

    def following(self, read: int) -> "Window":
        """The one after it, longer where little was read."""
        return Window(self.end, min(LONGEST_DAYS, self.days * 2) if read < MOST // 4 else self.days)


def span(since: datetime | None, now: datetime) -> tuple[date, date]:
    """The first and the last day to read. One more at the start: Acuity's days are those of its own zone.

    What was ahead when it was read last may have changed before it came, so a later reading starts there.
    """
    earliest = now - BACK
    start = earliest if since is None else max(earliest, min(since, now))
    return start.date() - DAY, (now + AHEAD).date()


class NameList:
    """Names by id, asked for once and again when an id is not among them. Safe for several threads."""

    def __init__(self, read: Callable[[], Mapping[str, str]]) -> None:
        self._read = read
        self._lock = Lock()
        self._names: Mapping[str, str] = {}
        self._asked: set[str] = set()

    def of(self, ids: Collection[str]) -> Mapping[str, str]:
        """Names of at least these, as far as there are any. Raises as the reading does."""
        if not ids:
            return {}
        with self._lock:
            if not self._asked.issuperset(ids):
                self._names = self._read()
                self._asked |= set(ids) | self._names.keys()
            return self._names

    def forget(self) -> None:
        """Ask anew next time: somebody may have given other names."""
        with self._lock:
            self._asked = set()


class AcuityClient:
    """One account. Raises as ApiClient.ask does, and Invalid for answers of another shape than documented.

    Every answer about appointments comes with the moment it was given, by the Date header (RFC 9110
    6.6.1): an appointment itself does not say when it changed.
    """

    def __init__(self, account: str, key: str, endpoint: str = "", *, answer_within: float = ANSWER) -> None:
        pair = base64.b64encode(f"{account}:{key}".encode()).decode()
        headers = {"Authorization": f"Basic {pair}"}
        self._api = ApiClient(endpoint or ENDPOINT, lambda: headers, WHO, answer_within=answer_within)

    def appointment(self, booking_id: str) -> tuple[Row, datetime]:
        """GET /appointments/:id. Raises NotFound for what cannot be an id too."""
        answer = self._api.get(f"/appointments/{_checked(booking_id)}")
        row = _object(answer)
        if str(row.get("id")) != booking_id:
            raise Invalid("platform-refused", f"{WHO} answered with another appointment", "id")
        return row, _given_at(answer)

    def appointments(self, window: Window, most: int, *, forms: bool) -> tuple[list[Any], datetime]:
        """GET /appointments: those of a window's days, called off ones too.

        The next day is asked for as well: whether `maxDate` is the last day or the end is told both ways.
        """
        query: dict[str, str | int | None] = {
            "minDate": window.first.isoformat(),
            "maxDate": window.end.isoformat(),
            "max": most,
            "direction": "ASC",
            "showall": "true",
            # answers to questions are health data: they stay there unless the clinic mapped some
            "excludeForms": None if forms else "true",
        }
        answer = self._api.get("/appointments", query)
        return _list(answer), _given_at(answer)

    def newest(self) -> list[Any]:
        """One appointment, without answers to questions; none where there is none."""
        return _list(self._api.get("/appointments", {"max": 1, "excludeForms": "true"}))

    def cancel(self, booking_id: str, note: str) -> None:
        """PUT /appointments/:id/cancel as an admin: rules for clients play no part. It cannot be undone.

        Acuity writes to the client (`noEmail` is never set): nobody may find a closed door.
        """
        body = {"cancelNote": note} if note else {}
        self._api.ask("PUT", f"/appointments/{_checked(booking_id)}/cancel", {"admin": "true"}, body)

    def types(self) -> Mapping[str, str]:
        """GET /appointment-types: names by id, of those that can be booked."""
        return _named(_list(self._api.get("/appointment-types")))

    def addons(self) -> Mapping[str, str]:
        """GET /appointment-addons (page/appointment-addons): names by id."""
        return _named(_list(self._api.get("/appointment-addons")))

    def me(self) -> Row:
        """GET /me: the account."""
        return _object(self._api.get("/me"))

    def webhooks(self) -> list[Any]:
        """GET /webhooks: those made through the API; those entered by hand do not stand there."""
        return _list(self._api.get("/webhooks"))


def _checked(booking_id: str) -> str:
    if not _ID.fullmatch(booking_id):
        raise NotFound(f"{WHO}'s ids are numbers: there is no such appointment")
    return booking_id


def _object(answer: Answer) -> Row:
    if not isinstance(answer.body, dict):
        raise Invalid("platform-refused", f"an answer of {WHO} was no JSON object")
    return answer.body


def _list(answer: Answer) -> list[Any]:
    if not isinstance(answer.body, list):
        raise Invalid("platform-refused", f"an answer of {WHO} was no JSON list")
    return answer.body


def _given_at(answer: Answer) -> datetime:
    try:
        moment = parsedate_to_datetime(answer.headers.get("date", ""))
    except (ValueError, TypeError, IndexError, OverflowError):
        raise Invalid("platform-refused", f"an answer of {WHO} has no readable Date header", "date") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _named(rows: list[Any]) -> dict[str, str]:
    found = {}
    for row in rows:
        with suppress(Invalid):  # one entry nobody can read does not hide the others
            fields = Fields(row, "service")
            id, name = fields.name_of("id"), fields.text("name", 1000)
            if id and name and row.get("active") is not False:
                found[id] = name
    return found
