"""SimplyBook.me's admin API, REST version 2: paths, the token, pages.

Paths and headers: github.com/vetalsimplybook/n8n-nodes-simplybook, and the swagger of simplybook.me as
others wrote it down. A token is had for a password and lives for about an hour. A list knows no "changed
since", and whether it holds cancelled bookings unasked nobody wrote down: they are asked for besides.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import Lock
from typing import Any, NamedTuple, Self

import msgspec

from integrations.api_client import ANSWER, CLOSED, Answer, ApiClient, Closed, Query, Refused
from scheduler_app.errors import Disconnected, Invalid, NotFound, Unavailable, Unsure

ENDPOINT = "https://user-api-v2.simplybook.me"
WHO = "SimplyBook.me"
ON_PAGE = 20  # bookings at once: each may need its details asked for, and a killed reading goes on from here
MOST_PAGES = 5000  # of one list: a server that does not know pages must not be asked for ever
BACK, AHEAD = timedelta(days=400), timedelta(days=552)  # a little over 13 and 18 months
DAY = timedelta(days=1)
HIPAA, EXPIRED = -33005, 419

_ID = re.compile(r"[0-9]{1,18}")
_PART = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})/([0-9]{4}-[0-9]{2}-[0-9]{2})/(all|canceled)/([0-9]{1,4})")

Row = dict[str, Any]


class Part(NamedTuple):
    """One page of a list of bookings: its days, whether only cancelled ones, and its number from 1."""

    first: date
    last: date
    kind: str
    page: int

    @classmethod
    def read(cls, token: str | None) -> Self | None:
        """The part that a token names; None for what is none."""
        match = _PART.fullmatch(token or "")
        try:
            days = [date.fromisoformat(match[number]) for number in (1, 2)] if match else []
        except ValueError:
            return None
        return cls(days[0], days[1], match[3], int(match[4])) if match and int(match[4]) else None

    @property
    def token(self) -> str:
        """The part as a text, for Part.read."""
        return f"{self.first.isoformat()}/{self.last.isoformat()}/{self.kind}/{self.page}"

    def following(self, more: bool) -> "Part | None":
        """The next one: of the same list where there is more of it, then cancelled ones from the start."""
        if more and self.page < MOST_PAGES:
            return self._replace(page=self.page + 1)
        return Part(self.first, self.last, "canceled", 1) if self.kind == "all" else None


def first_part(since: datetime | None, now: datetime) -> Part:
    """Where a reading begins. A day more at each end: the days are those of the company's own zone."""
    earliest = now - BACK
    start = earliest if since is None else max(earliest, min(since, now))
    return Part(start.date() - DAY, (now + AHEAD).date() + DAY, "all", 1)


