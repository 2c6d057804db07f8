"""SimplyBook.me's REST v2 over real HTTP on this machine: the paths, headers and errors we know, no others.

What nobody published can be switched: whether lists have metadata, hold cancelled bookings unasked, and how
the log tells who booked. Tokens are spent when a test says so.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

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
Answered = tuple[int, Any]


def refusal(status: int, message: str, code: int = 0) -> Answered:
    return status, {"code": code or status, "message": message, "data": []}


def local(moment: datetime) -> str:
    return moment.astimezone(LONDON).strftime("%Y-%m-%d %H:%M:%S")


class Simplybook:
    """What the company holds. asked: method and path of each request; replies: instead of answers."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.rows: dict[str, dict[str, Any]] = {}
        self.hooks: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str]] = []
        self.queries: list[dict[str, str]] = []
        self.faults: list[tuple[str, int | str, int | None]] = []
        self.replies: dict[str, Answered] = {}
        self.tokens: set[str] = set()
        self.given = 0
        self.open = True
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

    def answer(self, method: str, path: str, query: dict[str, str], body: Any, headers: Any) -> Answered:
        self.asked.append((method, path))
        self.queries.append(query)
        if path == "/admin/auth":
            return self._auth(method, body)
        if headers.get("X-Company-Login") != COMPANY or headers.get("X-Token") not in self.tokens:
            return self.spent
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

    def next_fault(self, method: str) -> tuple[str, int | str, int | None] | None:
        for fault in self.faults:
            if fault[0] in ("", method):
                self.faults.remove(fault)
                return fault
        return None


@contextmanager
def serving(simplybook: Simplybook) -> Iterator[str]:
    """The company behind an address of this machine, as ENDPOINT would be."""

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else each answer waits 40 ms for its second half

        def do_GET(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            body = json.loads(raw) if raw else None
            fault, wait = simplybook.next_fault(self.command), None
            if fault and fault[1] == "before":
                self.close_connection = True
                return
            if fault and isinstance(fault[1], int):
                (status, content), wait = refusal(fault[1], "Try again"), fault[2]
            else:
                place = urlsplit(self.path)
                query = dict(parse_qsl(place.query, keep_blank_values=True))
                status, content = simplybook.answer(self.command, place.path, query, body, self.headers)
            if fault and fault[1] == "after":
                self.close_connection = True
                return
            self._say(status, content, wait)

        do_PUT = do_POST = do_DELETE = do_GET  # noqa: N815

        def _say(self, status: int, content: Any, wait: int | None) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if wait is not None:
                self.send_header("Retry-After", str(wait))
            self.end_headers()
            self.wfile.write(body)

        def date_time_string(self, timestamp: float | None = None) -> str:
            return format_datetime(simplybook.now.astimezone(UTC), usegmt=True)

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
