"""Acuity over real HTTP on this machine: the documented paths, parameters, errors and limits, and no others.

developers.acuityscheduling.com: reference/get-appointments, get-appointments-id, put-appointments-id-cancel,
api-errors, page/appointment-addons, page/webhooks-webhooks-webhooks, docs/webhooks. Rows look like the
page's sample with the fields that published answers have besides. What nobody wrote down can be switched.
"""

import base64
import json
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.integrations.acuity.sample import SAMPLE
from tests.integrations.vendor_server import Answered, Asked, Vendor, http_date

ACCOUNT, KEY = "11145481", "a-key-of-the-tests"
LONDON = ZoneInfo("Europe/London")
STAFF = "desk@clinic.example"
LISTED = {"max", "minDate", "maxDate", "showall", "canceled", "excludeForms", "direction", "calendarID"}


def refusal(status: int, error: str, message: str) -> Answered:
    """An error as the page on errors shows it."""
    return status, {"status_code": status, "message": message, "error": error}


NOT_FOUND = refusal(404, "not_found", "Not Found. Did you mean `/appointments/{id:number}`?")
LIMIT = "Rate limit reached. Limit 10req/s and 20 concurrent connections."


class Acuity(Vendor):
    """What the account holds, and how the next requests are answered.

    whole_last_day: whether maxDate is the last day, as documented, or the end. again: what a second
    cancelling is answered. asked: method, path and query of every request.
    """

    root = "/api/v1"

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self.now = now
        self.rows: dict[str, dict[str, Any]] = {}
        self.types = {11: "micro", 12: "peel"}
        self.addons = {11: "LED light", 5: "Botox touch-up"}
        self.hooks: list[dict[str, Any]] = []
        self.notes: dict[str, str] = {}
        self.told: dict[str, bool] = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.whole_last_day = True
        self.again: Answered | None = None
        self.largest = 10_000
        self.told_date: str | None = None
        self.replies: dict[str, Answered] = {}

    def add(self, start: datetime, kind: int = 11, **more: Any) -> str:
        """An appointment of an hour, as the API would give it."""
        id = 54321 + len(self.rows)
        local = start.astimezone(LONDON)
        self.rows[str(id)] = {
            **SAMPLE,
            "id": id,
            "type": self.types[kind],
            "appointmentTypeID": kind,
            "addonIDs": [],
            "datetime": local.strftime("%Y-%m-%dT%H:%M:%S%z"),
            "datetimeCreated": self.now.astimezone(LONDON).strftime("%Y-%m-%dT%H:%M:%S%z"),
            "calendarTimezone": "Europe/London",
            "canceled": False,
            "scheduledBy": None,
            "labels": None,
            **more,
        }
        return str(id)

    def move(self, id: str, start: datetime) -> None:
        """Its id stays."""
        self.rows[id]["datetime"] = start.astimezone(LONDON).strftime("%Y-%m-%dT%H:%M:%S%z")

    def call_off(self, id: str, *, missed: bool = False) -> None:
        """Somebody calls it off."""
        self.rows[id] |= {"canceled": True, "noShow": missed}

    def refused(self, asked: Asked) -> Answered | None:
        pair = base64.b64encode(f"{ACCOUNT}:{KEY}".encode()).decode()
        if self.open and asked.headers.get("authorization") == f"Basic {pair}":
            return None
        return refusal(401, "unauthorized", "Unauthorized")

    def answered(self, asked: Asked) -> Answered:
        return self.answer(asked.method, asked.path, asked.query, asked.body, asked.kind)

    def failing(self, status: int) -> Any:
        return refusal(status, "too_many_requests" if status == 429 else "error", LIMIT)[1]

    def date(self) -> str:
        return http_date(self.now) if self.told_date is None else self.told_date

    def answer(self, method: str, path: str, query: dict[str, str], raw: bytes, kind: str) -> Answered:
        """What the API answers to somebody who may ask."""
        self.asked.append((method, path, query))
        parts = path.removeprefix("/api/v1/").split("/")
        known = {"appointments", "appointment-types", "appointment-addons", "me", "webhooks"}
        if not path.startswith("/api/v1/") or parts[0] not in known:
            return NOT_FOUND
        if path in self.replies:
            return self.replies[path]
        if parts[0] == "appointments" and len(parts) == 3 and parts[2] == "cancel":
            if method != "PUT":
                return refusal(405, "method_not_allowed", "Method Not Allowed")
            return self._cancel(parts[1], query, raw, kind)
        if method != "GET":
            return refusal(405, "method_not_allowed", "Method Not Allowed")
        if len(parts) == 2 and parts[0] == "appointments":
            return (200, self.rows[parts[1]]) if parts[1] in self.rows else NOT_FOUND
        return self._list(parts[0], query) if len(parts) == 1 else NOT_FOUND

    def _list(self, what: str, query: dict[str, str]) -> Answered:
        if what == "appointments":
            return self._appointments(query)
        if what == "me":
            return 200, {"name": "The Clinic", "timezone": "Europe/London", "email": STAFF, "plan": "Premium"}
        if what == "webhooks":
            return 200, self.hooks
        named = self.types if what == "appointment-types" else self.addons
        return 200, [{"id": id, "name": name, "duration": 30, "active": True} for id, name in named.items()]

    def _appointments(self, query: dict[str, str]) -> Answered:
        if not query.keys() <= LISTED:
            return refusal(400, "bad_request", "Unknown parameter.")
        first = date.fromisoformat(query.get("minDate", "1900-01-01"))
        last = date.fromisoformat(query.get("maxDate", "2199-12-31"))
        if not self.whole_last_day:
            last -= timedelta(days=1)
        rows = [
            row
            for row in self.rows.values()
            if first <= date.fromisoformat(row["datetime"][:10]) <= last
            and (query.get("showall") == "true" or not row["canceled"])
        ]
        rows.sort(key=lambda row: row["datetime"], reverse=query.get("direction", "DESC") == "DESC")
        shown = rows[: min(int(query.get("max", "100")), self.largest)]
        if query.get("excludeForms") == "true":
            shown = [{key: value for key, value in row.items() if key != "forms"} for row in shown]
        return 200, shown

    def _cancel(self, id: str, query: dict[str, str], raw: bytes, kind: str) -> Answered:
        if id not in self.rows:
            return NOT_FOUND
        try:
            body = json.loads(raw)
        except ValueError:
            body = None
        if not isinstance(body, dict) or kind != "application/json":
            return refusal(400, "bad_request", "Expected a JSON object.")
        if query.get("admin") != "true":
            return refusal(400, "cancel_not_allowed", "Clients are not allowed to cancel.")
        if self.rows[id]["canceled"] and self.again:
            return self.again
        self.call_off(id)
        self.notes[id] = body.get("cancelNote", "")
        self.told[id] = query.get("noEmail") != "true"
        return 200, self.rows[id]
