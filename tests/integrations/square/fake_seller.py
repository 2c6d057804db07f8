"""A seller at Square: bookings, clients, services, settings, and what the API answers about them.

The documented paths, fields, errors and limits, and no others (developer.squareup.com/reference/square;
docs/build-basics/handling-errors). What nobody wrote down can be switched. Bookings look like the example
of the webhook, with the fields that reading gives besides.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

from tests.integrations.vendor_server import Answered, Asked, Vendor

LOCATION, MERCHANT = "L9R0X9X5SGDBJ", "GQQWA3J6A3AEZ"
LISTED = {"limit", "cursor", "customer_id", "team_member_id", "location_id", "start_at_min", "start_at_max"}
VERSION = "2025-07-16"
TOKEN = "EAAA-a-token-of-the-tests"
ALL_SCOPES = (
    "APPOINTMENTS_READ APPOINTMENTS_ALL_READ APPOINTMENTS_WRITE APPOINTMENTS_ALL_WRITE ITEMS_READ "
    "APPOINTMENTS_BUSINESS_SETTINGS_READ CUSTOMERS_READ MERCHANT_PROFILE_READ PAYMENTS_READ"
).split()


def refusal(status: int, code: str, category: str = "INVALID_REQUEST_ERROR", detail: str = "No.") -> Answered:
    """An error as the page on errors shows it."""
    return status, {"errors": [{"category": category, "code": code, "detail": detail}]}


NOT_FOUND = refusal(404, "NOT_FOUND")
NO_TRANSITION = refusal(400, "BAD_REQUEST", detail='Ann Lee: cannot transition via "seller cancel"')
FORBIDDEN = refusal(403, "FORBIDDEN", "AUTHENTICATION_ERROR")


class Square(Vendor):
    """What the seller has, and how the next requests are answered.

    stale: what an old version is answered; again: what a second cancelling is. asked: method, path, query
    and body of every request.
    """

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self.now = now
        self.bookings: dict[str, dict[str, Any]] = {}
        self.customers: dict[str, dict[str, Any]] = {}
        self.items = [item("micro", "SVMICRO"), item("peel", "SVPEEL")]
        self.locations = [{"id": LOCATION, "status": "ACTIVE", "timezone": "Europe/London"}]
        self.profile: Any = {"booking_policy": "ACCEPT_ALL", "support_seller_level_writes": True}
        self.token: dict[str, Any] = {"scopes": list(ALL_SCOPES), "client_id": "c", "merchant_id": MERCHANT}
        self.hooks: list[dict[str, Any]] = []
        self.own_token = True
        self.plus = True
        self.stale = refusal(409, "CONFLICT")
        self.again = NO_TRANSITION
        self.most = 10_000
        self.dead_cursors = False
        self.before_cancel: Callable[[], None] = lambda: None
        self.replies: dict[str, Answered] = {}
        self.asked: list[tuple[str, str, dict[str, str], Any]] = []
        self._kept: dict[str, tuple[Any, Answered]] = {}

    def add(self, start: datetime, service: str | None = "SVMICRO", **more: Any) -> str:
        """A booking of an hour, as the API would give it."""
        id = f"i2id2g3eny{len(self.bookings):04}"
        segment = {"duration_minutes": 60, "service_variation_id": service, "team_member_id": "_4G"}
        told = _stamp(self.now)
        self.bookings[id] = {
            "id": id,
            "version": 0,
            "status": "ACCEPTED",
            "created_at": told,
            "updated_at": told,
            "location_id": LOCATION,
            "customer_id": None,
            "customer_note": "",
            "start_at": _stamp(start),
            "all_day": False,
            "appointment_segments": [segment | {"any_team_member": False, "intermission_minutes": 0}],
            "transition_time_minutes": 5,
            "creator_details": {"creator_type": "CUSTOMER"},
            "source": "FIRST_PARTY_BUYER",
            "location_type": "BUSINESS_LOCATION",
            **more,
        }
        return id

    def customer(self, **card: Any) -> str:
        """Somebody in the customer directory."""
        id = f"SSKBT02ECWZX{len(self.customers):04}"
        self.customers[id] = {"id": id, "creation_source": "APPOINTMENTS", "version": 0, **card}
        return id

    def change(self, id: str, **what: Any) -> None:
        """Something happens to a booking: its version counts it."""
        held = self.bookings[id]
        self.bookings[id] = held | {"version": held["version"] + 1, "updated_at": _stamp(self.now)} | what

    def refused(self, asked: Asked) -> Answered | None:
        if not self.open or asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return refusal(401, "UNAUTHORIZED", "AUTHENTICATION_ERROR")
        if asked.headers.get("square-version") != VERSION:
            return refusal(400, "INVALID_SQUARE_VERSION_FORMAT")
        if asked.body and asked.kind != "application/json":
            return refusal(415, "UNSUPPORTED_MEDIA_TYPE")
        return None

    def answered(self, asked: Asked) -> Answered:
        try:
            body = json.loads(asked.body) if asked.body else None
        except ValueError:
            return refusal(400, "EXPECTED_JSON_BODY")
        return self._answer(asked.method, asked.path, asked.query, body)

    def failing(self, status: int) -> Any:
        return refusal(status, "INTERNAL_SERVER_ERROR", "API_ERROR")[1]

    def _answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Answered:
        self.asked.append((method, path, query, body))
        if path in self.replies:
            return self.replies[path]
        parts = [unquote(part) for part in path.strip("/").split("/")]
        match method, *parts:
            case "POST", "oauth2", "token", "status":
                return 200, self.token
            case "GET", "v2", "bookings":
                return self._list(query)
            case "GET", "v2", "bookings", "business-booking-profile":
                return 200, {"business_booking_profile": self.profile}
            case "GET", "v2", "bookings", id:
                return (200, {"booking": self.bookings[id]}) if id in self.bookings else NOT_FOUND
            case "POST", "v2", "bookings", id, "cancel":
                return self._cancel(id, body)
            case "GET", "v2", "customers", id:
                return (200, {"customer": self.customers[id]}) if id in self.customers else NOT_FOUND
            case "POST", "v2", "customers", "bulk-retrieve":
                return self._cards(body)
            case "POST", "v2", "catalog", "search-catalog-items":
                return self._items(body)
            case "GET", "v2", "locations":
                return 200, {"locations": self.locations}
            case "GET", "v2", "webhooks", "subscriptions":
                seen = (200, {"subscriptions": self.hooks} if self.hooks else {})
                return seen if self.own_token else FORBIDDEN
        return NOT_FOUND

    def _list(self, query: dict[str, str]) -> Answered:
        if not query.keys() <= LISTED:
            return refusal(400, "UNKNOWN_QUERY_PARAMETER")
        first = _moment(query.get("start_at_min", _stamp(self.now)))
        last = _moment(query["start_at_max"]) if "start_at_max" in query else first + timedelta(days=31)
        limit = int(query.get("limit", "100"))
        if not first <= last <= first + timedelta(days=31):
            return refusal(400, "INVALID_TIME_RANGE")
        if not 1 <= limit <= 10_000:
            return refusal(400, "VALUE_TOO_HIGH")
        named = json.dumps([query.get(name) for name in sorted(LISTED - {"cursor"})])
        of, _, at = query.get("cursor", f"{named}@0").rpartition("@")
        if of != named or (self.dead_cursors and "cursor" in query):
            return refusal(400, "INVALID_CURSOR")
        rows = [
            row
            for row in self.bookings.values()
            if first <= _moment(row["start_at"]) <= last
            and query.get("location_id", row["location_id"]) == row["location_id"]
        ]
        shown = rows[int(at) : int(at) + min(limit, self.most)]
        after = int(at) + len(shown)
        found: dict[str, Any] = {"bookings": shown} if shown else {}
        return 200, found | ({"cursor": f"{named}@{after}"} if after < len(rows) else {})

    def _cards(self, body: Any) -> Answered:
        ids = body.get("customer_ids") if isinstance(body, dict) and len(body) == 1 else None
        if not isinstance(ids, list) or not 1 <= len(ids) <= 100 or len(set(ids)) != len(ids):
            return refusal(400, "INVALID_VALUE")
        return 200, {
            "responses": {
                id: {"customer": self.customers[id]} if id in self.customers else NOT_FOUND[1] for id in ids
            }
        }

    def _items(self, body: Any) -> Answered:
        if not isinstance(body, dict) or not body.keys() <= {"product_types", "archived_state", "cursor"}:
            return refusal(400, "UNKNOWN_BODY_PARAMETER")
        if body.get("product_types") != ["APPOINTMENTS_SERVICE"]:
            return 200, {}
        state = body.get("archived_state", "ARCHIVED_STATE_NOT_ARCHIVED")
        rows = [
            one
            for one in self.items
            if state.endswith("_ALL") or not one.get("item_data", {}).get("is_archived")
        ]
        at = int(body.get("cursor", "0"))
        after = {"cursor": str(at + 1)} if at + 1 < len(rows) else {}
        return 200, {"items": rows[at : at + 1], **after}

    def _cancel(self, id: str, body: Any) -> Answered:
        if id not in self.bookings:
            return NOT_FOUND
        if not isinstance(body, dict) or not body.keys() <= {"idempotency_key", "booking_version"}:
            return refusal(400, "UNKNOWN_BODY_PARAMETER")
        key = body.get("idempotency_key")
        if key in self._kept:
            before, answer = self._kept[key]
            return answer if before == (id, body) else refusal(400, "IDEMPOTENCY_KEY_REUSED")
        self.before_cancel()
        held = self.bookings[id]
        if not self.plus:
            return FORBIDDEN
        if body.get("booking_version", held["version"]) != held["version"]:
            self._kept[str(key)] = ((id, body), self.stale)
            return self.stale
        if held["status"] != "ACCEPTED":
            return NO_TRANSITION if held["status"] == "PENDING" else self.again
        self.change(id, status="CANCELLED_BY_SELLER")
        self._kept[str(key)] = ((id, body), (200, {"booking": self.bookings[id]}))
        return self._kept[str(key)][1]


def item(name: str, id: str, variation: str = "Regular", archived: bool = False) -> dict[str, Any]:
    inner = {"type": "ITEM_VARIATION", "id": id, "item_variation_data": {"name": variation}}
    told = {"name": name, "product_type": "APPOINTMENTS_SERVICE", "is_archived": archived}
    return {"type": "ITEM", "id": f"IT{id}", "item_data": told | {"variations": [inner]}}


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
