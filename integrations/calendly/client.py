"""Calendly's API v2 over HTTP (developer.calendly.com/api-docs/calendly-api): paths, pages, memory.

An organization's events are listed without their invitees, which are asked for event by event: 1 + N
requests. Nothing tells to which event an invitee belongs but the invitee's own address, so that is
remembered. Paid plans let in 500 requests a minute, others 50 (overview/rate-limits).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from threading import Lock
from typing import Any

from integrations.api_client import Answer, ApiClient, Query
from integrations.calendly.translate import EVENTS, Seat, id_of, seat_of
from integrations.documents import Fields
from integrations.services import matched
from scheduler_app.domain.platforms import Service, Step
from scheduler_app.errors import Disconnected, Invalid, SchedulerError, Unavailable

ENDPOINT = "https://api.calendly.com"
WHO = "Calendly"
MOST = 100  # of anything in one answer
MOST_PAGES = 50
LONGEST_REASON = 10_000

Row = dict[str, Any]
Page = tuple[list[Row], str | None]  # what was listed, and what asks for the next


class KnownSeats:
    """Which event an invitee belongs to, as far as this process was told. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._events: dict[str, str] = {}
        self._read: set[str] = set()

    def learn(self, seats: Sequence[Seat], read: str | None = None) -> None:
        """These seats; read: an event that has no other invitees."""
        with self._lock:
            self._events |= {seat.invitee: seat.event for seat in seats}
            self._read |= {read} if read else set()

    def seat_of(self, invitee: str) -> Seat | None:
        """Where the invitee sits; None where nobody told."""
        with self._lock:
            event = self._events.get(invitee)
        return Seat(event, invitee) if event else None

    def has_read(self, event: str) -> bool:
        """Whether all invitees of the event are known."""
        with self._lock:
            return event in self._read


class CalendlyClient:
    """One account. Raises as ApiClient.ask does, and Invalid for answers of another shape than documented."""

    def __init__(self, endpoint: str, key: str) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        self._api = ApiClient(endpoint or ENDPOINT, lambda: headers, WHO)
        self._lock = Lock()
        self._organization = ""
        self.seats = KnownSeats()

    def me(self) -> Row:
        """GET /users/me: whose key it is."""
        return _resource(self._api.get("/users/me"))

    def organization(self) -> str:
        """The address of the organization whose bookings are read; asked for once."""
        with self._lock:
            if not self._organization:
                self._organization = Fields(self.me(), "").required("current_organization", 500)
            return self._organization

    def invitee(self, seat: Seat) -> Row:
        """GET /scheduled_events/{event}/invitees/{invitee}."""
        row = _resource(self._of_one(f"/scheduled_events/{seat.event}/invitees/{seat.invitee}"))
        if seat_of(Fields(row, "invitee").required("uri", 500), "invitee.uri") != seat:
            raise _another()
        return row

    def event(self, id: str) -> Row:
        """GET /scheduled_events/{uuid}."""
        row = _resource(self._of_one(f"/scheduled_events/{id}"))
        if id_of(row.get("uri")) != id:
            raise _another()
        return row

    def events(self, query: Query, page: str | None = None) -> Page:
        """GET /scheduled_events of the whole organization, called off ones too."""
        asked = {"organization": self.organization(), **query, "page_token": page}
        rows, following = _page(self._api.get("/scheduled_events", asked))
        return rows, following if following != page else None

    def invitees(self, event: Row) -> list[Row]:
        """GET /scheduled_events/{uuid}/invitees: all of one event, who are remembered."""
        id = id_of(event.get("uri"))
        if not id:
            raise Invalid("id-unreadable", "event.uri is no address of an event", "event.uri")
        rows = self._all(f"/scheduled_events/{id}/invitees", {}, self._of_one)
        seats = []
        for row in rows:
            with suppress(Invalid):
                seats.append(seat_of(Fields(row, "").required("uri", 500), "invitee.uri"))
        self.seats.learn(seats, id if seats and not is_shared(event) else None)
        return rows

    def cancel(self, event: str, reason: str) -> None:
        """POST /scheduled_events/{uuid}/cancellation: the event, for everybody. Calendly writes to them."""
        body = {"reason": reason[:LONGEST_REASON]} if reason else {}
        self._api.ask("POST", f"/scheduled_events/{event}/cancellation", body=body)

    def event_types(self) -> list[Service]:
        """GET /event_types: what can be booked in the organization."""
        found = {}
        for row in self._all("/event_types", {"organization": self.organization()}):
            with suppress(Invalid):  # one entry nobody can read does not hide the others
                id, name = id_of(row.get("uri")), Fields(row, "").text("name", 1000)
                if id and name and row.get("active") is not False:
                    found[id] = Service(id, name)
        return list(found.values())

    def subscriptions(self) -> list[Row]:
        """GET /webhook_subscriptions of the organization, not those of single people."""
        query = {"organization": self.organization(), "scope": "organization"}
        return self._all("/webhook_subscriptions", query)

    def _of_one(self, path: str, query: Query | None = None) -> Answer:
        try:
            return self._api.get(path, query)
        except Disconnected:
            self.me()  # a key that opens nothing is told apart from one that may not see this booking
            fault = f"{WHO} does not show one of the bookings to this key: use an owner's or admin's"
            raise Invalid("platform-refused", fault) from None

    def _all(self, path: str, query: Query, ask: Callable[..., Answer] | None = None) -> list[Row]:
        found: list[Row] = []
        page: str | None = None
        for _ in range(MOST_PAGES):
            asked = {**query, "count": MOST, "page_token": page}
            rows, following = _page((ask or self._api.get)(path, asked))
            found += rows
            if following is None or following == page:
                return found
            page = following
        raise Invalid("platform-refused", f"a list of {WHO} did not end")


