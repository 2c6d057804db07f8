"""What Evolution Data Server keeps of the calendar named "feed": run by Debian's own Python, which has its
bindings, in a session bus of its own. Takes how many entries to wait for and for how many seconds; tells
[uid, start, end, title] as JSON, a moment as seconds since 1970 and a whole day as YYYY-MM-DD."""

import importlib
import json
import sys
import time
from typing import Any

AT_ONCE = 2**32 - 1  # e_cal_client_connect(): do not wait until the backend says that it is connected
PAUSE = 0.05  # seconds between two looks

gi: Any = importlib.import_module("gi")
for name, version in (("EDataServer", "1.2"), ("ECal", "2.0"), ("ICalGLib", "3.0")):
    gi.require_version(name, version)
EDataServer: Any = importlib.import_module("gi.repository.EDataServer")
ECal: Any = importlib.import_module("gi.repository.ECal")
ICalGLib: Any = importlib.import_module("gi.repository.ICalGLib")
HERE = "Asia/Tokyo"  # where a moment without a zone is taken to be


def told(moment: Any) -> str | int:
    """In its own zone, whichever that is; without one, as somebody far from here sees it."""
    if moment.is_date():
        return f"{moment.get_year():04}-{moment.get_month():02}-{moment.get_day():02}"
    zone = moment.get_timezone() or ICalGLib.Timezone.get_builtin_timezone(HERE)
    return int(moment.as_timet_with_zone(zone))


def kept(count: int, seconds: float) -> list[Any]:
    """Every entry, as soon as there are so many or the time is over."""
    source = EDataServer.SourceRegistry.new_sync(None).ref_source("feed")
    client = ECal.Client.connect_sync(source, ECal.ClientSourceType.EVENTS, AT_ONCE, None)
    over = time.monotonic() + seconds
    while True:
        entries: list[Any] = client.get_object_list_sync("#t", None)[1]
        if len(entries) >= count or time.monotonic() > over:
            return entries
        time.sleep(PAUSE)


if __name__ == "__main__":
    shown = [
        [entry.get_uid(), told(entry.get_dtstart()), told(entry.get_dtend()), entry.get_summary()]
        for entry in kept(int(sys.argv[1]), float(sys.argv[2]))
    ]
    sys.stdout.write(json.dumps(shown))
