"""An audit: calendar files in, what was found out. Needs no database and stores nothing."""

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.core import get_global

from integrations.calendar_files import CalendarFiles
from integrations.calendar_files.source import FROM_ADDRESS, is_address, open_source
from scheduler_app.bootstrap.configuration import load_config, now
from scheduler_app.domain.audits import Audit
from scheduler_app.domain.catalogue import CalendarDefaults, Catalogue
from scheduler_app.domain.clinic import Clinic
from scheduler_app.domain.events import CalendarEvent, Unreadable
from scheduler_app.domain.gaps import Gap
from scheduler_app.domain.identity import normal_email
from scheduler_app.domain.titles import Reader
from scheduler_app.errors import Invalid
from scheduler_app.flow.audit import audit
from scheduler_app.flow.auditing.contacts import EMAIL, PHONE
from scheduler_app.flow.auditing.phones import NormalPhone, plain_phone
from scheduler_app.ports.phones import normal_phone
from scheduler_app.rulebook import Loaded

AHEAD = Gap(18, "month")  # how far ahead of today series are unrolled
_LONG_AGO = date(1970, 1, 1)
_RARELY = 100_000

OnBytes = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an audit is asked for. Days are dates, None for not given; zone is an IANA name.

    calendar: one of clinic.toml's, whose colours, labels and default treatments titles are read with.
    day_first: what 03/04 means in a table. on_bytes: told the source's name, bytes done and bytes in all.
    ahead: report visits from today on.
    """

    sources: Sequence[str]
    config: Path | None = None
    today: date | None = None
    zone: str | None = None
    since: date | None = None
    until: date | None = None
    calendar: str | None = None
    day_first: bool | None = None
    on_bytes: OnBytes | None = None
    ahead: bool = False


def run_audit(asked: Asked) -> tuple[Audit, Catalogue, str]:
    """The audit, the catalogue its treatments are named by, and the clinic's language.

    Raises BadConfig, Invalid for what cannot be used, Unavailable for an address that does not answer.
    """
    loaded = load_config(asked.config)
    for source in asked.sources:
        _check(source)
    clinic = loaded.clinic
    zone = asked.zone or clinic.location.zone
    # A book makes millions of small values and no cycles: looking for some takes an eighth of the time.
    gc.set_threshold(_RARELY)
    today = asked.today or now().astimezone(_zone(zone)).date()
    found = audit(
        _calendars(asked, zone, today),
        Reader(loaded.catalogue),
        loaded.rulebook,
        today.toordinal(),
        normal_phone=_phones(asked.zone, clinic),
        own_contacts=_own_contacts(loaded),
        period=(today.toordinal() if asked.ahead else _ordinal(asked.since), _ordinal(asked.until)),
        defaults=_defaults(clinic, asked.calendar),
    )
    return found, loaded.catalogue, clinic.languages[0]


def _calendars(asked: Asked, zone: str, today: date) -> Iterator[Iterator[CalendarEvent | Unreadable]]:
    ahead = date.fromordinal(AHEAD.after(today.toordinal()))
    window = (_LONG_AGO, max(ahead, asked.until or ahead))
    for source in asked.sources:
        name = FROM_ADDRESS if is_address(source) else os.path.basename(source)
        on_bytes = _named(asked.on_bytes, name) if asked.on_bytes is not None else None
        files = CalendarFiles(day_first=asked.day_first, on_bytes=on_bytes)
        yield files.read(source, window=window, default_zone=zone)


def _named(on_bytes: OnBytes, name: str) -> Callable[[int, int], None]:
    return lambda done, total: on_bytes(name, done, total)


def _check(source: str) -> None:
    """A file that is not there is told before the others have been read for a minute."""
    if not is_address(source) and (os.path.isdir(source) or not os.path.exists(source)):
        open_source(source, None)[1].close()


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        fault = "zone is no IANA time zone; write it like 'Europe/London'"
        raise Invalid("zone-unknown", fault, "zone") from None


def _phones(zone: str | None, clinic: Clinic) -> NormalPhone:
    """Numbers without a country's code are read as the clinic's country's, or the given zone's."""
    country = clinic.location.country
    if zone is not None:
        country = str(get_global("zone_territories").get(zone, country))
    return lambda text: normal_phone(text, country)


def _own_contacts(loaded: Loaded) -> Iterator[str]:
    clinic = loaded.clinic
    for contact in (clinic.email, clinic.phone, *loaded.catalogue.wording.own_contacts):
        if email := normal_email(contact):
            yield EMAIL + email
        elif number := plain_phone(contact):
            yield PHONE + number


def _defaults(clinic: Clinic, calendar: str | None) -> CalendarDefaults | None:
    if calendar is None:
        return None
    if calendar not in clinic.calendars:
        known = ", ".join(sorted(clinic.calendars)) or "none"
        fault = f"clinic.toml has no such calendar; it has: {known}"
        raise Invalid("calendar-unknown", fault, "calendar")
    return clinic.calendars[calendar].defaults


def _ordinal(day: date | None) -> int | None:
    return None if day is None else day.toordinal()
