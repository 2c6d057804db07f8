"""SimplyBook.me's REST v2 over real HTTP on this machine: the paths, headers and errors we know, no others.

What nobody published can be switched: whether lists have metadata, hold cancelled bookings unasked, and how
the log tells who booked. Tokens are spent when a test says so.
"""

import json
import threading
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.integrations.vendor_server import Answered, Asked, Vendor, http_date

COMPANY, LOGIN, PASSWORD = "myclinic", "desk", "a-password-of-the-tests"
LONDON = ZoneInfo("Europe/London")
SERVICES = {9: "micro", 12: "peel"}
LISTED = {
    "page",
    "on_page",
    "filter[upcoming_only]",
    "filter[date_from]",
    "filter[date_to]",
    "filter[status]",
}
DETAILED = ("log", "additional_fields", "products", "attributes", "comment")


def refusal(status: int, message: str, code: int = 0) -> Answered:
    return status, {"code": code or status, "message": message, "data": []}


def local(moment: datetime) -> str:
    return moment.astimezone(LONDON).strftime("%Y-%m-%d %H:%M:%S")


class Simplybook(Vendor):
    """What the company holds. asked: method and path of each request; replies: instead of answers."""

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self.now = now
        self.rows: dict[str, dict[str, Any]] = {}
        self.hooks: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str]] = []
        self.queries: list[dict[str, str]] = []
        self.replies: dict[str, Answered] = {}
        self.tokens: set[str] = set()
        self.given = 0
        self.spent: Answered = refusal(401, "Access denied")
        self.auth: dict[str, Any] = {}
        self.metadata = True
        self.unasked = True
        self.lock = threading.Lock()

    def add(self, start: datetime, service: int = 9, **more: Any) -> str:
        """A booking of an hour."""
        id = 2262 + len(self.rows)
        self.rows[str(id)] = {
            "id": id,
            "code": f"code{id}",
            "is_confirmed": True,
            "status": "confirmed",
            "start_datetime": local(start),
            "end_datetime": local(start + timedelta(hours=1)),
            "duration": 60,
            "service_id": service,
            "provider_id": 45,
            "client_id": 8123,
            "service": {"id": service, "name": SERVICES[service]},
            "client": {"id": 8123, "name": "Ann Lee", "email": "ann.lee@example.com", "phone": None},
            "log": [{"type": "create", "datetime": local(self.now), "user_id": None}],
            "additional_fields": [],
            "products": [],
            "attributes": [],
            "comment": "",
            **more,
        }
        return str(id)

    def refused(self, asked: Asked) -> Answered | None:
        self.asked.append((asked.method, asked.path))
        self.queries.append(asked.query)
        ours = asked.headers.get("x-company-login") == COMPANY
        if asked.path == "/admin/auth" or (ours and asked.headers.get("x-token") in self.tokens):
            return None
        return self.spent

    def answered(self, asked: Asked) -> Answered:
        return self._answer(asked.method, asked.path, asked.query, json.loads(asked.body or b"null"))

    def failing(self, status: int) -> Any:
        return refusal(status, "Try again")[1]

    def date(self) -> str:
        return http_date(self.now)

    def _answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Answered:
        if path == "/admin/auth":
            return self._auth(method, body)
        if path in self.replies:
            return self.replies[path]
        fixed = {"/admin/webhooks": self.hooks, "/admin/company/info": {"timezone": "Europe/London"}}
        if path in fixed and method == "GET":
            return 200, fixed[path]
        if path == "/admin/services" and method == "GET":
            return self._page([{"id": id, "name": name} for id, name in SERVICES.items()], query)
        if path == "/admin/bookings" and method == "GET":
            return self._list(query)
        parts = path.split("/")[2:]
        if parts[:1] != ["bookings"] or len(parts) not in (2, 3) or parts[1] not in self.rows:
            return refusal(404, "Not found")
        return self._one(method, parts, body)

    def _auth(self, method: str, body: Any) -> Answered:
        if method != "POST" or not isinstance(body, dict):
            return refusal(400, "Bad request")
        if not self.open or body != {"company": COMPANY, "login": LOGIN, "password": PASSWORD}:
            return refusal(403, "Access denied")
        with self.lock:
            self.given += 1
            token = f"token-{self.given}"
            self.tokens.add(token)
        return 200, {"token": token, "company": COMPANY, "login": LOGIN, "require2fa": False} | self.auth

    def _list(self, query: dict[str, str]) -> Answered:
        if not query.keys() <= LISTED:
            return refusal(400, "Unknown filter")
        wanted, rows = query.get("filter[status]"), []
        for row in self.rows.values():
            day = row["start_datetime"][:10]
            fits = row["status"] == wanted if wanted else self.unasked or row["status"] != "canceled"
            if fits and query["filter[date_from]"] <= day <= query["filter[date_to]"]:
                rows.append({key: value for key, value in row.items() if key not in DETAILED})
        return self._page(rows, query)

    def _page(self, rows: list[dict[str, Any]], query: dict[str, str]) -> Answered:
        page, size = int(query["page"]), int(query["on_page"])
        shown = rows[(page - 1) * size : page * size]
        if not self.metadata:
            return 200, shown
        pages = -(-len(rows) // size)
        counts = {"items_count": len(rows), "pages_count": pages, "page": page, "on_page": size}
        return 200, {"data": shown, "metadata": counts}

    def _one(self, method: str, parts: list[str], body: Any) -> Answered:
        row = self.rows[parts[1]]
        verb = (method, *parts[2:])
        if verb == ("DELETE",):
            if row["status"] == "canceled":
                return refusal(400, "Booking is already cancelled")
            row |= {"status": "canceled", "is_confirmed": False}
        elif verb == ("PUT", "approve"):
            if row["status"] != "pending":
                return refusal(400, "Booking can not be approved")
            row |= {"status": "confirmed", "is_confirmed": True}
        elif verb == ("PUT", "comment"):
            if not isinstance(body, dict) or not isinstance(body.get("comment"), str):
                return refusal(400, "Comment expected")
            row["comment"] = body["comment"]
        elif verb != ("GET",):
            return refusal(405, "Method not allowed")
        return 200, row