def is_shared(event: Row) -> bool:
    """Whether several clients may book one time, or the event does not say: who comes may still change."""
    counter = event.get("invitees_counter")
    return not isinstance(counter, dict) or counter.get("limit") != 1


def _another() -> Invalid:
    return Invalid("platform-refused", f"{WHO} answered with another booking", "uri")


def _resource(answer: Answer) -> Row:
    found = answer.body.get("resource") if isinstance(answer.body, dict) else None
    if not isinstance(found, dict):
        raise Invalid("platform-refused", f"an answer of {WHO} holds no resource")
    return found


def _page(answer: Answer) -> Page:
    body = answer.body if isinstance(answer.body, dict) else {}
    rows, pages = body.get("collection"), body.get("pagination")
    if not isinstance(rows, list):
        raise Invalid("platform-refused", f"an answer of {WHO} holds no collection")
    following = pages.get("next_page_token") if isinstance(pages, dict) else None
    return [row for row in rows if isinstance(row, dict)], following if isinstance(following, str) else None


def trials(
    client: CalendlyClient, services: Mapping[str, tuple[str, ...]], secrets: Sequence[str], address: str
) -> Iterator[Step]:
    """Whether the account is set up for us, one step after the other. Nothing is changed."""
    yield _tried("key", lambda: _opens(client))
    yield _tried("bookings", lambda: _readable(client))
    yield _tried("services", lambda: _mapped(client.event_types(), services))
    yield _tried("webhooks", lambda: _sent(client, secrets, address))


CURES = {
    "key": "Make a token at Calendly under Integrations & apps, API and webhooks, and copy it whole",
    "bookings": "The token must be that of an owner or admin, with the scopes users:read and "
    "scheduled_events:read",
    "services": "The token must be that of an owner or admin, with the scope event_types:read",
    "webhooks": "The token must be that of an owner or admin, with the scope webhooks:read; webhooks need a "
    "paid plan",
}


def _tried(name: str, ask: Callable[[], tuple[bool | None, str]]) -> Step:
    try:
        return Step(name, *ask())
    except SchedulerError as fault:
        return Step(name, False, str(fault) if isinstance(fault, Unavailable) else f"{fault}. {CURES[name]}")


def _opens(client: CalendlyClient) -> tuple[bool | None, str]:
    name = client.me().get("name")
    return True, f"the key opens the account of {name[:80] if isinstance(name, str) else 'its owner'}"


def _readable(client: CalendlyClient) -> tuple[bool | None, str]:
    client.events({"count": 1})
    return True, f"bookings of the whole organization can be read: {client.organization()}"


def _mapped(found: Sequence[Service], services: Mapping[str, tuple[str, ...]]) -> tuple[bool | None, str]:
    if not found:
        return False, "there is no event type: make one in Calendly first"
    lacking = sum(matched(one.id, one.name, services) is None for one in found)
    if lacking:
        words = f"{lacking} of {len(found)} event types have no treatments in clinic.toml: "
        return False, words + "`scheduler platforms services` lists them"
    return True, f"all {len(found)} event types have treatments in clinic.toml"


def _sent(client: CalendlyClient, secrets: Sequence[str], address: str) -> tuple[bool | None, str]:
    if not address:
        return None, "no public https address is set: webhooks cannot reach us, only the poll finds changes"
    if not secrets:
        return False, "no signing key is set here: every webhook is refused, and only the poll finds changes"
    how = "docs/platforms/calendly.md shows the line that makes it"
    ours = [hook for hook in client.subscriptions() if hook.get("callback_url") == address]
    if not ours:
        return False, f"the organization sends no webhook to {address}: {how}"
    hook = next((one for one in ours if one.get("state") == "active"), None)
    if hook is None:
        id = id_of(ours[0].get("uri"))
        return (
            False,
            f"Calendly switched the webhook {id} off after failures: delete it and make it anew; {how}",
        )
    told = hook.get("events")
    missing = [event for event in EVENTS if not isinstance(told, list) or event not in told]
    if missing:
        id = id_of(hook.get("uri"))
        return False, f"webhook {id} does not tell of {', '.join(missing)}: delete it and make it anew; {how}"
    return True, "Calendly sends bookings, cancellations and missed visits to us"
