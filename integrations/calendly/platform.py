"""Calendly as the flow speaks to it: it can cancel, and nothing before a booking is made.

A reschedule makes another invitee, at another event. A list cannot tell what changed: all that is ahead is
listed each time, and of what did not change since no more is asked.
"""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from threading import Lock
from urllib.parse import parse_qsl, urlencode

from integrations.api_client import Query, Refused
from integrations.calendly import translate
from integrations.calendly.client import MOST, CalendlyClient, Page, Row, is_shared, trials
from integrations.calendly.translate import ID, Place, Seat, id_of, standing_of
from integrations.documents import Fields, parse
from integrations.left_out import Told, left_out
from scheduler_app.domain.appointments import Report
from scheduler_app.domain.clinic import Clinic
from scheduler_app.domain.deliveries import Delivery
from scheduler_app.domain.platforms import ALERT, CANCEL, Act, BookingPage, ClinicPlatform, Service, Step
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.errors import Conflict, Disconnected, Invalid, NotFound

log = logging.getLogger(__name__)

BACK, AHEAD = timedelta(days=400), timedelta(days=552)  # a little over 13 and 18 months
PAGE = 25  # events read at once, one request each: half of what the smallest plan lets in in a minute
OVERLAP = timedelta(minutes=10)  # their clock and ours may differ
FARTHEST = 12  # reschedules followed from one booking


