"""Cal.com as the flow speaks to it: bookings that wait are held, others called off.

Webhooks are sent once and never again: nothing gets past the poll. A reschedule makes another booking.
All of a series that wait are confirmed and declined together, whichever is named.
"""

import hashlib
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from integrations.api_client import Refused
from integrations.calcom.client import TAKE, CalcomClient, WaitingKinds, offered_in, trials
from integrations.calcom.translate import (
    OVER,
    UNSIGNED,
    Standing,
    ids_in,
    report_of,
    sound_id,
    standing_of,
    verify,
)
from integrations.documents import Fields, parse
from integrations.left_out import Told, left_out
from scheduler_app.domain import platforms
from scheduler_app.domain.appointments import Report
from scheduler_app.domain.clinic import Clinic
from scheduler_app.domain.deliveries import Delivery
from scheduler_app.domain.platforms import Act, BookingPage, ClinicPlatform, Service, Step
from scheduler_app.errors import Conflict, Invalid, NotFound

BACK, AHEAD = timedelta(days=13 * 31), timedelta(days=18 * 31)
OVERLAP = timedelta(minutes=10)  # their clock and ours may differ
FARTHEST = 12  # reschedules followed from one booking
WAITS, STANDS = ("pending", "proposed"), ("booked", "noshow")
CALLED_OFF = "The clinic has called this visit off."  # Cal.com takes no cancellation without a reason

_LINK = re.compile(r"https?://([A-Za-z0-9.-]+)(?::\d+)?/(?:booking|video)/([A-Za-z0-9_-]{16,64})(?![\w-])")
_PRINTABLE = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_HOSTS = ("cal.com", "cal.eu")

log = logging.getLogger(__name__)


