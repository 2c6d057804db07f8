"""SimplyBook.me as the flow speaks to it: asked before it books; what waits is approved or called off.

A callback says "look at booking N" and is not signed. A list shows bookings without their log, add-ons and
answers: those are asked for one by one, and again only when the list shows another state.
"""

import hashlib
import json
import logging
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from secrets import token_hex
from threading import Lock
from typing import Any

from integrations.api_client import Refused
from integrations.services import matched
from integrations.simplybook.client import Part, Row, SimplybookClient, carried_in, first_part
from integrations.simplybook.translate import (
    Place,
    asked_of,
    booking_in,
    in_company,
    knows_who_booked,
    notice_of,
    report_of,
    status_of,
    verify,
)
from scheduler_app.domain.appointments import Report
from scheduler_app.domain.clinic import Clinic
from scheduler_app.domain.deliveries import Delivery
from scheduler_app.domain.platforms import (
    ALERT,
    CANCEL,
    HOLD,
    PREVENT,
    Act,
    Asked,
    BookingPage,
    ClinicPlatform,
    Service,
    Step,
)
from scheduler_app.errors import Conflict, Invalid, NotFound, SchedulerError, Unavailable

log = logging.getLogger(__name__)

REMEMBERED = 20_000  # bookings whose details are not asked for again while they stand as they did
DETAILS = ("log", "products", "attributes", "additional_fields")
LISTED = ("status", "is_confirmed", "start_datetime", "end_datetime", "service_id", "client_id")
NEEDED = frozenset({"new_booking", "change_booking", "cancel_booking"})
LETTERS = "must hold secrets of 16 to 200 letters, digits, - and _: they end an address"
_LOGIN, _SECRET = re.compile(r"[A-Za-z0-9_-]{1,100}"), re.compile(r"[A-Za-z0-9_-]{16,200}")
CURES = {
    "key": "In clinic.toml check account (the company login) and user, and the password we were given",
    "services": "The user must be allowed to see services: take an administrator's",
    "who booked": "The user must be allowed to see all bookings: take an administrator's",
    "callbacks": "In SimplyBook.me open Custom Features, API, Settings, and enter the address, a slash and "
    "the secret as Callback URL, with notifications on create, change and cancel",
}