class CalendlyPlatform:
    """Implements ports.BookingPlatform. key: a personal access token; secrets: signing keys of its webhooks,
    none where only the poll is used. user: addresses of the clinic's own people.

    Raises Invalid for a key or a secret that cannot be one, naming the variable.
    """

    content_type = "application/json"
    secret_in_path = False
    capabilities = frozenset({CANCEL, ALERT})

    def __init__(self, platform: ClinicPlatform, clinic: Clinic, secrets: Sequence[str], key: str) -> None:
        self.name = platform.name
        variable = platform.name.upper().replace("-", "_")
        if not re.fullmatch(r"[\x21-\x7e]{8,}", key):
            setting = f"SCHEDULER_PLATFORM_{variable}"
            raise Invalid("platform-key", f"{setting} is no token of Calendly; copy it whole", setting)
        if any(not secret.strip() or not secret.isprintable() for secret in secrets):
            setting = f"SCHEDULER_HOOK_SECRETS_{variable}"
            fault = f"{setting} holds something that is no key: write there the signing_key of the webhook"
            raise Invalid("secret-unreadable", fault, setting)
        self._secrets = tuple(secrets)
        self._place = Place(platform, clinic.locations[platform.location])
        self._client = CalendlyClient(platform.endpoint, key)
        self._searching = Lock()
        self._earliest: str | None = None  # how far back everything was read, once it was

    # webhooks

    def receive(self, headers: Mapping[str, str], body: bytes, now: datetime, _secret: str = "") -> Delivery:
        """As the port says."""
        translate.verify(self._secrets, headers, body, now)
        return Delivery(self.name, translate.key_of(parse(body), body), now, body)

    def concerned(self, delivery: Delivery) -> tuple[str, ...]:
        """As the port says; it is remembered at which events they sit."""
        seats = translate.seats_in(parse(delivery.body))
        self._client.seats.learn(seats)
        return tuple(seat.invitee for seat in seats)

    # bookings

    def fetch(self, booking_id: str) -> tuple[Report, ...]:
        """As the port says."""
        invitee, event = self._booking(booking_id)
        reports = {booking_id: self._report(invitee, event)}
        while (after := standing_of(invitee, event).after) and after.invitee not in reports:
            if len(reports) > FARTHEST:
                break
            before = invitee
            try:
                invitee, event = self._client.invitee(after), self._client.event(after.event)
                reports[after.invitee] = self._report(invitee, event, before)
            except (NotFound, Invalid) as fault:
                log.warning("%s: the end of a reschedule is left out: %s", self.name, type(fault).__name__)
                break
        return tuple(reports.values())

    def changed(self, since: datetime | None, now: datetime, page: str | None = None) -> BookingPage:
        """As the port says."""
        mark = _span(since, now) | dict(parse_qsl(page or ""))
        events, following = self._listed(mark)
        told = [self._told(event) for event in events if not self._is_unchanged(event, since)]
        onward = None if following is None else mark | {"page": following, "reached": _start(events)}
        read = BookingPage.of(chain.from_iterable(told), urlencode(onward) if onward else None)
        if onward is None and since is None:
            self._earliest = mark["first"]
        return read

    def confirm(self, _act: Act) -> None:
        """Never asked: bookings do not wait here. Raises Invalid."""
        raise Invalid("platform-cannot", "Calendly's bookings never wait for confirmation", "capabilities")

    def decline(self, act: Act) -> None:
        """As `confirm`."""
        self.confirm(act)

    def cancel(self, act: Act) -> None:
        """As the port says. What was rescheduled meanwhile is over too: what it was moved to stays."""
        invitee, event = self._booking(act.booking_id)
        seat = standing_of(invitee, event).seat
        if _is_over(invitee, event):
            return
        if translate.clients_at(event) not in (0, 1):
            fault = f"{self.name} would call off every client of this event: take the one out there"
            raise Invalid("several-clients", fault)
        try:
            self._client.cancel(seat.event, act.message)
        except (Conflict, Disconnected, NotFound, Refused) as fault:
            # a second cancelling is answered 403, as is a key that may not: how it stands decides
            if _is_over(*self._booking(act.booking_id)):
                return
            if isinstance(fault, Disconnected):
                words = f"{self.name} does not let this key cancel: it needs the scope scheduled_events:write"
                raise Invalid("platform-refused", f"{words}, of an owner or admin") from None
            raise

    def services(self) -> Sequence[Service]:
        """As the port says: event types, by the last part of their address."""
        return self._client.event_types()

    def carried_in(self, text: str) -> str | None:
        """As the port says."""
        return translate.carried_in(text)

    def steps(self, address: str, _now: datetime) -> Iterator[Step]:
        """As the port says."""
        return trials(self._client, self._place.platform.services, self._secrets, address)

    def _booking(self, booking_id: str) -> tuple[Row, Row]:
        seat = self._seat(booking_id)
        return self._client.invitee(seat), self._client.event(seat.event)

    def _seat(self, booking_id: str) -> Seat:
        if not ID.fullmatch(booking_id):
            raise NotFound("there is no such booking")
        known = self._client.seats.seat_of(booking_id)
        if known is not None:
            return known
        with self._searching:  # one search finds them all
            return self._client.seats.seat_of(booking_id) or self._search(booking_id)

    def _search(self, booking_id: str) -> Seat:
        """Only after a start, before everything was read: what begins last comes first."""
        bounds: Query = {"sort": "start_time:desc", "count": MOST, "min_start_time": self._earliest}
        events, page = self._client.events(bounds)
        whole = True
        while True:
            for event in events:
                whole &= self._has_looked_at(event)
                if known := self._client.seats.seat_of(booking_id):
                    return known
            if page is None:
                break
            events, page = self._client.events(bounds, page)
        if whole:
            raise NotFound("there is no such booking")
        # it may be where nobody could look: what we hold stays
        raise Invalid("platform-refused", f"{self.name} does not show all of its bookings")

    def _has_looked_at(self, event: Row) -> bool:
        try:
            return self._is_known(event) or self._client.invitees(event) is not None
        except (NotFound, Invalid):
            return False

    def _listed(self, mark: Mapping[str, str]) -> Page:
        bounds = {"min_start_time": mark["first"], "max_start_time": mark["last"]}
        query: Query = {**bounds, "sort": "start_time:asc", "count": PAGE}
        try:
            return self._client.events(query, mark["page"] or None)
        except (Refused, NotFound):
            if not mark["page"]:
                raise
        # the page has grown too old: on from the last start, some of them again
        found = self._client.events({**query, "min_start_time": mark["reached"] or mark["first"]})
        if found[1] is not None and _start(found[0]) == mark["reached"]:
            raise Invalid("platform-refused", f"a reading of {self.name} does not get on")
        return found

    def _is_known(self, event: Row) -> bool:
        """Nobody knows whether an event notices who comes and goes: shared ones are always asked for."""
        return not is_shared(event) and self._client.seats.has_read(id_of(event.get("uri")))

    def _is_unchanged(self, event: Row, since: datetime | None) -> bool:
        if since is None or not self._is_known(event):
            return False
        try:
            changed = Fields(event, "event").instant("updated_at")
        except Invalid:
            return False
        return changed is not None and changed < since - OVERLAP

    def _told(self, event: Row) -> Iterator[Told]:
        try:
            invitees = self._client.invitees(event)
        except (NotFound, Invalid) as fault:
            shown = id_of(event.get("uri")) or "without an id"
            log.warning("%s: event %s is left out: %s", self.name, shown, type(fault).__name__)
            return
        for invitee in invitees:
            try:
                yield self._report(invitee, event)
            except Invalid as fault:
                yield left_out(self.name, id_of(invitee.get("uri")), fault)

    def _report(self, invitee: Row, event: Row, before: Row | None = None) -> Report:
        old = standing_of(invitee, event).before
        try:
            moved = old is not None and translate.moved_by_staff(before or self._client.invitee(old))
        except (NotFound, Invalid):
            moved = True  # nobody can tell any more, and what staff moved is never called off by us
        return translate.report_of(invitee, event, self._place, moved=moved)


def _is_over(invitee: Row, event: Row) -> bool:
    return standing_of(invitee, event).status in NOT_HELD


def _span(since: datetime | None, now: datetime) -> dict[str, str]:
    """Where a reading begins and ends. What was ahead at the last one may have changed before it came."""
    earliest = now - BACK
    start = earliest if since is None else max(earliest, min(since, now))
    return {"first": _stamp(start), "last": _stamp(now + AHEAD), "page": "", "reached": ""}


def _start(events: Sequence[Row]) -> str:
    """When the last of them begins, as it is written."""
    found = events[-1].get("start_time") if events else None
    return found if isinstance(found, str) else ""


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000000Z")
