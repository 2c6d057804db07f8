"""A clinic whose clients book on a platform: the real adapter, the platform's own HTTP, the whole flow."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler_app.domain.platforms import HOLD, ClinicPlatform, PlatformTerms
from scheduler_app.flow.flow import RECONCILE
from scheduler_app.flow.receive import receive
from scheduler_app.ports import BookingPlatform
from scheduler_app.store import open_store
from tests.contracts.booking_platform import NOW, Sent
from tests.days.online.vendors import VENDORS, Vendor
from tests.flow.clinic_at_work import ClinicAtWork, local

ONLINE = "online"


class ClinicOnline(ClinicAtWork):
    """The house of the other tests with one platform."""

    def __init__(self, file: Path, vendor: Vendor) -> None:
        super().__init__(file)
        self.platform, self.outside, self.tell_time = vendor.platform, vendor.outside, vendor.tell_time
        self._terms = PlatformTerms(cancel=True)
        self._use(vendor.platform)

    def _use(self, platform: BookingPlatform) -> None:
        kept = ClinicPlatform(ONLINE, "any", "main", terms=self._terms)
        clinic = replace(self.flow.clinic, platforms={ONLINE: kept})
        self.flow = replace(self.flow, clinic=clinic, platforms={ONLINE: platform})

    @property
    def holds(self) -> bool:
        """Whether bookings can wait there."""
        return HOLD in self.platform.capabilities

    def book_online(
        self, service: str, day: str, *, waits: bool = False, by_staff: bool = False, tells: bool = True
    ) -> str:
        """Ann Lee books; her booking's id."""
        self.clock.pass_by(seconds=1)
        self.tell_time(self.clock.now)
        booking = self.outside.book(local(day), service=service, by_staff=by_staff, pending=waits)
        if tells:
            self.deliver(booking)
        return booking

    def deliver(self, booking: str) -> None:
        """The webhook about what happened last."""
        self.arrives(self.outside.sent(booking))

    def arrives(self, sent: Sent) -> None:
        """A webhook arrives."""
        headers, body, secret = sent
        receive(self.platform, self.inbox, headers, body, NOW, secret)

    def poll(self) -> None:
        """The platform is read on."""
        with self.store.transaction() as tx:
            tx.work.touch(RECONCILE, ONLINE)
        self.settle()

    def rest(self) -> None:
        """Everything due is done, and whatever failed tried again."""
        for _ in range(5):
            self.settle()
            self.clock.pass_by(minutes=2)

    def status(self, booking: str) -> str:
        """As the book holds it."""
        return self.appointment(booking, ONLINE).status

    def done(self, what: str) -> int:
        """How often we did that on the platform."""
        with self.store.reading() as tx:
            bookings = [
                each for each in tx.appointments.between(NOW - timedelta(days=400), NOW + timedelta(days=400))
            ]
            entries = [entry for each in bookings for entry in tx.audit.entries(each.ref)]
        return sum(1 for entry in entries if entry["what"] == what)


@pytest.fixture(scope="session")
def emptied(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database that was migrated once."""
    file = tmp_path_factory.mktemp("online") / "clinic.db"
    store = open_store(f"sqlite:///{file}", lambda: NOW)
    store.migrate()
    store.close()
    return file.read_bytes()


@pytest.fixture(params=sorted(VENDORS))
def online(request: pytest.FixtureRequest, emptied: bytes, tmp_path: Path) -> Iterator[ClinicOnline]:
    """One clinic for each platform there is."""
    file = tmp_path / "clinic.db"
    file.write_bytes(emptied)
    with VENDORS[request.param]() as vendor:
        clinic = ClinicOnline(file, vendor)
        yield clinic
        clinic.close()
