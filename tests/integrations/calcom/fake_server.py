"""A Cal.com on this machine: API v2 over real HTTP, strict about paths, headers and bodies.

As the vendor's pages and its public source say: what each version of the endpoint answers, that confirming
and declining touch a series, that a host must give a reason, and that totals leave dates of change out.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

from tests.integrations.calcom.fake_bookings import KEY, Booking, FakeBookings
from tests.integrations.vendor_server import JSON, Answered, Asked, Vendor, serving_vendor

VERSION = {"bookings": "2024-08-13", "event-types": "2024-06-14"}
FILTERS = {"afterStart", "beforeEnd", "afterUpdatedAt", "sortCreated", "take", "skip"}


class Refusal(Exception):
    """An error as the vendor words it."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class FakeCalcom(FakeBookings, Vendor):
    """Implements Outside. asked: every request; endpoint: where it listens."""

    root = "/v2"
    resets = True

    def __init__(self) -> None:
        super().__init__()
        self.endpoint = ""
        self.asked: list[Asked] = []
        self.tells_pages = True
        self.foreign: set[str] = set()  # bookings of somebody else's event types
        self.hidden: set[str] = set()  # answered as unknown
        self.meanwhile: list[Any] = []  # done by somebody else just before the next POST is

    def answer_next(self, status: int, retry_after: int | None = None) -> None:
        self.faults.append(("", status, retry_after))

    def lose_next_answer(self) -> None:
        self.lose_answer_to("")

    def lose_answer_to(self, method: str) -> None:
        self.faults.append((method, "after", None))

    def close_door(self) -> None:
        self.open = False

    def refuse_post(self, status: int) -> None:
        """The next POST is answered so, and nothing is done."""
        self.faults.append(("POST", status, None))

    # answers

    def respond(self, asked: Asked) -> tuple[int, Any, int | None] | None:
        self.asked.append(asked)
        return super().respond(asked)

    def refused(self, asked: Asked) -> Answered | None:
        if self.open and asked.headers.get("authorization") == f"Bearer {KEY}":
            return None
        return 401, wrong("Invalid API key")

    def answered(self, asked: Asked) -> Answered:
        try:
            return 200, self._answer(asked)
        except Refusal as refusal:
            return refusal.status, wrong(str(refusal))

    def failing(self, status: int) -> Any:
        return wrong("forced")

    def headers(self, wait: int | None) -> dict[str, str]:
        return {"Content-Type": f"{JSON}; charset=utf-8", **super().headers(wait)}

    def _answer(self, asked: Asked) -> Any:
        """What a request is answered with. Raises Refusal."""
        room, *rest = [unquote(part) for part in asked.path.removeprefix("/v2/").split("/")]
        version = asked.headers.get("cal-api-version", "2024-04-15")
        if room in VERSION and version != VERSION[room]:
            return self._older(room, rest)
        if asked.method == "POST" and room == "bookings" and len(rest) == 2:
            if self.meanwhile:
                self.meanwhile.pop(0)()
            return self._act(rest[0], rest[1], asked)
        if asked.method != "GET":
            raise Refusal(404, f"Cannot {asked.method} {asked.path}")
        return self._read(room, rest, asked)

    def _read(self, room: str, rest: list[str], asked: Asked) -> Any:
        if room == "bookings":
            return self._shown(rest[0]) if rest else self._page(asked.query)
        if room == "teams" and rest[1:] == ["event-types"]:
            return said(self.team_types if rest[0] == "4" else [])
        me = {"id": 5, "username": "anna"}
        found: Booking = {"me": me, "webhooks": self.webhooks, "event-types": self.event_types}
        if rest or room not in found:
            raise Refusal(404, f"Cannot GET {asked.path}")
        return said(found[room])

    def _shown(self, uid: str) -> Any:
        series = [one for one in self.bookings.values() if one.get("recurringBookingUid") == uid]
        if uid in self.hidden or (uid not in self.bookings and not series):
            raise Refusal(404, f"Booking with uid={uid} was not found in the database")
        return said(series or self.bookings[uid])

    def _page(self, query: dict[str, str]) -> Any:
        if query.keys() - FILTERS:
            raise Refusal(400, f"property {min(query.keys() - FILTERS)} should not exist")
        take, skip = int(query.get("take", 100)), int(query.get("skip", 0))
        if not 1 <= take <= 100:
            raise Refusal(400, "take must not be greater than 100")
        within = [one for one in self.bookings.values() if within_range(one, query)]
        changed = [one for one in within if one["updatedAt"] >= query.get("afterUpdatedAt", "")]
        changed.sort(key=lambda one: str(one["createdAt"]))
        more = skip + take < len(within)
        page = {"totalItems": len(within), "itemsPerPage": take, "hasNextPage": more}
        shown = said(changed[skip : skip + take])
        return {**shown, "pagination": page} if self.tells_pages else shown

    def _act(self, uid: str, verb: str, asked: Asked) -> Any:
        held = self.bookings.get(uid)
        if held is None:
            raise Refusal(404, f"Booking with uid={uid} was not found in the database")
        if uid in self.foreign:
            raise Refusal(401, "User is not authorized to confirm this booking")
        body = json.loads(asked.body) if asked.body else {}
        if verb == "cancel":
            self._cancel(held, body)
        elif verb in ("confirm", "decline"):
            self._settle(held, verb, body)
        else:
            raise Refusal(404, f"Cannot POST {asked.path}")
        return said(self.bookings[uid])

    def _settle(self, held: Booking, verb: str, body: Booking) -> None:
        if held["status"] == "accepted":
            raise Refusal(400, "Booking already confirmed")
        if body.keys() - ({"reason"} if verb == "decline" else set()):
            raise Refusal(400, "property should not exist")
        for uid in self.waiting_with(held["uid"]):
            if verb == "confirm":
                self.accept(uid)
            else:
                self.end(uid, "rejected", body.get("reason", ""))

    def _cancel(self, held: Booking, body: Booking) -> None:
        if body.keys() - {"cancellationReason", "cancelSubsequentBookings"}:
            raise Refusal(400, "property should not exist")
        if held["status"] == "cancelled":
            raise Refusal(400, "This booking has already been cancelled.")
        if not body.get("cancellationReason"):
            raise Refusal(400, "Cancellation reason is required when you are the host")
        self.end(held["uid"], "cancelled", body["cancellationReason"])

    def _older(self, room: str, rest: list[str]) -> Any:
        if room == "event-types" or rest:
            raise Refusal(404, "Cannot find this route in this version")
        old = [{"uid": one["uid"], "startTime": one["start"]} for one in self.bookings.values()]
        return said({"bookings": old, "recurringInfo": [], "nextCursor": None})


def within_range(booking: Booking, query: dict[str, str]) -> bool:
    """Whether it lies between the dates asked for."""
    after, before = query.get("afterStart", ""), query.get("beforeEnd", "9")
    return bool(booking["start"] >= after and booking["end"] <= before)


def said(found: object) -> dict[str, Any]:
    """As every good answer is wrapped."""
    return {"status": "success", "data": found}


@contextmanager
def serving_calcom() -> Iterator[FakeCalcom]:
    """A fake that listens on this machine."""
    fake = FakeCalcom()
    with serving_vendor(fake) as fake.endpoint:
        yield fake


def wrong(message: str) -> dict[str, Any]:
    """As every error is wrapped."""
    return {"status": "error", "error": {"code": "Exception", "message": message}}
