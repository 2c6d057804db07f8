"""Moments, days and zones, as the API writes them."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tests.google_double.refusals import Json, Refused, invalid

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)?")


@lru_cache(maxsize=256)
def zone_named(name: str) -> ZoneInfo:
    """Raises Refused(400) when nobody knows it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise invalid(f"Invalid time zone: {name}", "timeZone") from None


def moment(raw: str, where: str, zone_needed: bool = True) -> datetime:
    """RFC 3339. Raises Refused(400) for anything else, and for a missing offset where one is needed."""
    if not _MOMENT.fullmatch(raw):
        raise invalid(f"{where}: not an RFC 3339 moment: {raw}", where)
    try:
        found = datetime.fromisoformat(raw.upper())
    except ValueError:
        raise invalid(f"{where}: no such moment: {raw}", where) from None
    if found.tzinfo is None and zone_needed:
        raise invalid(f"{where}: no offset: {raw}", where)
    return found


def instant(at: datetime) -> str:
    """A moment in UTC as `created` and `updated` show it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class When:
    """A start or an end: a day, or a wall time in a zone."""

    day: date | None
    at: datetime | None
    zone: str | None

    @property
    def instant(self) -> float:
        """Seconds since 1970; a day counts from its midnight in UTC."""
        if self.at is not None:
            return self.at.timestamp()
        return self.midnight(None)

    def midnight(self, calendar_zone: str | None) -> float:
        """The first second of a day where the calendar is; of a moment, the moment."""
        if self.at is not None or self.day is None:
            return self.instant if self.at is not None else 0.0
        zone = zone_named(calendar_zone) if calendar_zone else UTC
        return datetime(self.day.year, self.day.month, self.day.day, tzinfo=zone).timestamp()

    def shifted(self, by: timedelta) -> "When":
        """The same kind, later; the wall time is kept over a clock change."""
        if self.day is not None:
            return When(self.day + by, None, self.zone)
        assert self.at is not None
        return at_wall(self.at.replace(tzinfo=None) + by, self.zone)

    def said(self, calendar_zone: str | None) -> Json:
        """As the API shows it in a calendar of that zone."""
        if self.day is not None:
            return {"date": self.day.isoformat()}
        assert self.at is not None
        shown = self.at.astimezone(zone_named(calendar_zone) if calendar_zone else UTC)
        words = {"dateTime": shown.isoformat(timespec="seconds").replace("+00:00", "Z")}
        zone = self.zone or calendar_zone
        return words | ({"timeZone": zone} if zone else {})


def at_wall(wall: datetime, zone: str | None) -> When:
    """A wall time in its zone; one that a clock change skips moves on by the change."""
    there = wall.replace(tzinfo=zone_named(zone) if zone else UTC)
    return When(None, there.astimezone(UTC).astimezone(there.tzinfo), zone)


def when(said: Json | None, where: str, calendar_zone: str | None) -> When:
    """A start or end read from a body. Raises Refused(400) when it is neither a day nor a moment."""
    given = {name: value for name, value in (said or {}).items() if value is not None}
    if not given:
        raise Refused(400, "required", f"Missing {where} time.", where)
    zone = given.get("timeZone")
    if zone is not None:
        zone_named(zone)
    if ("date" in given) == ("dateTime" in given):
        raise invalid(f"{where}: give either date or dateTime", where)
    if "date" in given:
        try:
            return When(date.fromisoformat(given["date"]), None, zone)
        except ValueError:
            raise invalid(f"{where}: no such day: {given['date']}", where) from None
    at = moment(given["dateTime"], where, zone_needed=zone is None)
    if at.tzinfo is None:
        return at_wall(at, zone)
    home = zone or calendar_zone
    return When(None, at.astimezone(zone_named(home) if home else UTC), home)
