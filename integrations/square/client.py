"""Square's API over HTTP (developer.squareup.com/reference/square): paths, headers, windows, pages.

Every request names the version it means: without one Square answers as the application's settings say.
A list of bookings knows no "changed since"; without bounds it holds the next 31 days, and whether longer
ones are answered nobody wrote down. So everything is read in windows of 30. Cursors hold for minutes only.
"""

import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Self

from integrations.api_client import ApiClient, Refused
from integrations.documents import Fields
from integrations.square.translate import EVENTS, customer_of
from scheduler_app.domain.platforms import Service
from scheduler_app.errors import Disconnected, Invalid, NotFound

ENDPOINT = "https://connect.squareup.com"
VERSION = "2025-07-16"
WHO = "Square"
DAYS = timedelta(days=30)
BACK, AHEAD = timedelta(days=400), timedelta(days=552)  # a little over 13 and 18 months
OVERLAP = timedelta(days=1)
PAGE = 100  # bookings at once: as many cards of clients can be asked for together
MOST_PAGES = 100  # of a list that is read whole
WHERE = "Developer Console, the application, Webhooks, Subscriptions"

OWN = "Take the access token of the clinic's own application, which may everything and does not end"
ONLY = "Regular"  # Square's own name for the only variation of a service
SCOPES = (  # reference/square/enums/OAuthPermission
    "APPOINTMENTS_READ APPOINTMENTS_ALL_READ APPOINTMENTS_WRITE APPOINTMENTS_ALL_WRITE "
    "APPOINTMENTS_BUSINESS_SETTINGS_READ CUSTOMERS_READ ITEMS_READ MERCHANT_PROFILE_READ"
).split()

STAMP = "%Y-%m-%dT%H:%M:%SZ"

Row = dict[str, Any]
Tried = tuple[bool | None, str]


class Window(NamedTuple):
    """Thirty days that are read at once, from `first`, and where in them a reading stands. again: its
    cursor held no more once, and it was begun anew."""

    first: datetime
    cursor: str = ""
    again: bool = False

    @classmethod
    def start(cls, since: datetime | None, now: datetime) -> Self:
        """The first one. What was ahead when it was read last may have changed before it came, so a later
        reading starts there. No visit starts at half a minute, so none lies on a bound."""
        earliest = now - BACK
        found = earliest if since is None else max(earliest, min(since, now) - OVERLAP)
        return cls(found.astimezone(UTC).replace(second=30, microsecond=0))

    @classmethod
    def read(cls, token: str | None) -> Self | None:
        """The window that a token names; None for what is none."""
        first, _, rest = (token or "").partition("|")
        again, _, cursor = rest.partition("|")
        with suppress(ValueError):
            return cls(datetime.strptime(first, STAMP).replace(tzinfo=UTC), cursor, again == "again")
        return None

    @property
    def token(self) -> str:
        """The window as a text, for Window.read."""
        return f"{stamp(self.first)}|{'again' if self.again else ''}|{self.cursor}"

    def following(self, cursor: str, now: datetime) -> Self | None:
        """Where the reading goes on; None after the last."""
        if cursor:
            return self._replace(cursor=cursor)
        following = self.first + DAYS
        return type(self)(following) if following < now + AHEAD else None


class SquareClient:
    """One seller's API. Raises as ApiClient.ask does, and Invalid for answers of another shape than
    documented. location: the one whose bookings are read, "" for all."""

    def __init__(self, endpoint: str, key: str, location: str) -> None:
        headers = {"Authorization": f"Bearer {key}", "Square-Version": VERSION}
        base = (endpoint or ENDPOINT).removesuffix("/v2")
        self._api = ApiClient(base, lambda: headers, WHO)
        self._location = location

    def booking(self, booking_id: str) -> Row:
        """GET /v2/bookings/{booking_id}."""
        row = self._object("GET", f"/v2/bookings/{booking_id}", "booking")
        if row.get("id") != booking_id:
            raise Invalid("platform-refused", f"{WHO} answered with another booking", "booking.id")
        return row

    def bookings(self, window: Window, most: int = PAGE) -> tuple[list[Any], str]:
        """GET /v2/bookings: a page of a window's bookings, called off ones too, and the next cursor."""
        query: dict[str, str | int | None] = {
            "start_at_min": stamp(window.first),
            "start_at_max": stamp(window.first + DAYS),
            "location_id": self._location or None,
            "limit": most,
            "cursor": window.cursor or None,
        }
        return _page(self._api.get("/v2/bookings", query).body, "bookings")

    def cancel(self, booking_id: str, key: str, version: int | None) -> None:
        """POST /v2/bookings/{booking_id}/cancel. Nothing can be said to the client with it."""
        body: Row = {"idempotency_key": key}
        if version is not None:
            # asked about another version it is another request, and may not come under the same key
            body = {"idempotency_key": f"{key}-{version}", "booking_version": version}
        self._api.ask("POST", f"/v2/bookings/{booking_id}/cancel", body=body)

    def customer(self, customer_id: str) -> Row | None:
        """GET /v2/customers/{customer_id}; None for one who was deleted."""
        try:
            return self._object("GET", f"/v2/customers/{customer_id}", "customer")
        except NotFound:
            return None

    def customers(self, bookings: Iterable[object]) -> Mapping[str, Row | None]:
        """POST /v2/customers/bulk-retrieve: the cards of all who booked these, at most 100, by their id.

        One that is missing from the answer is asked for by itself.
        """
        ids = sorted({id for each in bookings if isinstance(each, dict) and (id := customer_of(each))})
        if not ids:
            return {}
        told = self._object("POST", "/v2/customers/bulk-retrieve", "responses", {"customer_ids": ids})
        return {id: _card(told.get(id)) or self.customer(id) for id in ids}

    def services(self, archived: str = "NOT_ARCHIVED") -> list[Service]:
        """POST /v2/catalog/search-catalog-items: variations of what can be booked; with ALL also of what is
        out of sale, since old bookings name it."""
        asked: Row = {
            "product_types": ["APPOINTMENTS_SERVICE"],
            "archived_state": f"ARCHIVED_STATE_{archived}",
        }
        return services_in(self._searched("/v2/catalog/search-catalog-items", "items", asked))

    def profile(self) -> Row:
        """GET /v2/bookings/business-booking-profile."""
        return self._object("GET", "/v2/bookings/business-booking-profile", "business_booking_profile")

    def token(self) -> Row:
        """POST /oauth2/token/status: what the key may, and until when."""
        answer = self._api.ask("POST", "/oauth2/token/status", body={}).body
        return answer if isinstance(answer, dict) else {}

    def listed(self, path: str, what: str) -> list[Any]:
        """GET /v2/locations, or /v2/webhooks/subscriptions, which the application's own token alone opens."""
        return _page(self._api.get(path).body, what)[0]

    def _searched(self, path: str, what: str, asked: Row) -> list[Any]:
        found: list[Any] = []
        cursor = ""
        for _ in range(MOST_PAGES):
            answer = self._api.ask("POST", path, body=asked | ({"cursor": cursor} if cursor else {}))
            rows, cursor = _page(answer.body, what)
            found += rows
            if not cursor:
                return found
        raise Invalid("platform-refused", f"a list of {WHO} has no end")

    def _object(self, method: str, path: str, what: str, body: object = None) -> Row:
        answer = self._api.ask(method, path, body=body).body
        found = answer.get(what) if isinstance(answer, dict) else None
        if not isinstance(found, dict):
            raise Invalid("platform-refused", f"an answer of {WHO} holds no {what}")
        return found


