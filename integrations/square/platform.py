"""Square Appointments as the flow speaks to it: it can cancel, and nothing before a booking is made.

A booking keeps its id when it is moved; its version counts what happened to it. Nothing can be said to
the client with a cancellation. What waits for acceptance can only be accepted or declined by people, in
Square itself (developer.squareup.com/forums/t/8247).
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from threading import Lock
from typing import Any

from integrations.api_client import Refused
from integrations.left_out import Told, left_out
from integrations.services import matched
from integrations.square import client, translate
from integrations.square.client import Row, Tried, Window
from integrations.square.translate import OVER, STANDS, WAITS, Place, Standing
from scheduler_app.domain.appointments import Report
from scheduler_app.domain.clinic import Clinic
from scheduler_app.domain.deliveries import Delivery
from scheduler_app.domain.platforms import ALERT, CANCEL, Act, BookingPage, ClinicPlatform, Service, Step
from scheduler_app.errors import Conflict, Disconnected, Invalid, NotFound, SchedulerError

log = logging.getLogger(__name__)

NO_TOKENS = ("sq0csp-", "sq0idp-", "sandbox-sq0idb-", "sandbox-sq0csb-")


class SquarePlatform:
    """Implements ports.BookingPlatform. key: an access token; secrets: signature keys of the webhook
    subscription, none where only the poll is used. platform.address: the notification URL, byte for byte;
    platform.account: the id of the location, "" where the seller has one only.

    Raises Invalid naming the setting for one that is missing or cannot be right.
    """

    content_type = "application/json"
    secret_in_path = False
    capabilities = frozenset({CANCEL, ALERT})

    def __init__(self, platform: ClinicPlatform, clinic: Clinic, secrets: Sequence[str], key: str) -> None:
        self.name = platform.name
        _check(platform, clinic)
        self._secrets = [_checked(secret, _setting("HOOK_SECRETS", platform)) for secret in secrets]
        token = _checked(key, _setting("PLATFORM", platform))
        self._place = Place(platform, clinic.locations[platform.location])
        self._client = client.SquareClient(platform.endpoint, token, platform.account)
        self._lock = Lock()
        self._names: Mapping[str, str] = {}
        self._sought: set[str] = set()
        self._stale = True

    # webhooks

    def receive(self, headers: Mapping[str, str], body: bytes, now: datetime, _secret: str = "") -> Delivery:
        """As the port says."""
        keys = [secret.encode() for secret in self._secrets]
        translate.verify(keys, self._place.platform.address, headers, body)
        return Delivery(self.name, translate.event_in(body), now, body)

    def concerned(self, delivery: Delivery) -> tuple[str, ...]:
        """As the port says; nothing for bookings of the seller's other locations."""
        return translate.ids_in(delivery.body, self._place.platform.account)

    # bookings

    def fetch(self, booking_id: str) -> tuple[Report, ...]:
        """As the port says; the id stays when it is moved. Raises Invalid for another location's."""
        booking = self._client.booking(translate.sound_id(booking_id, "booking_id"))
        whose = translate.customer_of(booking)
        return (self._report(booking, self._client.customer(whose) if whose else None),)

    def changed(self, since: datetime | None, now: datetime, page: str | None = None) -> BookingPage:
        """As the port says. A cursor that held no more costs its window once: it is begun anew."""
        window = Window.read(page) or Window.start(since, now)
        if page is None:
            with self._lock:
                self._stale = True  # somebody may have given other names
        try:
            bookings, cursor = self._client.bookings(window)
        except Refused:
            if not window.cursor or window.again:
                raise
            return BookingPage((), Window(window.first, "", again=True).token)
        cards = self._client.customers(bookings)
        following = window.following(cursor, now)
        told = (self._told(each, cards) for each in bookings)
        return BookingPage.of(told, following.token if following else None)

    def confirm(self, _act: Act) -> None:
        """Never asked: Square lets people alone accept. Raises Invalid."""
        raise Invalid("platform-cannot", "Square lets only people accept and decline: do it there")

    def decline(self, act: Act) -> None:
        """As `confirm`."""
        self.confirm(act)

    def cancel(self, act: Act) -> None:
        """As the port says; the message goes nowhere. Raises Invalid for one that waits for acceptance."""
        stands = self._standing(act.booking_id)
        if stands.status == OVER:
            return
        if stands.status == WAITS:
            fault = "Square calls off nothing that waits to be accepted: decline it in Square Appointments"
            raise Invalid("booking-waits", fault)
        if stands.status != STANDS or act.version not in (None, stands.version):
            raise Conflict("changed or missed meanwhile")
        try:
            self._client.cancel(act.booking_id, act.key, stands.version)
        except (Conflict, Refused, Disconnected) as fault:
            self._refused(stands, act, fault)

    def services(self) -> Sequence[Service]:
        """As the port says: variations of services, by the catalog's ids."""
        return self._client.services()

    def carried_in(self, text: str) -> str | None:
        """As the port says."""
        return translate.carried_in(text)

    def steps(self, address: str, now: datetime) -> Iterator[Step]:
        """As the port says."""
        api, place = self._client, self._place
        tried: Sequence[tuple[str, Callable[[], Tried]]] = (
            ("key", lambda: client.permitted(api.token(), now)),
            ("location", lambda: _placed(api.listed("/v2/locations", "locations"), place)),
            ("settings", lambda: _set_up(api.profile(), place)),
            ("services", lambda: _all_matched(api.services(), place)),
            ("webhook", lambda: client.subscribed(api, self._secrets, address)),
        )
        for name, attempt in tried:
            try:
                yield Step(name, *attempt())
            except SchedulerError as fault:
                yield Step(name, False, f"{fault}. The Developer Console shows the token under Credentials")

    def _told(self, booking: object, cards: Mapping[str, Row | None]) -> Told:
        try:
            whose = translate.customer_of(booking)
            return self._report(booking, cards.get(whose) if whose else None)
        except Invalid as fault:
            id = booking.get("id") if isinstance(booking, dict) else None
            return left_out(self.name, id if isinstance(id, str) and translate.is_id(id) else "", fault)

    def _report(self, booking: object, card: Row | None) -> Report:
        return translate.report_of(booking, card, self._place, self._named(booking))

    def _named(self, booking: object) -> Mapping[str, str]:
        """Names of services not matched by their id: asked for once a reading, and for a new one."""
        wanted = translate.wanting_names(booking, self._place.platform.services)
        with self._lock:
            if wanted and (self._stale or not self._sought.issuperset(wanted)):
                try:
                    self._names = {one.id: one.name for one in self._client.services("ALL")}
                except (NotFound, Refused, Disconnected):
                    log.warning("%s: services cannot be read: they are told by their ids", self.name)
                self._sought |= wanted | self._names.keys()
                self._stale = False
            return self._names

    def _standing(self, booking_id: str) -> Standing:
        return translate.standing_of(self._client.booking(translate.sound_id(booking_id, "booking_id")))

    def _refused(self, before: Standing, act: Act, fault: Conflict | Refused | Disconnected) -> None:
        """What a second cancelling is answered nobody wrote down: how it stands decides."""
        now = self._standing(act.booking_id)
        if now.status == OVER:
            return
        if isinstance(fault, Conflict) or now != before:
            raise Conflict("changed meanwhile")
        if isinstance(fault, Refused):
            words = f"Square refused to call it off ({client.code_of(fault)}): do it in Square Appointments"
            raise Invalid("platform-refused", words)
        # the same key has just read the booking: it is not the key that is closed
        words = (
            "Square lets this key read bookings and not call them off: that needs Appointments Plus or "
            "Premium, and APPOINTMENTS_WRITE with APPOINTMENTS_ALL_WRITE"
        )
        raise Invalid("platform-refused", words)


