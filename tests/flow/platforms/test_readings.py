"""Where a reading of a platform begins, goes on and ends, and what it concludes of what it did not see."""

from dataclasses import replace
from datetime import datetime, timedelta

from scheduler_app.domain.platforms import BookingPage, LeftOut, PlatformState
from scheduler_app.flow.platforms.reconciling import OVERLAP
from tests.flow.platforms.clinic_online import ONLINE, ClinicOnline

Asked = list[tuple[datetime | None, str | None]]


def listened(online: ClinicOnline, left_out: tuple[LeftOut, ...] = ()) -> Asked:
    """What the platform is asked for from now on."""
    asked: Asked = []
    whole = online.platform.changed

    def changed(since: datetime | None, _now: datetime, page: str | None = None) -> BookingPage:
        asked.append((since, page))
        return replace(whole(since, _now, page), left_out=left_out)

    online.otherwise(changed=changed)
    return asked


def booked(online: ClinicOnline, count: int) -> list[str]:
    days = [f"2026-03-{10 + number % 20}" for number in range(count)]
    return [
        online.book_online("Talk", day, name=f"C{number} D{number}", tells=False)
        for number, day in enumerate(days)
    ]


def remembered(online: ClinicOnline, state: PlatformState) -> None:
    with online.store.transaction() as tx:
        tx.platforms.put(state)


def test_a_later_reading_overlaps_the_last_since_clocks_differ(online: ClinicOnline) -> None:
    online.poll()
    began = online.clock.now
    asked = listened(online)
    online.clock.pass_by(minutes=15)
    online.poll()
    assert asked == [(began - OVERLAP, None)]


def test_one_that_began_more_than_a_day_ago_begins_anew(online: ClinicOnline) -> None:
    began = online.clock.now - timedelta(hours=25)
    remembered(online, PlatformState(ONLINE, page="100", reading_since=began, whole=True))
    asked = listened(online)
    online.poll()
    assert asked == [(None, None)]


def test_one_that_went_on_from_its_page_concludes_nothing_of_what_it_did_not_see_and_another_follows(
    online: ClinicOnline,
) -> None:
    ids = booked(online, 8)
    for booking in ids:
        online.deliver(booking)
    online.settle()
    del online.platform.bookings[ids[0]]
    remembered(online, PlatformState(ONLINE, page="100", reading_since=online.clock.now, whole=True))
    asked = listened(online)
    online.poll()
    assert asked == [(None, "100")]
    with online.store.reading() as tx:
        state = tx.platforms.get(ONLINE)
    assert (state.fault, state.whole_at) == ("", None)
    assert online.appointment(ids[0], ONLINE).status == "booked"
    online.clock.pass_by(minutes=20)
    online.poll()
    assert asked[1] == (None, None)
    with online.store.reading() as tx:
        state = tx.platforms.get(ONLINE)
    assert state.whole_at == state.read_until
    assert online.appointment(ids[0], ONLINE).status == "cancelled"


def test_bookings_it_shows_and_nobody_can_read_are_not_missing(online: ClinicOnline) -> None:
    ids = booked(online, 8)
    online.poll()
    online.clock.pass_by(hours=25)
    online.platform.bookings = {id: online.platform.bookings[id] for id in ids[:1]}  # one that can be read
    listened(online, tuple(LeftOut(id, "status-unknown", "booking.status is unknown") for id in ids[1:]))
    online.poll()
    with online.store.reading() as tx:
        assert tx.platforms.get(ONLINE).fault == ""
    assert {online.appointment(id, ONLINE).status for id in ids} == {"booked"}
