"""A clinic that reads a calendar of series."""

from collections.abc import Callable

from scheduler_app.domain.appointments import Appointment
from scheduler_app.flow.sync import sync_calendar
from tests.flow.clinic_at_work import DESK, NOW, ClinicAtWork, local
from tests.flow.series_calendar import SeriesCalendar

SOURCE = f"calendar:{DESK}"
WEEKLY = local("2026-03-04")  # two days from now

At = tuple[ClinicAtWork, SeriesCalendar]


def reading_series(open_clinic: Callable[..., ClinicAtWork]) -> At:
    """A clinic, and the calendar it reads."""
    calendars: list[SeriesCalendar] = []
    clinics: list[ClinicAtWork] = []

    def stand(_: object) -> SeriesCalendar:
        calendars.append(SeriesCalendar(lambda: clinics[0].clock.now if clinics else NOW))
        return calendars[0]

    clinics.append(open_clinic(through=stand))
    return clinics[0], calendars[0]


def book(clinic: ClinicAtWork, series: str = "s") -> list[Appointment]:
    """The instances of a series as the book holds them."""
    with clinic.store.reading() as tx:
        return list(tx.appointments.of_series(SOURCE, series))


def live(clinic: ClinicAtWork, series: str = "s") -> list[str]:
    """The days of those that stand."""
    return [f"{visit.start:%m-%d}" for visit in book(clinic, series) if visit.status == "booked"]


def read(clinic: ClinicAtWork, **options: bool) -> int:
    """A minute later the calendar is read; how many appointments changed."""
    clinic.clock.pass_by(minutes=1)
    return sync_calendar(clinic.flow, DESK, **options)
