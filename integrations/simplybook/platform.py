"""SimplyBook.me as the flow speaks to it: asked before it books; what waits is approved or called off.

A callback says "look at booking N" and is not signed. A list shows bookings without their log, add-ons and
answers: those are asked for one by one, and again when the list shows another state. Of visits ahead they
are asked for anew whenever everything is read, since add-ons may change and the list stay as it was.
"""

import hashlib
import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any

from integrations.api_client import Refused
from integrations.left_out import Told, left_out
from integrations.remembered import Remembered
from integrations.simplybook import translate
from integrations.simplybook.client import DAY, Part, Row, SimplybookClient, carried_in, first_part
from integrations.simplybook.translate import Place, report_of, status_of
from scheduler_app.domain import platforms
from scheduler_app.domain.appointments import Report
from scheduler_app.domain.clinic import Clinic
from scheduler_app.domain.deliveries import Delivery
from scheduler_app.domain.platforms import Asked, BookingPage
from scheduler_app.errors import Conflict, Invalid, NotFound, SchedulerError, Unavailable

log = logging.getLogger(__name__)

REMEMBERED = 20_000  # bookings whose details are not asked for again while they stand as they did
DETAILS = ("log", "products", "attributes", "additional_fields")
LISTED = ("status", "is_confirmed", "start_datetime", "end_datetime", "service_id", "client_id")
NEEDED = frozenset({"new_booking", "change_booking", "cancel_booking"})
LETTERS = "must hold secrets of 16 to 200 letters, digits, - and _: they end an address"
_LOGIN, _SECRET = re.compile(r"[A-Za-z0-9_-]{1,100}"), re.compile(r"[A-Za-z0-9_-]{16,200}")
VALIDATOR = (
    "it cannot be seen from here: see that Custom Features, External Booking Validator, has its address"
)
CURES = {
    "key": "In clinic.toml check account (the company login) and user, and the password we were given",
    "services": "The user must be allowed to see services: make it an administrator",
    "who booked": "The user must be allowed to see all bookings: make it an administrator",
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
    capabilities = frozenset(platforms.CAPABILITIES)

    def __init__(
        self, platform: platforms.ClinicPlatform, clinic: Clinic, secrets: Sequence[str], key: str
    ) -> None:
        own = platform.name.upper().replace("-", "_")
        for path, right, cure in (
            ("account", _LOGIN.fullmatch(platform.account), "must be what stands before .simplybook.me"),
            ("user", platform.user.strip(), "must be the login of an administrator there"),
            ("location", platform.location in clinic.locations, "must be one of the clinic's"),
            (f"SCHEDULER_PLATFORM_{own}", key.strip() and key.isprintable(), "must hold the password"),
            (f"SCHEDULER_HOOK_SECRETS_{own}", all(map(_SECRET.fullmatch, secrets)), LETTERS),
        ):
            if not right:
                raise Invalid("platform-setting", f"{path} of {platform.name} {cure}", path)
        self.name = platform.name
        self._secrets = tuple(secrets)
        self._place = Place(platform, clinic.locations[platform.location])
        self._client = SimplybookClient(platform.account, platform.user, key, platform.endpoint)
        self._details: Remembered[tuple[str, ...], Row] = Remembered(REMEMBERED)

    # callbacks, and what is asked before it books

    def receive(self, _headers: Mapping[str, str], body: bytes, now: datetime, secret: str = "") -> Delivery:
        """As the port says. Callbacks that carry the moment they were sent can be told apart by it."""
        translate.verify(self._secrets, secret)
        notice = translate.notice_of(body, self._place.platform.account)
        translate.booking_in(notice)
        timed = notice.name_of("webhook_timestamp")
        key = hashlib.sha256(body).hexdigest() if timed else f"receipt-{token_hex(16)}"
        return Delivery(self.name, key, now, body)

    def concerned(self, delivery: Delivery) -> tuple[str, ...]:
        """As the port says: whatever happened to a booking, it is looked at."""
        booking_id = translate.booking_in(translate.notice_of(delivery.body, self._place.platform.account))
        return (booking_id,) if booking_id else ()

    def asked(self, _headers: Mapping[str, str], body: bytes, _now: datetime, secret: str = "") -> Asked:
        """As the port says."""
        translate.verify(self._secrets, secret)
        return translate.asked_of(translate.notice_of(body, self._place.platform.account), self._place)

    def answer(self, refusal: str | None) -> tuple[bytes, str]:
        """As the port says."""
        said = {} if refusal is None else {"errors": [refusal]}
        return json.dumps(said, ensure_ascii=False).encode(), "application/json"

    # bookings

    def fetch(self, booking_id: str) -> tuple[Report, ...]:
        """As the port says; the id stays when it is moved."""
        row, told_at = self._client.booking(booking_id)
        self._keep(row)
        return (report_of(row, told_at, self._place),)

    def changed(self, since: datetime | None, now: datetime, page: str | None = None) -> BookingPage:
        """As the port says. Cancelled bookings are asked for besides, and may come twice."""
        if since is None and page is None:
            yesterday = repr((now - DAY).date().isoformat())  # wherever the company's own clocks are
            self._details.forget(lambda shown: shown[LISTED.index("start_datetime")] > yesterday)
        rows, more, told_at = self._client.bookings(part := Part.read(page) or first_part(since, now))
        following = part.following(more)
        told = (self._told(row, told_at) for row in rows)
        return BookingPage.of(told, following.token if following else None)

    def confirm(self, act: platforms.Act) -> None:
        """As the port says. Raises Invalid for one of several booked together: all would be approved."""
        row = self._client.booking(act.booking_id)[0]
        if status_of(row) == "cancelled":
            raise Conflict("the booking was called off meanwhile")
        if status_of(row) == "booked":
            return
        if translate.in_company(row):
            raise Invalid("platform-cannot", "all that were booked with it would be approved too", "batch_id")
        self._until(act, "booked", self._client.approve)

    def decline(self, act: platforms.Act) -> None:
        """As the port says: a cancellation. SimplyBook.me tells the client nothing of it."""
        row = self._client.booking(act.booking_id)[0]
        if status_of(row) == "booked":
            raise Conflict("the booking was confirmed meanwhile")
        self._call_off(act, row)

    def cancel(self, act: platforms.Act) -> None:
        """As the port says. Our message becomes the booking's comment, which the clinic reads."""
        self._call_off(act, self._client.booking(act.booking_id)[0])

    def services(self) -> Sequence[platforms.Service]:
        """As the port says; products and add-ons do not stand there."""
        return [platforms.Service(id, name) for id, name in self._client.services().items()]

    def carried_in(self, text: str) -> str | None:
        """As the port says."""
        return carried_in(text, self._place.platform.account)

    def steps(self, address: str, now: datetime) -> Iterator[platforms.Step]:
        """As the port says."""
        tried: Sequence[tuple[str, Callable[[], tuple[bool | None, str]]]] = (
            ("key", self._try_key),
            ("services", self._try_services),
            ("who booked", lambda: self._try_who_booked(now)),
            ("callbacks", lambda: self._try_callbacks(address)),
        )
        for name, attempt in tried:
            try:
                yield platforms.Step(name, *attempt())
            except SchedulerError as fault:
                cure = "" if isinstance(fault, Unavailable) else f". {CURES[name]}"
                yield platforms.Step(name, False, f"{fault}{cure}")
        yield platforms.Step("validator", None, VALIDATOR)

    def _try_key(self) -> tuple[bool | None, str]:
        self._client.sign_in()
        return True, "the user signs in"

    def _try_services(self) -> tuple[bool | None, str]:
        services, mapped = self.services(), self._place.platform.services
        without = sum(one.id not in mapped for one in services)  # names are unknown to the validator
        words = "services have no treatments in clinic.toml under their number, which is all the validator "
        words += "tells: `scheduler platforms services` lists them"
        return bool(services) and not without, f"{without} of {len(services)} {words}"

    def _try_who_booked(self, now: datetime) -> tuple[bool | None, str]:
        rows, _, _ = self._client.bookings(first_part(None, now))
        if not (listed := [str(row["id"]) for row in rows if isinstance(row, dict) and "id" in row]):
            return None, "there is no booking yet to look at: try again after the first"
        if translate.made_by_staff(self._client.booking(listed[0])[0]) is not None:
            return True, "bookings by staff and by clients can be told apart"
        return (
            None,
            "its log does not say who booked: what does not wait for approval is never called off by us",
        )

    def _try_callbacks(self, address: str) -> tuple[bool | None, str]:
        if not address or not self._secrets:
            return None, "no public https address or no secret is set: the poll alone finds changes"
        hooks = [one for one in self._client.webhooks() if isinstance(one, dict)]
        ours = {f"{address}/{secret}" for secret in self._secrets}
        missing = NEEDED - {str(one.get("event")) for one in hooks if one.get("url") in ours}
        if len(missing) < len(NEEDED):
            return not missing, f"sent to us, except: {', '.join(sorted(missing)) or 'nothing'}"
        return None, f"a Callback URL typed in by hand cannot be seen from here. {CURES['callbacks']}"

    def _told(self, row: Any, told_at: datetime) -> Told:
        shown = str(id) if isinstance(row, dict) and isinstance(id := row.get("id"), int) else ""
        try:
            return report_of(self._whole(row), told_at, self._place)
        except NotFound:
            log.warning("%s: booking %s is gone", self.name, shown)
            return None
        except Invalid as fault:
            return left_out(self.name, shown, fault)

    def _whole(self, row: Any) -> Any:
        """The booking with its log, add-ons and answers; what is over needs none of them."""
        if not isinstance(row, dict) or "log" in row or status_of(row) == "cancelled":
            return row
        number = str(row.get("id"))
        details = self._details.told(number, _shown(row))
        return {**row, **(self._keep(self._client.booking(number)[0]) if details is None else details)}

    def _keep(self, row: Row) -> Row:
        details = {key: row.get(key) for key in DETAILS}
        self._details.keep(str(row["id"]), _shown(row), details)
        return details

    def _call_off(self, act: platforms.Act, row: Row) -> None:
        if status_of(row) == "cancelled":
            return
        said = before.strip() if isinstance(before := row.get("comment"), str) else ""
        if act.message and act.message not in said:
            try:
                self._client.comment(act.booking_id, f"{said}\n{act.message}".strip())
            except (Conflict, NotFound, Refused):  # a comment is no reason to let the booking stand
                log.warning("%s: booking %s takes no comment", self.name, act.booking_id)
        self._until(act, "cancelled", self._client.cancel)

    def _until(self, act: platforms.Act, status: str, do: Callable[[str], None]) -> None:
        """Do it; where that is refused, how the booking stands decides: somebody may have been faster."""
        try:
            do(act.booking_id)
        except (Conflict, NotFound, Refused) as fault:
            after = status_of(self._client.booking(act.booking_id)[0])
            if after == "cancelled" != status:
                raise Conflict("the booking was called off meanwhile") from None
            if after != status:
                raise fault from None


def _shown(row: Row) -> tuple[str, ...]:
    """What a list shows of it, for telling whether it stands as it did."""
    return tuple(repr(row.get(key)) for key in LISTED)
