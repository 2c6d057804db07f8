"""Many events: a page costs what is on it, wherever it is."""

import time

from tests.google_double.asking import visit
from tests.google_double.double import ROOM, GoogleDouble
from tests.google_double.fixtures import Making

MANY = 8_000


def test_every_page_of_many_events_is_read_once_and_in_order(
    google_double: GoogleDouble, google_service: Making
) -> None:
    google_double.quirks.check_responses = False
    day = [visit(id=f"many{n:05}") for n in range(MANY)]
    assert google_double.seed(ROOM, day) == MANY
    bot, seen, took = google_service(), list[str](), list[float]()
    asked = bot.events().list(calendarId=ROOM, maxResults=500, timeMin="2026-01-01T00:00:00Z")
    while asked is not None:
        began = time.process_time()
        page = asked.execute()
        took.append(time.process_time() - began)
        seen += [each["id"] for each in page["items"]]
        asked = bot.events().list_next(asked, page)
    assert seen == [each["id"] for each in day]
    half = len(took) // 2
    assert min(took[half:]) < 3 * min(took[:half])


def test_an_idle_sync_of_many_events_reads_none_of_them(
    google_double: GoogleDouble, google_service: Making
) -> None:
    google_double.seed(ROOM, (visit() for _ in range(2_500)))
    bot = google_service()
    since = bot.events().list(calendarId=ROOM, maxResults=2500).execute()["nextSyncToken"]
    mark = google_double.mark()
    page = bot.events().list(calendarId=ROOM, maxResults=2500, syncToken=since).execute()
    assert page["items"] == []
    assert google_double.units(mark) == 1
