"""What only one platform does: versions that arrive late, webhooks that are equal byte for byte."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.contracts.booking_platform import LATER
from tests.days.online.conftest import ONLINE, ClinicOnline
from tests.days.online.vendors import VENDORS
from tests.integrations.square.outside import AtSquare


@contextmanager
def clinic_at(vendor: str, database: bytes, folder: Path) -> Iterator[ClinicOnline]:
    """A clinic booked on that platform."""
    file = folder / "clinic.db"
    file.write_bytes(database)
    with VENDORS[vendor]() as opened:
        clinic = ClinicOnline(file, opened)
        yield clinic
        clinic.close()


def test_squares_first_version_read_after_its_second_changes_nothing(emptied: bytes, tmp_path: Path) -> None:
    with clinic_at("square", emptied, tmp_path) as clinic:
        outside = clinic.outside
        assert isinstance(outside, AtSquare)
        booking = clinic.book_online("micro", "2026-03-20", tells=False)
        first, told_first = dict(outside.square.bookings[booking]), outside.sent(booking)
        outside.move(booking, LATER)
        clinic.deliver(booking)
        clinic.rest()
        outside.square.bookings[booking] = first  # a copy of theirs that lags behind answers
        clinic.arrives(told_first)
        clinic.rest()
        clinic.poll()
        held = clinic.appointment(booking, ONLINE)
        assert (held.start, held.version) == (LATER, 1)


def test_equal_webhooks_of_acuity_each_bring_what_stands_behind_them(emptied: bytes, tmp_path: Path) -> None:
    with clinic_at("acuity", emptied, tmp_path) as clinic:
        booking = clinic.book_online("micro", "2026-03-20")
        clinic.rest()
        outside = clinic.outside
        clinic.tell_time(clinic.clock.now)
        outside.move(booking, LATER)
        moved = outside.sent(booking)
        clinic.arrives(moved)
        clinic.rest()
        assert clinic.appointment(booking, ONLINE).start == LATER
        clinic.tell_time(clinic.clock.now)
        outside.move(booking, LATER.replace(day=28))
        assert outside.sent(booking) == moved
        clinic.arrives(moved)
        clinic.rest()
        assert clinic.appointment(booking, ONLINE).start == LATER.replace(day=28)
