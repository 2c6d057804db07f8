"""A demo clinic: believable people, dates relative to today, every kind of verdict to be seen."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from scheduler_app.bootstrap.configuration import now
from scheduler_app.bootstrap.house import House, opened
from scheduler_app.bootstrap.mailing import mail_folder
from scheduler_app.domain.clients import Client
from scheduler_app.domain.events import EventDraft, Person
from scheduler_app.domain.tokens import token
from scheduler_app.flow.record import Speaker, record_condition, record_screening, record_treatment
from scheduler_app.settings import Settings

CALENDAR = "desk"
SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Scene:
    """One event of the demo book: days from today, local start, minutes, and who comes."""

    days: int
    at: str
    minutes: int
    title: str
    name: str = ""

    @property
    def email(self) -> str:
        """Nobody's address: example.com is kept free for such things (RFC 2606)."""
        return self.name.lower().replace(" ", ".").replace("'", "") + "@example.com"


# Emma's is the main story: Botox four days ago, microneedling booked for day ten.
BOOK = (
    Scene(-40, "10:00", 45, "Lip filler", "Sofia Rossi"),
    Scene(-30, "11:00", 60, "Plasma pen", "Olivia Brown"),
    Scene(-5, "14:00", 60, "Microneedling", "Maya Lindqvist"),
    Scene(-4, "15:30", 30, "Botox", "Emma Clarke"),
    Scene(-2, "16:00", 60, "Microneedling", "Liam O'Brien"),
    Scene(1, "09:30", 30, "Consultation", "Isla Wright"),
    Scene(1, "12:00", 60, "Team lunch"),
    Scene(1, "15:00", 45, "HydraFacial", "Liam O'Brien"),
    Scene(2, "10:30", 30, "Botox - Chloe"),
    Scene(3, "11:00", 60, "Microneedling", "Sofia Rossi"),
    Scene(4, "13:00", 30, "Botox?", "Ava Martin"),
    Scene(5, "10:00", 60, "MN", "Olivia Brown"),
    Scene(6, "14:00", 60, "Microneedling", "Emma Clarke"),
    Scene(9, "09:30", 30, "Dysport", "Maya Lindqvist"),
    Scene(10, "16:00", 60, "SkinPen", "Noah Patel"),
    Scene(12, "10:00", 60, "Micro needling", "Grace Kim"),
    Scene(14, "12:30", 60, "Microneedling", "Ruby Evans"),
    Scene(20, "11:30", 60, "Microneedling", "Hannah Fischer"),
    Scene(21, "09:00", 60, "Thread lift", "Isla Wright"),
)
PRACTITIONER = Speaker("practitioner", "Dr Alva Reyes")
DESK = Speaker("staff", "Front desk")


@dataclass(frozen=True, slots=True)
class Guide:
    """What to open and what to try, for the person who started the demo."""

    data: Path
    address: str
    feed: str
    mail: Path

    @property
    def page(self) -> str:
        """What the client's link opens."""
        return self.feed.replace("/feeds/", "/c/").removesuffix(".ics")


def demo_settings(given: Settings) -> Settings:
    """The demo keeps to a folder of its own, one for each day, because its dates are relative to today."""
    today = now().astimezone().date()
    data = given.data.parent / "demo" / today.isoformat()
    return replace(given, data=data, database_url=f"sqlite:///{data / 'clinic.db'}", demo=True)


def open_demo(settings: Settings, tell: Callable[[str], None]) -> Guide:
    """Fill the demo's book, unless that was done before, and say what there is to see."""
    with opened(settings) as house:
        with house.store.reading() as tx:
            empty = not tx.appointments.count_upcoming(datetime(1970, 1, 1, tzinfo=UTC))
        if empty:
            tell("Booking the demo's appointments …")
            _book(house)
            tell("Recording what is known about its clients …")
            _record(house)
        address = f"http://{settings.host}:{settings.port}"
        feed = f"{address}/feeds/{_feed_token(house, 'Hannah Fischer')}.ics"
        return Guide(settings.data, address, feed, mail_folder(settings))


def _book(house: House) -> None:
    today = now().astimezone(ZoneInfo(house.loaded.clinic.location.zone)).date()
    for scene in BOOK:
        house.calendar.book(CALENDAR, _draft(scene, today, house.loaded.clinic.location.zone))
        # One at a time, as a receptionist would: a whole book of holds at once would stop and ask.
        with house.store.transaction() as tx:
            tx.work.touch("sync", CALENDAR)
        house.settle()


def _draft(scene: Scene, today: date, zone: str) -> EventDraft:
    day = today + timedelta(days=scene.days)
    if day.weekday() == SUNDAY:
        day += timedelta(days=1 if scene.days > 0 else -1)
    start = datetime.combine(day, time.fromisoformat(scene.at), ZoneInfo(zone)).astimezone(UTC)
    guests = (Person(scene.email, scene.name),) if scene.name else ()
    end = start + timedelta(minutes=scene.minutes)
    title = f"{scene.title} - {scene.name}" if scene.name else scene.title
    return EventDraft(title, start, end, zone, attendees=guests)


def _record(house: House) -> None:
    flow = house.flow
    today = now().date()

    def ago(days: int) -> str:
        return (today - timedelta(days=days)).isoformat()

    for name in ("Sofia Rossi", "Emma Clarke", "Hannah Fischer", "Ruby Evans", "Noah Patel", "Olivia Brown"):
        record_screening(flow, _client(house, name).ref, ago(20), PRACTITIONER)
    record_condition(flow, _client(house, "Ruby Evans").ref, "diabetes", PRACTITIONER)
    noah = _client(house, "Noah Patel").ref
    record_treatment(flow, noah, "isotretinoin", PRACTITIONER, started_on=ago(260), ended_on=ago(60))
    sofia = _client(house, "Sofia Rossi").ref
    record_treatment(flow, sofia, "beauty_treatment", DESK, on=ago(90)[:7], note="a peel, at another clinic")
    house.settle()


def _client(house: House, name: str) -> Client:
    with house.store.reading() as tx:
        return tx.clients.find(name, 1)[0]


def _feed_token(house: House, name: str) -> str:
    with house.store.reading() as tx:
        feed = tx.feeds.of_client(_client(house, name).ref)
    return "" if feed is None else token(house.press.keys[0], feed)
