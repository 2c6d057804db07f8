"""Subscribing over HTTP, as people do: to any feed we can render, and to a service through its whole life."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from scheduler_app.domain.entries import Entry
from scheduler_app.ics import readable
from tests.house import CONFIG
from tests.readers.serving import serving
from tests.readers.subscriber import Shown, Subscriber
from tests.system.running import Service
from tests.test_ics import CARE, feed
from tests.test_ics_readers import NAMES, clock_changes

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)


def lived(entry: Entry) -> Shown:
    """As somebody in London sees it; a whole day ends on its last."""
    title = " ".join(readable(entry.title).split("\n"))
    if isinstance(entry.start, datetime) and isinstance(entry.end, datetime):
        bounds = [f"{bound.astimezone(LONDON):%Y-%m-%dT%H:%M}" for bound in (entry.start, entry.end)]
    else:
        bounds = [f"{entry.start:%Y-%m-%d}", f"{entry.end - DAY:%Y-%m-%d}"]
    return Shown(bounds[0], bounds[1], title, "CONFIRMED")


def test_vdirsyncer_and_khal_show_every_entry_at_its_instant_across_both_clock_changes(
    tmp_path: Path,
) -> None:
    entries = [replace(entry, title=f"{number} {entry.uid}") for number, entry in enumerate(clock_changes())]
    names = [
        replace(CARE, uid=f"n.{number}@x.example", title=f"{number} {name}", text=name)
        for number, name in enumerate(NAMES)
        if "\\" not in name and "\n" not in readable(name)
    ]
    with serving(feed(*entries, *names)) as address:
        subscriber = Subscriber(tmp_path / "phone", address)
        assert subscriber.sync()
    shown = subscriber.shown(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
    assert shown == {lived(entry) for entry in [*entries, *names]}


def test_khal_reads_every_name_there_is(tmp_path: Path) -> None:
    entries = [
        replace(CARE, uid=f"n.{number}@x.example", title=name, text=name) for number, name in enumerate(NAMES)
    ]
    with serving(feed(*entries, name="; ".join(NAMES))) as address:
        subscriber = Subscriber(tmp_path / "phone", address)
        assert subscriber.sync()
    assert subscriber.files() == len(NAMES)
    shown = subscriber.shown(datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC))
    assert len(shown) == len(NAMES)


# The life of a subscription, against the service as it is run.


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    config = tmp_path / "config"
    (config / "care").mkdir(parents=True)
    for path in [*CONFIG.glob("*.toml"), *(CONFIG / "care").glob("*.toml")]:
        signed = path.read_text(encoding="utf-8").replace('approved_by = ""', 'approved_by = "Dr A. Example"')
        (config / path.relative_to(CONFIG)).write_text(signed, encoding="utf-8")
    service = Service(tmp_path / "data", environment={"SCHEDULER_CONFIG": str(config)})
    try:
        service.start()
        yield service
    finally:
        service.stop()


class Clinic:
    """What people at the clinic do, and what the client's link then is."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._sent = 0

    def tell(self, visit: str, treatment: str, start: datetime, status: str = "booked") -> None:
        """A webhook about one visit."""
        self._sent += 1
        moment = datetime.now(UTC) + timedelta(seconds=self._sent)  # noqa: TID251 - the service has its own clock
        told = {
            "type": "appointment.cancelled" if status == "cancelled" else "appointment.updated",
            "timestamp": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
            "data": {
                "id": visit,
                "status": status,
                "treatments": [treatment],
                "start": start.isoformat(),
                "end": (start + timedelta(hours=1)).isoformat(),
                "client": {"id": "p1", "name": "Emma Clarke", "email": "emma@example.com"},
            },
        }
        assert self.service.webhook(f"m{self._sent}", **told) == 204

    def link(self) -> str:
        """The address the desk shows."""
        self.service.until(lambda: b"/desk/clients/c" in self.service.get("/desk/clients?q=Emma")[1])
        return self._address(f"{self._client()}?feed=show")

    def new_link(self) -> str:
        """The old one is withdrawn."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.service.address}
        assert self.service.post(f"{self._client()}/feed", b"do=renew&by=Kim", headers)[0] == 200
        return self._address(f"{self._client()}?feed=show")

    def _client(self) -> str:
        found = re.search(rb'href="(/desk/clients/c[^"?]+)"', self.service.get("/desk/clients?q=Emma")[1])
        assert found is not None
        return found[1].decode()

    def _address(self, page: str) -> str:
        shown: list[bytes] = []

        def there() -> bool:
            shown[:] = re.findall(rb"http://[^<\"]*/feeds/[^<\"]*\.ics", self.service.get(page)[1])
            return bool(shown)

        self.service.until(there)
        return shown[0].decode()


def test_a_subscriber_never_loses_an_entry_it_should_keep(service: Service, tmp_path: Path) -> None:
    clinic = Clinic(service)
    today = datetime.now(LONDON).replace(hour=10, minute=0, second=0, microsecond=0)  # noqa: TID251
    first, later = (today.replace(tzinfo=None) + timedelta(days=days) for days in (20, 40))
    here = [moment.replace(tzinfo=LONDON) for moment in (first, later)]
    clinic.tell("v1", "Microneedling", here[0])
    address = clinic.link()
    served: Callable[[], bytes] = lambda: service.get(address.removeprefix(service.address))[1]  # noqa: E731
    service.until(lambda: served().count(b"BEGIN:VEVENT") == 6)
    phone = Subscriber(tmp_path / "phone", address)

    def shown() -> set[Shown]:
        return phone.shown(here[0] - 3 * DAY, here[1] + 30 * DAY)

    assert phone.sync()
    assert len(shown()) == phone.files() == 6
    assert (
        Shown(f"{first:%Y-%m-%dT%H:%M}", f"{first:%Y-%m-%dT}11:00", "Your appointment", "CONFIRMED")
        in shown()
    )

    clinic.tell("v2", "Consultation", here[1])  # added
    service.until(lambda: served().count(b"BEGIN:VEVENT") == 7)
    assert phone.sync()
    assert phone.files() == 7

    moved = first + timedelta(days=1, hours=3)  # moved
    clinic.tell("v1", "Microneedling", moved.replace(tzinfo=LONDON))
    service.until(lambda: served().count(b"SEQUENCE:1\r\n") == 6)
    assert phone.sync()
    assert len(shown()) == phone.files() == 7
    assert (
        Shown(f"{moved:%Y-%m-%dT%H:%M}", f"{moved:%Y-%m-%dT}14:00", "Your appointment", "CONFIRMED")
        in shown()
    )

    clinic.tell("v2", "Consultation", here[1], "cancelled")  # cancelled
    service.until(lambda: b"STATUS:CANCELLED" in served())
    assert phone.sync()
    calendar, kept = shown(), phone.kept()
    assert {each.title for each in calendar if each.status == "CANCELLED"} == {"Cancelled: Your appointment"}
    assert len(calendar) == len(kept) == 7

    with database_down(tmp_path / "data"):  # its database is away
        assert phone.sync()
        assert phone.kept() == kept

    service.kill()  # the server is down
    assert not phone.sync()
    assert phone.kept() == kept
    service.start()
    assert phone.sync()
    assert phone.kept() == kept

    address = clinic.new_link()  # withdrawn, and subscribed anew
    assert not phone.sync()
    assert phone.kept() == kept
    again = Subscriber(tmp_path / "again", address)
    assert again.sync()
    assert again.kept() == kept


@contextmanager
def database_down(data: Path) -> Iterator[None]:
    """Every question about feeds fails meanwhile."""
    with closing(sqlite3.connect(data / "clinic.db", timeout=10)) as raw:
        raw.execute("ALTER TABLE feed_tokens RENAME TO away")
    try:
        yield
    finally:
        with closing(sqlite3.connect(data / "clinic.db", timeout=10)) as raw:
            raw.execute("ALTER TABLE away RENAME TO feed_tokens")
