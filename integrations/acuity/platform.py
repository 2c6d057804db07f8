"""Acuity Scheduling as a booking platform: it can cancel, and nothing before a booking is made.

A webhook says "look at appointment N" and no more: two genuine ones may be equal byte for byte, so every
receipt has a key of its own. A list cannot tell what changed: all that is ahead is read each time.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any

from integrations.acuity.client import (
    FIRST_DAYS,
    MOST,
    ONE_DAY_MOST,
    AcuityClient,
    NameList,
    Row,
    Window,
    span,
)
from integrations.acuity.translate import (
    ADDON,
    Names,
    Place,
    booking_in,
    carried_in,
    report_of,
    status_of,
    verify,
    wanting_names,
)
from integrations.api_client import Refused
from integrations.left_out import Told, left_out
from scheduler_app.domain.appointments import Report
from scheduler_app.domain.clinic import Clinic
from scheduler_app.domain.deliveries import Delivery
from scheduler_app.domain.platforms import ALERT, CANCEL, Act, BookingPage, ClinicPlatform, Service, Step
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.errors import Conflict, Invalid, NotFound, SchedulerError, Unavailable

log = logging.getLogger(__name__)

ANY_CHANGE = "appointment.changed"
NEEDED = frozenset({"appointment.scheduled", "appointment.rescheduled", "appointment.canceled"})
CURES = {
    "key": "Copy the User ID into account of clinic.toml, and the API key, from Acuity: Integrations, API",
    "who booked": "The key's user must be allowed to see appointments: take the main admin's key",
    "services": "The key's user must be allowed to see appointment types: take the main admin's key",
    "webhooks": "In Acuity open Integrations, Webhooks, and enter the address of this service at "
    "Appointment Changed",
}


class AcuityPlatform:
    """Implements ports.BookingPlatform. platform.account: the numeric User ID; key: the API key.

    secrets: the API keys that sign webhooks; without any the key itself does.
    """

    content_type = "application/x-www-form-urlencoded"
    secret_in_path = False
    capabilities = frozenset({CANCEL, ALERT})

    def __init__(self, platform: ClinicPlatform, clinic: Clinic, secrets: Sequence[str], key: str) -> None:
        self.name = platform.name
        own = _checked_key(key, _setting("PLATFORM", platform))
        signing = [_checked_key(secret, _setting("HOOK_SECRETS", platform)) for secret in secrets]
        self._keys = signing or [own]
        if not (platform.account.isascii() and platform.account.isdigit()):
            fault = (
                f"account of {platform.name} must be Acuity's User ID, a number: it stands beside the API key"
            )
            raise Invalid("platform-account", fault, "account")
        if platform.location not in clinic.locations:
            raise Invalid(
                "platform-location", f"location of {platform.name} is none of the clinic's", "location"
            )
        self._place = Place(platform, clinic.locations[platform.location])
        self._client = AcuityClient(platform.account, key, platform.endpoint)
        self._types = NameList(self._client.types)
        self._addons = NameList(self._client.addons)

    # webhooks

    def receive(self, headers: Mapping[str, str], body: bytes, now: datetime, _secret: str = "") -> Delivery:
        """As the port says."""
        verify(self._keys, headers, body)
        booking_in(body)
        return Delivery(self.name, f"receipt-{token_hex(16)}", now, body)

    def concerned(self, delivery: Delivery) -> tuple[str, ...]:
        """As the port says."""
        booking_id = booking_in(delivery.body)
        return (booking_id,) if booking_id else ()

    # bookings

    def fetch(self, booking_id: str) -> tuple[Report, ...]:
        """As the port says; the id stays when it is moved."""
        row, told_at = self._client.appointment(booking_id)
        return (self._report(row, told_at),)

    def changed(self, since: datetime | None, now: datetime, page: str | None = None) -> BookingPage:
        """As the port says. A page that came full is left, and read again in halves."""
        first, last = span(since, now)
        if page is None:
            self._types.forget()
            self._addons.forget()
        window = Window.read(page) or Window(first, FIRST_DAYS)
        rows, told_at = self._rows(window, MOST)
        if len(rows) >= MOST and window.days > 1:
            return BookingPage((), window.halved().token)
        if len(rows) >= MOST:
            rows, told_at = self._rows(window, ONE_DAY_MOST)
            if len(rows) >= ONE_DAY_MOST:
                log.error("%s: one day holds more appointments than can be read", self.name)
        following = window.following(len(rows))
        told = (self._told(row, told_at) for row in rows)
        return BookingPage.of(told, following.token if following.first <= last else None)

    def confirm(self, _act: Act) -> None:
        """Never asked: bookings do not wait here. Raises Invalid."""
        raise Invalid("platform-cannot", "Acuity's appointments never wait for confirmation", "capabilities")

    def decline(self, act: Act) -> None:
        """As `confirm`."""
        self.confirm(act)

    def cancel(self, act: Act) -> None:
        """As the port says; each appointment is one client's, in a class too."""
        if self._is_over(act.booking_id):
            return
        try:
            self._client.cancel(act.booking_id, act.message)
        except (Conflict, Refused):
            # what a second cancelling is answered nobody wrote down: how it stands decides
            if not self._is_over(act.booking_id):
                raise

    def services(self) -> Sequence[Service]:
        """As the port says: appointment types by their id, add-ons by `addon-` and theirs."""
        types = [Service(id, name) for id, name in self._client.types().items()]
        return [*types, *(Service(ADDON + id, name) for id, name in self._client.addons().items())]

    def carried_in(self, text: str) -> str | None:
        """As the port says."""
        return carried_in(text)

    def steps(self, address: str, _now: datetime) -> Iterator[Step]:
        """As the port says."""
        tried: Sequence[tuple[str, Callable[[], Step]]] = (
            ("key", self._try_key),
            ("who booked", self._try_who_booked),
            ("services", self._try_services),
            ("webhooks", lambda: self._try_webhooks(address)),
        )
        for name, attempt in tried:
            try:
                yield attempt()
            except SchedulerError as fault:
                cure = "" if isinstance(fault, Unavailable) else f". {CURES[name]}"
                yield Step(name, False, f"{fault}{cure}")

    def _try_key(self) -> Step:
        me = self._client.me()
        who, zone = (value if isinstance(value := me.get(key), str) else "?" for key in ("name", "timezone"))
        return Step("key", True, f"the key opens the account of {who[:80]}, whose time zone is {zone[:40]}")

    def _try_who_booked(self) -> Step:
        rows = self._client.newest()
        if not rows:
            return Step(
                "who booked", None, "there is no appointment yet to look at: try again after the first"
            )
        if isinstance(rows[0], dict) and "scheduledBy" in rows[0]:
            return Step("who booked", True, "bookings by staff and by clients can be told apart")
        words = (
            "Acuity does not say who booked: every booking counts as staff's, and none is called off by us"
        )
        return Step("who booked", None, words)

    def _try_services(self) -> Step:
        services, mapped = self.services(), self._place.platform.services
        names = {name.casefold() for name in mapped}
        open_ones = sum(one.id not in mapped and one.name.casefold() not in names for one in services)
        if not services:
            return Step("services", False, "there is no appointment type: make one in Acuity first")
        if open_ones:
            words = f"{open_ones} of {len(services)} types and add-ons have no treatments in clinic.toml: "
            return Step("services", False, words + "`scheduler platforms services` lists them")
        return Step("services", True, f"all {len(services)} types and add-ons have treatments in clinic.toml")

    def _try_webhooks(self, address: str) -> Step:
        if not address:
            words = (
                "no public https address is set: webhooks cannot reach us, and the poll alone finds changes"
            )
            return Step("webhooks", None, words)
        sent = {one.get("event") for one in self._client.webhooks() if _is_sent(one, address)}
        missing = sorted(NEEDED - sent)
        if ANY_CHANGE in sent or not missing:
            return Step("webhooks", True, "Acuity sends changes of appointments to us")
        if sent:
            return Step("webhooks", False, f"not sent to us: {', '.join(missing)}. {CURES['webhooks']}")
        words = "none was made through the API; those entered by hand cannot be seen from here. "
        return Step("webhooks", None, words + CURES["webhooks"])

    def _rows(self, window: Window, most: int) -> tuple[list[Any], datetime]:
        return self._client.appointments(window, most, forms=bool(self._place.platform.fields))

    def _told(self, row: Any, told_at: datetime) -> Told:
        try:
            return self._report(row, told_at)
        except Invalid as fault:
            id = row.get("id") if isinstance(row, dict) else None
            return left_out(self.name, str(id) if isinstance(id, int) else "", fault)

    def _report(self, row: Any, told_at: datetime) -> Report:
        types, addons = wanting_names(row, self._place.platform.services)
        names = Names(self._names(self._types, types), self._names(self._addons, addons))
        return report_of(row, told_at, self._place, names)

    def _names(self, known: NameList, ids: set[str]) -> Mapping[str, str]:
        try:
            return known.of(ids)
        except (NotFound, Refused):
            return {}  # then ids stand for themselves, and are doubted

    def _is_over(self, booking_id: str) -> bool:
        row: Row = self._client.appointment(booking_id)[0]
        return status_of(row) in NOT_HELD


def _is_sent(webhook: Any, address: str) -> bool:
    return (
        isinstance(webhook, dict) and webhook.get("target") == address and webhook.get("status") == "active"
    )


def _setting(kind: str, platform: ClinicPlatform) -> str:
    return f"SCHEDULER_{kind}_{platform.name.upper().replace('-', '_')}"


def _checked_key(key: str, setting: str) -> bytes:
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise Invalid("platform-key", f"{setting} holds no API key: copy it whole, and nothing else", setting)
    return key.encode()