def stamp(moment: datetime) -> str:
    """A moment as Square's queries have it (RFC 3339)."""
    return moment.astimezone(UTC).strftime(STAMP)


def code_of(fault: Refused) -> str:
    """Square's own word for a refusal (enums/ErrorCode), "unknown" where it gave none."""
    found = re.search(rb'"code"\s*:\s*"([A-Z_]{1,64})"', fault.content)
    return found[1].decode() if found else "unknown"


def _page(answer: Any, what: str) -> tuple[list[Any], str]:
    """A list and its cursor. Square leaves an empty list out."""
    rows = answer.get(what, []) if isinstance(answer, dict) else None
    cursor = answer.get("cursor") if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        raise Invalid("platform-refused", f"an answer of {WHO} is no list of {what}")
    return rows, cursor if isinstance(cursor, str) else ""


def _card(told: object) -> Row | None:
    found = told.get("customer") if isinstance(told, dict) else None
    return found if isinstance(found, dict) else None


def services_in(items: Sequence[object]) -> list[Service]:
    """Variations of services as the catalog lists them, each once; what cannot be read is left out."""
    found: dict[str, Service] = {}
    for item in items:
        with suppress(Invalid):
            inner = Fields(item, "item").inner("item_data")
            service = inner.text("name", 1000)
            for each in inner.each("variations", 300):
                id, words = each.text("id", 192), each.inner("item_variation_data").text("name", 1000)
                name = " - ".join(part for part in (service, words) if part and part != ONLY)
                if id and name:
                    found[id] = Service(id, name)
    return list(found.values())


def permitted(token: Row, now: datetime) -> Tried:
    """Whether the key may do all we need, and goes on doing so."""
    scopes = token.get("scopes")
    missing = [one for one in SCOPES if one not in scopes] if isinstance(scopes, list) else []
    if missing:
        return False, f"the key may not: {', '.join(missing)}. {OWN}"
    with suppress(Invalid):
        if until := Fields(token, "").instant("expires_at"):
            return False, f"the key ends within {max(0, (until - now).days) + 1} days. {OWN}"
    if not isinstance(scopes, list):
        return None, "the key opens the account; Square does not say what it may"
    return True, "the key opens the account, and may do what we need"


def subscribed(client: SquareClient, secrets: Sequence[str], address: str) -> Tried:
    """Whether bookings are told to address, under a key we know."""
    try:
        found = client.listed("/v2/webhooks/subscriptions", "subscriptions")
    except (Disconnected, NotFound):
        return None, f"only the application's own access token shows the subscriptions: look under {WHERE}"
    ours = [one for one in found if isinstance(one, dict) and one.get("notification_url") == address]
    hook = next((one for one in ours if one.get("enabled") is True), None)
    if hook is None:
        return False, f"no active subscription sends to {address}, to the letter: add one under {WHERE}"
    types, signs = hook.get("event_types"), hook.get("signature_key")
    missing = [event for event in EVENTS if not isinstance(types, list) or event not in types]
    if missing:
        return False, f"the subscription does not tell of {', '.join(missing)}: tick them under {WHERE}"
    shown = signs.encode() if isinstance(signs, str) else None
    if not any(shown is None or hmac.compare_digest(shown, one.encode()) for one in secrets):
        return False, f"our signature key is missing or another one: copy it from {WHERE}"
    return True, "the subscription is there, with the events and the key we need"
