"""Whatever is lost, doubled or late: once everything was read, the book says what the platform says."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler_app.errors import SchedulerError, Unavailable
from tests.flow.platforms.clinic_online import ONLINE, ClinicOnline

SERVICES = st.sampled_from(["Micro", "Botox", "Filler", "Talk", "Both", "Unmatched"])
DAYS = st.integers(3, 28).map(lambda day: f"2026-03-{day:02}")
WHICH = st.integers(0, 5)
STEPS = st.one_of(
    st.tuples(st.just("book"), SERVICES, DAYS, st.booleans(), st.booleans(), st.booleans()),
    st.tuples(st.just("move"), WHICH, DAYS, st.booleans()),
    st.tuples(st.just("call off"), WHICH, st.booleans()),
    st.tuples(st.just("let through"), WHICH, st.booleans()),
    st.tuples(st.just("tell"), WHICH),
    st.tuples(st.just("settle")),
    st.tuples(st.just("busy")),
)


@pytest.fixture(scope="module")
def fresh(migrated_file: bytes) -> Callable[[Path], ClinicOnline]:
    def make(folder: Path) -> ClinicOnline:
        file = folder / "clinic.db"
        file.write_bytes(migrated_file)
        return ClinicOnline(file)

    return make


def do(clinic: ClinicOnline, step: tuple) -> None:  # type: ignore[type-arg]
    what, *with_ = step
    known = list(clinic.platform.bookings)
    if what == "book":
        service, day, waits, by_staff, tells = with_
        clinic.book_online(service, day, waits=waits, by_staff=by_staff, tells=tells)
    elif what == "settle":
        clinic.settle()
    elif what == "busy":
        clinic.platform.faults.append(Unavailable("busy", 20))
    elif known:
        booking = known[with_[0] % len(known)]
        if what == "move":
            clinic.move_online(booking, with_[1], tells=with_[2])
        elif what == "call off":
            clinic.call_off_online(booking, tells=with_[1])
        elif what == "let through" and clinic.stands(booking) == "pending":
            clinic.change_online(booking, status="booked", tells=with_[1])
        elif what == "tell":
            clinic.deliver(booking)


@given(st.lists(STEPS, max_size=14), st.booleans())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_book_ends_as_the_platform_stands_and_nobody_is_called_off_who_must_not_be(
    fresh: Callable[[Path], ClinicOnline],
    steps: list[tuple],  # type: ignore[type-arg]
    cancels: bool,
) -> None:
    with TemporaryDirectory() as folder:
        clinic = fresh(Path(folder))
        clinic.allow(cancel=cancels)
        for step in steps:
            do(clinic, step)
        _come_to_rest(clinic)
        for id, held in clinic.platform.bookings.items():
            known = clinic.appointment(id, ONLINE)
            assert (known.status, known.start) == (held.status, held.start)
        for kind, act in clinic.platform.acts:
            booking = clinic.platform.bookings[act.booking_id]
            assert kind == "confirm" or not booking.by_staff
            assert kind != "cancel" or cancels
        done = list(clinic.platform.acts)
        _come_to_rest(clinic)
        assert clinic.platform.acts == done
        clinic.close()


def _come_to_rest(clinic: ClinicOnline) -> None:
    """A day passes, with everything read and whatever failed tried again."""
    clinic.clock.pass_by(hours=25)
    for _ in range(4 + len(clinic.platform.faults)):
        try:
            clinic.poll()
        except SchedulerError:
            pytest.fail("a fault of the platform is no fault of ours")
        clinic.clock.pass_by(minutes=30)
    clinic.settle()
