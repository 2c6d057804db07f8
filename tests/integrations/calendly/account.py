"""What an organization at Calendly holds, and what its API answers: the documented paths and no others.

developer.calendly.com/api-docs/calendly-api: users, scheduled-events, event-types, webhooks; fields of
invitees and events as in the vendor's samples, with those that newer answers have besides. What a second
cancelling is answered was measured by others (403); what nobody wrote down can be switched.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.integrations.vendor_server import Answered

API = "https://api.calendly.com"
ORGANIZATION = f"{API}/organizations/CLINICCLINIC0001"
DESK = f"{API}/users/DESKDESKDESK0001"
LISTING = {
    "organization": {"sort", "min_start_time", "max_start_time", "status", "invitee_email", "user"},
    "page": {"count", "page_token"},
}


def refusal(status: int, title: str, message: str) -> Answered:
    return status, {"title": title, "message": message}


NOT_FOUND = refusal(404, "Resource Not Found", "The server could not find the requested resource.")
INVALID = refusal(400, "Invalid Argument", "The supplied parameters are invalid.")
FORBIDDEN = refusal(403, "Permission Denied", "You do not have permission to access this resource.")
CANCELED = refusal(403, "Permission Denied", "Event is already canceled")


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def uuid(number: int) -> str:
    return f"aa3f7446-d8b6-422c-8414-{number:012d}"


class Account:
    """events and invitees by their ids; of invitees also at which event. asked: every request.

    reason_taken: one public program saw a reason refused. replies: an answer for a path, whatever is asked.
    """

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.events: dict[str, dict[str, Any]] = {}
        self.invitees: dict[str, dict[str, Any]] = {}
        self.types = {"micro": "MICROMICRO000001", "peel": "PEELPEELPEEL0001"}
        self.hooks: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.replies: dict[str, Answered] = {}
        self.may_cancel = self.may_list = self.reason_taken = self.pages_live = True

    # what people do

    def add(self, start: datetime, service: str = "micro", limit: int = 1, **invitee: Any) -> str:
        """An hour with one invitee, whose id is the answer."""
        event = uuid(1000 + len(self.events))
        self.events[event] = {
            "uri": f"{API}/scheduled_events/{event}",
            "name": service,
            "status": "active",
            "start_time": stamp(start),
            "end_time": stamp(start + timedelta(hours=1)),
            "event_type": f"{API}/event_types/{self.types[service]}",
            "location": {"type": "physical", "location": "12 High Street", "additional_info": None},
            "invitees_counter": {"total": 0, "active": 0, "limit": limit},
            "created_at": stamp(self.now),
            "updated_at": stamp(self.now),
            "event_memberships": [
                {"user": DESK, "user_email": "desk@clinic.example", "user_name": "The Clinic"}
            ],
            "event_guests": [],
            "calendar_event": None,
        }
        return self.join(event, **invitee)

    def join(self, event: str, **more: Any) -> str:
        """One more invitee of the event."""
        id = uuid(500_000 + len(self.invitees))
        self.invitees[id] = {
            "uri": f"{API}/scheduled_events/{event}/invitees/{id}",
            "event": f"{API}/scheduled_events/{event}",
            "cancel_url": f"https://calendly.com/cancellations/{id}",
            "reschedule_url": f"https://calendly.com/reschedulings/{id}",
            "created_at": stamp(self.now),
            "updated_at": stamp(self.now),
            "email": "ann.lee@example.com",
            "name": "Ann Lee",
            "first_name": None,
            "last_name": None,
            "status": "active",
            "rescheduled": False,
            "old_invitee": None,
            "new_invitee": None,
            "no_show": None,
            "questions_and_answers": [],
            "text_reminder_number": None,
            "timezone": "Europe/London",
            "invitee_scheduled_by": None,
            **more,
        }
        counter = self.events[event]["invitees_counter"]
        counter["total"] += 1
        counter["active"] += 1
        return id

    def event_of(self, invitee: str) -> str:
        return str(self.invitees[invitee]["event"]).rsplit("/", 1)[1]

    def call_off(self, invitee: str, by: str = "invitee", reason: str | None = None) -> None:
        """One invitee of many leaves; the only one takes the event along."""
        row, event = self.invitees[invitee], self.events[self.event_of(invitee)]
        told = {"canceled_by": "x", "reason": reason, "canceler_type": by, "created_at": stamp(self.now)}
        row |= {"status": "canceled", "cancellation": told, "updated_at": stamp(self.now)}
        event["invitees_counter"]["active"] -= 1
        event["updated_at"] = stamp(self.now)
        if event["invitees_counter"]["active"] <= 0:
            event |= {"status": "canceled", "cancellation": told}

    def move(self, invitee: str, start: datetime, by: str = "invitee") -> str:
        """Another invitee at another event; the old one is called off."""
        old = self.invitees[invitee]
        kept = {key: old[key] for key in ("name", "email", "questions_and_answers", "text_reminder_number")}
        service = self.events[self.event_of(invitee)]["name"]
        new = self.add(start, service, **kept, old_invitee=old["uri"])
        self.call_off(invitee, by)
        old |= {"rescheduled": True, "new_invitee": self.invitees[new]["uri"]}
        return new

    # what the API answers

    def answer(self, method: str, path: str, query: dict[str, str], raw: bytes, kind: str) -> Answered:
        self.asked.append((method, path, query))
        if path in self.replies:
            return self.replies[path]
        match method, path.strip("/").split("/"):
            case "GET", ["users", "me"]:
                own = {"uri": DESK, "name": "The Clinic", "email": "desk@clinic.example"}
                return 200, {"resource": {**own, "current_organization": ORGANIZATION}}
            case "GET", ["scheduled_events"]:
                return self._listed(query)
            case "GET", ["scheduled_events", event]:
                return (200, {"resource": self.events[event]}) if event in self.events else NOT_FOUND
            case "GET", ["scheduled_events", event, "invitees"]:
                return self._invited(event, query) if event in self.events else NOT_FOUND
            case "GET", ["scheduled_events", event, "invitees", id]:
                known = id in self.invitees and self.event_of(id) == event
                return (200, {"resource": self.invitees[id]}) if known else NOT_FOUND
            case "POST", ["scheduled_events", event, "cancellation"]:
                return self._cancel(event, raw, kind)
            case "GET", ["event_types"]:
                rows = [
                    {"uri": f"{API}/event_types/{id}", "name": name, "active": True, "kind": "solo"}
                    for name, id in self.types.items()
                ]
                return self._owned(rows, query, {"active", "user", "sort"})
            case "GET", ["webhook_subscriptions"] if query.get("scope") in ("organization", "user"):
                return self._owned(self.hooks, query, {"scope", "user", "sort"})
            case "GET", ["webhook_subscriptions"]:
                return INVALID
        return NOT_FOUND

    def _listed(self, query: dict[str, str]) -> Answered:
        low, high = query.get("min_start_time", ""), query.get("max_start_time", "9")
        rows = [row for row in self.events.values() if low <= row["start_time"] < high]
        if "status" in query:
            rows = [row for row in rows if row["status"] == query["status"]]
        backward = query.get("sort", "start_time:asc") == "start_time:desc"
        rows.sort(key=lambda row: (row["start_time"], row["uri"]), reverse=backward)
        return self._owned(rows, query, LISTING["organization"])

    def _invited(self, event: str, query: dict[str, str]) -> Answered:
        rows = [row for id, row in self.invitees.items() if self.event_of(id) == event]
        return self._paged(rows, query) if query.keys() <= LISTING["page"] | {"status"} else INVALID

    def _owned(self, rows: list[Any], query: dict[str, str], known: set[str]) -> Answered:
        if not self.may_list or query.get("organization") != ORGANIZATION:
            return FORBIDDEN
        if not query.keys() <= known | LISTING["page"] | {"organization"}:
            return INVALID
        return self._paged(rows, query)

    def _paged(self, rows: list[Any], query: dict[str, str]) -> Answered:
        count, token = int(query.get("count", "20")), query.get("page_token", "from-0")
        if (
            not 1 <= count <= 100
            or not token.startswith("from-")
            or not (self.pages_live or token == "from-0")
        ):
            return INVALID
        first = int(token.removeprefix("from-"))
        following = f"from-{first + count}" if len(rows) > first + count else None
        shown = rows[first : first + count]
        pages = {"count": len(shown), "next_page": None, "next_page_token": following}
        return 200, {"collection": shown, "pagination": pages}

    def _cancel(self, event: str, raw: bytes, kind: str) -> Answered:
        if event not in self.events:
            return NOT_FOUND
        body = json.loads(raw or b"null")
        if kind != "application/json" or not isinstance(body, dict) or not body.keys() <= {"reason"}:
            return INVALID
        reason = body.get("reason")
        if reason is not None and (len(reason) > 10_000 or not self.reason_taken):
            return INVALID
        if not self.may_cancel:
            return FORBIDDEN
        if self.events[event]["status"] == "canceled":
            return CANCELED
        for id, row in self.invitees.items():
            if self.event_of(id) == event and row["status"] == "active":
                self.call_off(id, "host", reason)
        told = {"canceled_by": "The Clinic", "reason": reason, "canceler_type": "host"}
        return 201, {"resource": {**told, "created_at": stamp(self.now)}}