class CalcomPlatform:
    """Implements ports.BookingPlatform. key: an API key; secrets: of its webhooks, none where only the
    poll is used. account: a team's number, "" for none; user: addresses of the clinic's own people.

    Raises Invalid for a key or a secret that cannot be one, naming the variable.
    """

    content_type = "application/json"
    secret_in_path = False
    capabilities = frozenset({platforms.HOLD, platforms.CANCEL, platforms.ALERT})

    def __init__(self, platform: ClinicPlatform, clinic: Clinic, secrets: Sequence[str], key: str) -> None:
        self.name = platform.name
        self._platform = platform
        self._where = clinic.locations[platform.location]
        self._secrets = tuple(secrets)
        variable = platform.name.upper().replace("-", "_")
        if not re.fullmatch(r"[\x21-\x7e]{8,}", key):
            setting = f"SCHEDULER_PLATFORM_{variable}"
            raise Invalid("platform-key", f"{setting} is no API key of Cal.com; copy it whole", setting)
        if any(not s.strip() or not s.isprintable() or s == UNSIGNED for s in secrets):
            setting = f"SCHEDULER_HOOK_SECRETS_{variable}"
            fault = f"{setting} holds something that is no secret: write there what stands at the webhook"
            raise Invalid("secret-unreadable", fault, setting)
        if platform.account and not platform.account.isdecimal():
            fault = f"account of {platform.name} must be the number of a team at Cal.com, or left out"
            raise Invalid("platform-account", fault, "account")
        self._client = CalcomClient(platform.endpoint, key, platform.name)
        # where nothing is ever called off it makes no difference who confirmed a booking, and nobody asks
        listed = platform.terms.calls_off
        self._waiting = WaitingKinds(lambda: self._client.event_types(platform.account) if listed else ())
        self._hosts = (*_HOSTS, *_web_hosts(platform.endpoint))

    # webhooks

    def receive(self, headers: Mapping[str, str], body: bytes, now: datetime, _secret: str = "") -> Delivery:
        """As the port says. Events have no name; `createdAt` in the body tells two that are alike apart."""
        verify(self._secrets, headers, body)
        Fields(parse(body), "").required("triggerEvent", 64)
        return Delivery(self.name, hashlib.sha256(body).hexdigest(), now, body)

    def concerned(self, delivery: Delivery) -> tuple[str, ...]:
        """As the port says."""
        return ids_in(parse(delivery.body))

    # bookings

    def fetch(self, booking_id: str) -> tuple[Report, ...]:
        """As the port says; of a series, its other bookings too: one webhook may tell of them all."""
        booking = self._booking(booking_id)
        stands = standing_of(booking)
        reports = {booking_id: self._report(booking)}
        for other in self._told((*self._moved_to(stands.successor), *self._series(stands.series))):
            reports.setdefault(other.source_id, other)
        return tuple(reports.values())

    def changed(self, since: datetime | None, now: datetime, page: str | None = None) -> BookingPage:
        """As the port says. A page names its whole query, so that a reading goes on as it began."""
        if page is None:
            self._waiting.forget()
        query = dict(parse_qsl(page)) if page else {**_range(since, now), "skip": "0"}
        found, more = self._client.bookings({**query, "sortCreated": "asc", "take": TAKE})
        following = urlencode({**query, "skip": int(query["skip"]) + TAKE}) if more else None
        return BookingPage.of(map(self._read, found), following)

    def confirm(self, act: Act) -> None:
        """As the port says. Raises Invalid where other bookings of its series would stand with it."""
        stands = self._standing(act.booking_id)
        if stands.status in STANDS:
            return
        self._as_it_was(stands, act)
        if self._waiting_with(stands):
            fault = f"{self.name} would confirm the other visits of this series too: confirm them there"
            raise Invalid("series-waits", fault)
        self._acting(stands, lambda: self._client.confirm(act.booking_id), STANDS)

    def decline(self, act: Act) -> None:
        """As the port says. One of a series that waits is called off instead: the others go on waiting."""
        stands = self._standing(act.booking_id)
        if stands.status == OVER:
            return
        if stands.status not in WAITS:
            raise Conflict("confirmed meanwhile")
        self._as_it_was(stands, act)
        self._one_client(stands)
        verb = self._client.cancel if self._waiting_with(stands) else self._client.decline
        self._acting(stands, lambda: verb(act.booking_id, act.message or CALLED_OFF), (OVER,))

    def cancel(self, act: Act) -> None:
        """As the port says. Others of its series stay."""
        stands = self._standing(act.booking_id)
        if stands.status == OVER:
            return
        self._as_it_was(stands, act)
        self._one_client(stands)
        self._acting(stands, lambda: self._client.cancel(act.booking_id, act.message or CALLED_OFF), (OVER,))

    def services(self) -> Sequence[Service]:
        """As the port says: event types, by number."""
        offered = offered_in(self._client.event_types(self._platform.account))
        return [Service(kind.id, kind.name) for kind in offered]

    def carried_in(self, text: str) -> str | None:
        """As the port says: the link under "need to make a change". A UID keeps the first uid of a booking
        that was rescheduled, and is not read."""
        ours = {uid for host, uid in _LINK.findall(text) if self._ours(host.lower())}
        return ours.pop() if len(ours) == 1 else None

    def steps(self, address: str, _now: datetime) -> Iterator[Step]:
        """As the port says."""
        return trials(self._client, self._platform, self._secrets, address)

    def _report(self, booking: object) -> Report:
        return report_of(booking, self._platform, self._where, self._waiting.now())

    def _told(self, bookings: Sequence[object]) -> Iterator[Report]:
        return (read for read in map(self._read, bookings) if isinstance(read, Report))

    def _read(self, booking: object) -> Told:
        try:
            return self._report(booking)
        except Invalid as fault:
            uid = booking.get("uid") if isinstance(booking, dict) else None
            shown = uid if isinstance(uid, str) and _PRINTABLE.fullmatch(uid) else ""
            return left_out(self.name, shown, fault)

    def _moved_to(self, uid: str) -> Iterator[object]:
        seen = {""}
        for _ in range(FARTHEST):
            if uid in seen:
                return
            seen.add(uid)
            try:
                found = self._client.booking(uid)
                uid = standing_of(found[0]).successor
            except (NotFound, Invalid, IndexError):
                return
            yield found[0]

    def _series(self, uid: str) -> Sequence[object]:
        try:
            return self._client.booking(uid) if uid else ()
        except (NotFound, Invalid):
            return ()

    def _booking(self, uid: str) -> object:
        found = self._client.booking(sound_id(uid, "booking_id"))
        if len(found) != 1 or standing_of(found[0]).uid != uid:
            raise Invalid("platform-refused", f"{self.name} answered with another booking")
        return found[0]

    # acting

    def _standing(self, uid: str) -> Standing:
        return standing_of(self._booking(uid))

    def _as_it_was(self, stands: Standing, act: Act) -> None:
        if stands.status == OVER or act.version not in (None, stands.version):
            raise Conflict("called off, declined or changed meanwhile")

    def _one_client(self, stands: Standing) -> None:
        if stands.seats is not None and stands.seats != 1:
            fault = f"{self.name} would call off every client of this booking: take the one out there"
            raise Invalid("several-clients", fault)

    def _waiting_with(self, stands: Standing) -> bool:
        if not stands.series:
            return False
        try:
            others = [standing_of(one) for one in self._client.booking(stands.series)]
        except NotFound:
            return True  # a series nobody shows may have others that wait
        return any(one.status in WAITS and one.uid != stands.uid for one in others)

    def _acting(self, stands: Standing, ask: Callable[[], None], wanted: Sequence[str]) -> None:
        try:
            ask()
        except Refused:
            # somebody may have been faster: Cal.com answers 400 to what is done already
            now = self._standing(stands.uid).status
            if now not in (*wanted, stands.status):
                raise Conflict("changed meanwhile") from None
            if now == stands.status:
                raise

    def _ours(self, host: str) -> bool:
        return any(host == known or host.endswith("." + known) for known in self._hosts)


def _web_hosts(endpoint: str) -> tuple[str, ...]:
    """Where the pages of a clinic's own server are: on the host of its API, less a leading `api.`."""
    host = (urlsplit(endpoint).hostname or "").lower().removeprefix("api.")
    return (host,) if "." in host else ()


def _range(since: datetime | None, now: datetime) -> dict[str, str]:
    if since is not None:
        return {"afterUpdatedAt": _stamp(since - OVERLAP)}
    return {"afterStart": _stamp(now - BACK), "beforeEnd": _stamp(now + AHEAD)}


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
