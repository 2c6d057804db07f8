"""Local times as platforms write them: without an offset; the clinic's zone has to say when that is."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from scheduler_app.errors import Invalid


def instant_of(wall: datetime, zone: ZoneInfo, path: str = "start") -> tuple[datetime, bool]:
    """The moment (UTC) at which clocks in the zone show this time, and whether they show it twice.

    Of two moments the first is meant until a person says otherwise. Raises Invalid for a time that the
    clocks skip: whoever wrote it meant another one (PEP 495).
    """
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None, fold=0):
        fault = f"{path} is a time that clocks in this zone skip; book it before or after"
        raise Invalid("time-does-not-exist", fault, path)
    return first, first != second