class SimplybookPlatform:
    """Implements ports.PreventingPlatform. platform.account: the company login; user: who signs in; key: the
    password. secrets: those at the end of the addresses typed in there; without any only the poll is used.

    Raises Invalid naming the setting that cannot be right.
    """

    content_type = "application/json"
    secret_in_path = True
    capabilities = frozenset({PREVENT, HOLD, CANCEL, ALERT})

    def __init__(self, platform: ClinicPlatform, clinic: Clinic, secrets: Sequence[str], key: str) -> None:
        setting = platform.name.upper().replace("-", "_")
        for path, right, cure in (
            ("account", _LOGIN.fullmatch(platform.account), "must be what stands before .simplybook.me"),
            ("user", platform.user.strip(), "must be the login of an administrator there"),
            ("location", platform.location in clinic.locations, "must be one of the clinic's"),
            (f"SCHEDULER_PLATFORM_{setting}", key.strip() and key.isprintable(), "must hold the password"),
            (f"SCHEDULER_HOOK_SECRETS_{setting}", all(map(_SECRET.fullmatch, secrets)), LETTERS),
        ):
            if not right:
                raise Invalid("platform-setting", f"{path} of {platform.name} {cure}", path)
        self.name = platform.name
        self._secrets = tuple(secrets)
        self._place = Place(platform, clinic.locations[platform.location])
        self._client = SimplybookClient(platform.account, platform.user, key, platform.endpoint)
        self._details: OrderedDict[str, tuple[object, Row]] = OrderedDict()
        self._lock = Lock()

    # callbacks, and what is asked before it books

    def receive(self, _headers: Mapping[str, str], body: bytes, now: datetime, secret: str = "") -> Delivery:
        """As the port says. Callbacks that carry the moment they were sent can be told apart by it."""
        verify(self._secrets, secret)
        notice = notice_of(body, self._place.platform.account)
        booking_in(notice)
        timed = notice.name_of("webhook_timestamp")
        key = hashlib.sha256(body).hexdigest() if timed else f"receipt-{token_hex(16)}"
        return Delivery(self.name, key, now, body)

    def concerned(self, delivery: Delivery) -> tuple[str, ...]:
        """As the port says: whatever happened to a booking, it is looked at."""
        booking_id = booking_in(notice_of(delivery.body, self._place.platform.account))
        return (booking_id,) if booking_id else ()

    def asked(self, _headers: Mapping[str, str], body: bytes, _now: datetime, secret: str = "") -> Asked:
        """As the port says."""
        verify(self._secrets, secret)
        return asked_of(notice_of(body, self._place.platform.account), self._place)

    def answer(self, refusal: str | None) -> tuple[bytes, str]:
        """As the port says."""
        said = {} if refusal is None else {"errors": [refusal]}
        return json.dumps(said, ensure_ascii=False).encode(), "application/json"

    # bookings

    def fetch(self, booking_id: str) -> tuple[Report, ...]:
        """As the port says; the id stays when it is moved."""
        row, told_at = self._client.booking(booking_id)
        return (report_of(row, told_at, self._place),)

    def changed(self, since: datetime | None, now: datetime, page: str | None = None) -> BookingPage:
        """As the port says. Cancelled bookings are asked for besides, and may come twice."""
        part = Part.read(page) or first_part(since, now)
        rows, more, told_at = self._client.bookings(part)
        reports = [report for row in rows if (report := self._told(row, told_at))]
        following = part.following(more)
        return BookingPage(tuple(reports), following.token if following else None)

    def confirm(self, act: Act) -> None:
        """As the port says. Raises Invalid for one of several booked together: all would be approved."""
        row = self._client.booking(act.booking_id)[0]
        if status_of(row) == "cancelled":
            raise Conflict("the booking was called off meanwhile")
        if status_of(row) == "booked":
            return
        if in_company(row):
            words = "approving it would approve all that were booked with it: a person must do that"
            raise Invalid("platform-cannot", words, "batch_id")
        self._until(act, "booked", self._client.approve)

    def decline(self, act: Act) -> None:
        """As the port says: a cancellation. SimplyBook.me tells the client nothing of it."""
        row = self._client.booking(act.booking_id)[0]
        if status_of(row) == "booked":
            raise Conflict("the booking was confirmed meanwhile")
        self._call_off(act, row)

    def cancel(self, act: Act) -> None:
        """As the port says. Our message becomes the booking's comment, which the clinic reads."""
        self._call_off(act, self._client.booking(act.booking_id)[0])

    def services(self) -> Sequence[Service]:
        """As the port says; products and add-ons do not stand there."""
        return [Service(id, name) for id, name in self._client.services().items()]

    def carried_in(self, text: str) -> str | None:
        """As the port says."""
        return carried_in(text, self._place.platform.account)

    def steps(self, address: str, now: datetime) -> Iterator[Step]:
        """As the port says."""
        tried: Sequence[tuple[str, Callable[[], tuple[bool | None, str]]]] = (
            ("key", self._try_key),
            ("services", self._try_services),
            ("who booked", lambda: self._try_who_booked(now)),
            ("callbacks", lambda: self._try_callbacks(address)),
        )
        for name, attempt in tried:
            try:
                yield Step(name, *attempt())
            except SchedulerError as fault:
                cure = "" if isinstance(fault, Unavailable) else f". {CURES[name]}"
                yield Step(name, False, f"{fault}{cure}")
        words = (
            "enter <this service's address>/validate/<secret> in Custom Features, External Booking Validator"
        )
        yield Step("validator", None, f"it cannot be seen from here: {words}, and try a booking")

    def _try_key(self) -> tuple[bool | None, str]:
        self._client.sign_in()
        return True, "the user signs in"

    def _try_services(self) -> tuple[bool | None, str]:
        services, mapped = self.services(), self._place.platform.services
        without = sum(matched(one.id, one.name, mapped) is None for one in services)
        if not services:
            return False, "there is no service: make one in SimplyBook.me first"
        if without:
            words = "services have no treatments in clinic.toml: `scheduler platforms services` lists them"
            return False, f"{without} of {len(services)} {words}"
        return True, f"all {len(services)} services have treatments in clinic.toml"

    def _try_who_booked(self, now: datetime) -> tuple[bool | None, str]:
        rows, _, _ = self._client.bookings(first_part(None, now))
        listed = [str(row["id"]) for row in rows if isinstance(row, dict) and "id" in row]
        if not listed:
            return None, "there is no booking yet to look at: try again after the first"
        if knows_who_booked(self._client.booking(listed[0])[0]):
            return True, "bookings by staff and by clients can be told apart"
        words = "its log does not say who booked: every booking that is not waiting for approval counts as"
        return None, f"{words} staff's, and none of those is called off by us"

    def _try_callbacks(self, address: str) -> tuple[bool | None, str]:
        if not address or not self._secrets:
            words = "no public https address or no secret is set: the poll alone finds changes"
            return None, words
        ours = {f"{address}/{secret}" for secret in self._secrets}
        hooks = [one for one in self._client.webhooks() if isinstance(one, dict)]
        sent = {str(one.get("event")) for one in hooks if one.get("url") in ours}
        missing = sorted(NEEDED - sent)
        if not missing:
            return True, "new, changed and cancelled bookings are sent to us"
        if sent:
            return False, f"not sent to us: {', '.join(missing)}. {CURES['callbacks']}"
        words = "none was made through the API; a Callback URL typed in by hand cannot be seen from here"
        return None, f"{words}. {CURES['callbacks']}"

    def _told(self, row: Any, told_at: datetime) -> Report | None:
        try:
            return report_of(self._whole(row), told_at, self._place)
        except (Invalid, NotFound) as fault:
            id = row.get("id") if isinstance(row, dict) else None
            shown = id if isinstance(id, int) else "without an id"
            log.warning("%s: booking %s is left out: %s", self.name, shown, getattr(fault, "code", "gone"))
            return None

    def _whole(self, row: Any) -> Any:
        """The booking with its log, add-ons and answers; what is over needs none of them."""
        if not isinstance(row, dict) or "log" in row or status_of(row) == "cancelled":
            return row
        id, seen = str(row.get("id")), tuple(repr(row.get(key)) for key in LISTED)
        with self._lock:
            held = self._details.get(id)
        if held is None or held[0] != seen:
            held = (seen, {key: self._client.booking(id)[0].get(key) for key in DETAILS})
            with self._lock:
                self._details[id] = held
                while len(self._details) > REMEMBERED:
                    self._details.popitem(last=False)
        return {**row, **held[1]}

    def _call_off(self, act: Act, row: Row) -> None:
        if status_of(row) == "cancelled":
            return
        before = row.get("comment")
        said = before.strip() if isinstance(before, str) else ""
        if act.message and act.message not in said:
            try:
                self._client.comment(act.booking_id, f"{said}\n{act.message}".strip())
            except (Conflict, NotFound, Refused):  # a comment is no reason to let the booking stand
                log.warning("%s: booking %s takes no comment", self.name, act.booking_id)
        self._until(act, "cancelled", self._client.cancel)

    def _until(self, act: Act, status: str, do: Callable[[str], None]) -> None:
        """Do it; where that is refused, how the booking stands decides: somebody may have been faster."""
        try:
            do(act.booking_id)
        except (Conflict, NotFound, Refused) as fault:
            after = status_of(self._client.booking(act.booking_id)[0])
            if after != status:
                gone = Conflict("the booking was called off meanwhile")
                raise gone if after == "cancelled" else fault from None