class SimplybookClient:
    """One company. Raises as ApiClient.ask does, and Invalid for answers of another shape than documented.

    Safe for several threads: whoever finds the token spent renews it, the others take the new one.
    """

    def __init__(
        self, company: str, login: str, password: str, endpoint: str = "", *, answer_within: float = ANSWER
    ) -> None:
        base = (endpoint or ENDPOINT).rstrip("/")
        self._credentials = {"company": company, "login": login, "password": password}
        self._api = ApiClient(base, dict, WHO, answer_within=answer_within)
        self._lock = Lock()
        self._token = ""

    def sign_in(self) -> None:
        """Have a new token, whatever we hold. Raises Disconnected where the credentials open nothing."""
        with self._lock:
            self._token = self._asked_token()

    def booking(self, booking_id: str) -> tuple[Row, datetime]:
        """GET /admin/bookings/{id}: all of it, and the moment it was told. NotFound for what is no id too."""
        answer = self._ask("GET", f"/admin/bookings/{_checked(booking_id)}")
        row = _object(answer)
        if str(row.get("id")) != booking_id:
            raise Invalid("platform-refused", f"{WHO} answered with another booking", "id")
        return row, _given_at(answer)

    def bookings(self, part: Part) -> tuple[list[Any], bool, datetime]:
        """GET /admin/bookings: one page, whether there is more, and the moment it was told."""
        query: Query = {
            "page": part.page,
            "on_page": ON_PAGE,
            "filter[upcoming_only]": 0,
            "filter[date_from]": part.first.isoformat(),
            "filter[date_to]": part.last.isoformat(),
            "filter[status]": "canceled" if part.kind == "canceled" else None,
        }
        answer = self._ask("GET", "/admin/bookings", query)
        rows, more = _page(answer, part.page)
        return rows, more, _given_at(answer)

    def approve(self, booking_id: str) -> None:
        """PUT /admin/bookings/{id}/approve."""
        self._ask("PUT", f"/admin/bookings/{_checked(booking_id)}/approve")

    def cancel(self, booking_id: str) -> None:
        """DELETE /admin/bookings/{id}: cancels it, and deletes nothing."""
        self._ask("DELETE", f"/admin/bookings/{_checked(booking_id)}")

    def comment(self, booking_id: str, words: str) -> None:
        """PUT /admin/bookings/{id}/comment: in place of the comment that stands there."""
        self._ask("PUT", f"/admin/bookings/{_checked(booking_id)}/comment", body={"comment": words})

    def services(self) -> dict[str, str]:
        """GET /admin/services, all pages: names by id, as far as they can be read."""
        found: dict[str, str] = {}
        for page in range(1, 51):
            rows, more = _page(self._ask("GET", "/admin/services", {"page": page, "on_page": 100}), page)
            each = [(row.get("id"), row.get("name")) for row in rows if isinstance(row, dict)]
            fresh = {str(id): name for id, name in each if id and isinstance(name, str) and name.strip()}
            if not more or fresh.keys() <= found.keys():  # a list that comes whole comes again for every page
                return found | fresh
            found |= fresh
        return found

    def webhooks(self) -> list[Any]:
        """GET /admin/webhooks: those made through the API; the callback typed in by hand is not there."""
        return _page(self._ask("GET", "/admin/webhooks"), 1)[0]

    def _ask(self, method: str, path: str, query: Query | None = None, body: object = None) -> Answer:
        def asked(token: str) -> Answer:
            headers = {"X-Company-Login": self._credentials["company"], "X-Token": token}
            return _told(lambda: self._api.ask(method, path, query, body, headers))

        token = self._current("")
        try:
            return asked(token)
        except Disconnected as fault:
            if fault.code != CLOSED:
                raise
        # nothing was done: the token was turned away. Once more with a new one, and then no more
        return asked(self._current(token))

    def _current(self, spent: str) -> str:
        with self._lock:
            if self._token == spent:
                self._token = ""  # a sign-in that fails leaves nothing spent behind
                self._token = self._asked_token()
            return self._token

    def _asked_token(self) -> str:
        try:
            answer = _told(lambda: self._api.ask("POST", "/admin/auth", body=self._credentials))
        except Unsure as fault:  # nothing but a token was asked for
            raise Unavailable(str(fault), fault.retry_in) from None
        except (Refused, NotFound):
            raise Disconnected(
                CLOSED, f"{WHO} refused to sign in: check company, user and password"
            ) from None
        found = _object(answer)
        if found.get("require2fa") is True:
            words = f"{WHO} asks this user for a second factor, which no program has: make a user without one"
            raise Disconnected(CLOSED, words)
        token = found.get("token")
        if not isinstance(token, str) or not re.fullmatch(r"[\x21-\x7e]{1,1000}", token):
            raise Disconnected(CLOSED, f"{WHO} gave no token: check company, user and password")
        return token


def _told(ask: Callable[[], Answer]) -> Answer:
    try:
        answer = ask()
    except (Refused, Closed) as fault:
        try:
            said = msgspec.json.decode(fault.content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            said = None
        _refuse_known(said)
        if fault.status == EXPIRED:
            raise Disconnected(CLOSED, f"{WHO} says the token has expired") from None
        raise
    _refuse_known(answer.body)
    return answer


def _refuse_known(said: Any) -> None:
    inner = said.get("error") if isinstance(said, dict) else None
    for each in (said, inner):
        code = each.get("code") if isinstance(each, dict) else None
        if str(code) == str(HIPAA):
            words = f"the HIPAA feature of {WHO} is on and closes its API: switch it off there, or do without"
            raise Disconnected("program-switched-off", words)


def _page(answer: Answer, page: int) -> tuple[list[Any], bool]:
    """Rows, and whether there are more: by metadata where there is any, else until a page is empty."""
    body = answer.body
    rows = body.get("data") if isinstance(body, dict) else body
    if not isinstance(rows, list):
        raise Invalid("platform-refused", f"an answer of {WHO} was no list")
    metadata = body.get("metadata") if isinstance(body, dict) else None
    pages = metadata.get("pages_count") if isinstance(metadata, dict) else None
    if isinstance(pages, int) and not isinstance(pages, bool):
        return rows, page < pages
    return rows, bool(rows)


def carried_in(text: str, account: str) -> str | None:
    """The booking that a link on the company's own pages names; two different ones name none."""
    links = (
        rf"https://{re.escape(account)}(?:\.secure)?\.simplybook\.[a-z]+/\S*?\bbookings?/(?:details/|view/)?"
    )
    found = set(re.findall(links + r"([0-9]{1,18})(?![\w-])", text, re.IGNORECASE))
    return found.pop() if len(found) == 1 else None


def _checked(booking_id: str) -> str:
    if not _ID.fullmatch(booking_id):
        raise NotFound(f"{WHO}'s ids are numbers: there is no such booking")
    return booking_id


def _object(answer: Answer) -> Row:
    if not isinstance(answer.body, dict):
        raise Invalid("platform-refused", f"an answer of {WHO} was no JSON object")
    return answer.body


def _given_at(answer: Answer) -> datetime:
    try:
        moment = parsedate_to_datetime(answer.headers.get("date", ""))
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        raise Invalid("platform-refused", f"an answer of {WHO} has no readable Date header", "date") from None