def _setting(kind: str, platform: ClinicPlatform) -> str:
    return f"SCHEDULER_{kind}_{platform.name.upper().replace('-', '_')}"


def _checked(secret: str, setting: str) -> str:
    if not secret or not secret.isascii() or not secret.isprintable() or " " in secret:
        raise Invalid(
            "platform-key", f"{setting} is empty or no key: copy it whole, and nothing else", setting
        )
    if secret.startswith(NO_TOKENS):
        fault = f"{setting} is the application's id or secret: copy the access token or the signature key"
        raise Invalid("platform-key", fault, setting)
    return secret


def _check(platform: ClinicPlatform, clinic: Clinic) -> None:
    faults = {
        "address": not platform.address.isascii() or not platform.address.startswith("https://"),
        "account": not (translate.is_id(platform.account) or not platform.account),
        "fields": not platform.fields.keys() <= translate.CARD,
        "location": platform.location not in clinic.locations,
    }
    cures = {
        "address": "must be the notification URL of the webhook subscription: Square signs it, byte for byte",
        "account": "must be the id of the location at Square, or be left out where there is only one",
        "fields": f"may name of a client's card: {', '.join(sorted(translate.CARD))}",
        "location": "is none of the clinic's",
    }
    for setting, wrong in faults.items():
        if wrong:
            fault = f"{setting} of {platform.name} {cures[setting]}"
            raise Invalid(f"platform-{setting}", fault, setting)


def _placed(found: Sequence[Any], place: Place) -> Tried:
    account = place.platform.account
    active = [one for one in found if isinstance(one, dict) and one.get("status") == "ACTIVE"]
    ours = [one for one in active if account in ("", one.get("id"))]
    if len(ours) != 1:
        fault = f"the seller has {len(active)} active locations, and `account` names not just one of them: "
        return False, fault + "copy the location's id from Locations in the Developer Console"
    if ours[0].get("timezone") != place.location.zone:
        return False, f"Square has another time zone there than {place.location.zone}: correct one"
    return True, "the location is there, in the clinic's time zone"


def _set_up(profile: Row, place: Place) -> Tried:
    if profile.get("booking_policy") != "ACCEPT_ALL":
        fault = "bookings wait to be accepted, and only people can answer those: "
        return False, fault + "let Square Appointments accept all bookings automatically"
    if profile.get("support_seller_level_writes") is not True:
        fault = "without Appointments Plus or Premium we can show what breaks a rule and call nothing off"
        return (False if place.platform.terms.cancel else None), fault
    return True, "bookings are accepted at once, and can be called off by us"


def _all_matched(offered: Sequence[Service], place: Place) -> Tried:
    missing = sum(matched(one.id, one.name, place.platform.services) is None for one in offered)
    if missing or not offered:
        fault = f"{missing} of {len(offered)} services have no treatments in clinic.toml: "
        return False, fault + "`scheduler platforms services` lists them"
    return True, f"all {len(offered)} services have treatments in clinic.toml"
