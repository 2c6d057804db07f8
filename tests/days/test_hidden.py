"""Events whose words are kept from us, or that nobody can read at all: what was known counts on, in doubt."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler_app.domain.events import Changes, Unreadable
from scheduler_app.flow.digest import digest
from scheduler_app.flow.unreadable import EVENT, told
from scheduler_app.texts.digest import digest_text
from tests.days.clinic_at_google import ROOM_1, ClinicAtGoogle, local
from tests.google_double import ROOM, GoogleDouble

WHY = "open it in the calendar, and save it again"
ROLES = ("reader", "writerWithoutPrivateAccess")


class Spoiled:
    """A gateway that cannot read some events any more."""

    def __init__(self, gateway: Any) -> None:
        self.behind, self.bad = gateway, set[str]()
        for name in dir(gateway):  # held as its own: since Python 3.12 no port is recognised by `__getattr__`
            if not name.startswith("_") and not hasattr(self, name):
                setattr(self, name, getattr(gateway, name))

    def changes(self, calendar: str, cursor: str | None, page: str | None = None) -> Changes:
        """As they are, but for the bad ones."""
        return self._without(self.behind.changes(calendar, cursor, page))

    def instances(self, *asked: Any) -> Changes:
        """As they are, but for the bad ones."""
        return self._without(self.behind.instances(*asked))

    def _without(self, found: Changes) -> Changes:
        events = tuple(event for event in found.events if event.id not in self.bad)
        unreadable = tuple(Unreadable(event.id, WHY) for event in found.events if event.id in self.bad)
        return replace(found, events=events, unreadable=unreadable)


@pytest.fixture
def spoiled(google_double: GoogleDouble, tmp_path: Path) -> Iterator[tuple[ClinicAtGoogle, Spoiled]]:
    """A clinic, and what spoils its calendar."""
    between: list[Spoiled] = []

    def stand(gateway: Any) -> Any:
        between.append(Spoiled(gateway))
        return between[0]

    clinic = ClinicAtGoogle(google_double, tmp_path / "clinic.db", through=stand)
    clinic.store.migrate()
    clinic.start()
    yield clinic, between[0]
    clinic.close()


@pytest.mark.parametrize("role", ROLES)
def test_a_visit_whose_words_are_hidden_later_is_what_it_was_and_for_a_person_to_look_at(
    clinic: ClinicAtGoogle, google_double: GoogleDouble, role: str
) -> None:
    clinic.book("Botox", "2026-03-01", at="15:00", look=False)
    known = clinic.book("Microneedling", "2026-03-20")
    before = clinic.appointment(known)
    clinic.anna.patch(ROOM, known, visibility="private")
    google_double.share(ROOM, "bot", role)
    google_double.expire_sync_tokens(ROOM)
    clinic.move(known, "2026-03-12")

    now = clinic.appointment(known)
    assert (now.status, now.client, now.treatments) == ("booked", before.client, before.treatments)
    assert (now.doubts, now.start) == (("event-hidden",), local("2026-03-12"))
    assert clinic.verdict(known).outcome.name == "BLOCKED"  # by what is known of it, the gap is broken
    assert clinic.title(known) == "Microneedling - Ann Lee"  # nothing is written over words we cannot see

    google_double.share(ROOM, "bot", "writer")
    google_double.expire_sync_tokens(ROOM)
    clinic.look()
    assert clinic.appointment(known).doubts == ()
    assert clinic.title(known) == "⛔15 Mar · Microneedling - Ann Lee"


def test_a_hold_that_is_hidden_from_us_is_not_taken_for_undone(
    clinic: ClinicAtGoogle, google_double: GoogleDouble
) -> None:
    clinic.book("Botox", "2026-03-01", at="15:00", look=False)
    held = clinic.book("Microneedling", "2026-03-12")
    clinic.pass_by(hours=2)
    clinic.sweep()  # its slot is given back by now
    assert clinic.shown(held)["transparency"] == "transparent"
    with clinic.store.reading() as tx:
        written = tx.outbox.written(clinic.appointment(held).ref)
    assert written is not None
    clinic.anna.patch(ROOM, held, visibility="private")
    google_double.share(ROOM, "bot", "writerWithoutPrivateAccess")
    google_double.expire_sync_tokens(ROOM)
    for _ in range(3):
        clinic.look()
        clinic.pass_by(minutes=5)
    assert clinic.appointment(held).status == "booked"
    assert clinic.title(held) == "⛔15 Mar · Microneedling - Ann Lee"
    with clinic.store.reading() as tx:
        assert tx.outbox.quarrel(clinic.appointment(held).ref) is None
        assert tx.outbox.written(clinic.appointment(held).ref) == written


def test_what_was_hidden_from_the_beginning_is_of_an_unknown_treatment(
    clinic: ClinicAtGoogle, google_double: GoogleDouble
) -> None:
    google_double.share(ROOM, "bot", "reader")
    hidden = clinic.book("Botox", "2026-03-20", visibility="private")
    assert "treatment-unknown" in clinic.appointment(hidden).doubts


def test_an_event_that_cannot_be_read_any_more_is_told_of_and_its_visit_counts_on(
    spoiled: tuple[ClinicAtGoogle, Spoiled],
) -> None:
    clinic, calendar = spoiled
    known = clinic.book("Botox", "2026-03-20")
    calendar.bad.add(known)
    clinic.anna.describe(ROOM, known, "bring your pass")
    clinic.look()
    visit = clinic.appointment(known)
    assert (visit.status, visit.treatments, visit.doubts) == (
        "booked",
        ("botulinum_toxin",),
        ("event-unreadable",),
    )
    assert clinic.verdict(known).outcome.name == "REVIEW"
    with clinic.store.reading() as tx:
        assert told(tx, EVENT, ROOM_1, clinic.clock()) == ((known, WHY),)
    said = digest_text(digest(clinic.flow))
    assert "Events that cannot be read: 1. The desk lists them." in said
    assert "events that cannot be read" in said.split("Events that cannot be read")[0]

    calendar.bad.clear()
    clinic.anna.describe(ROOM, known, "")
    clinic.look()
    assert clinic.appointment(known).doubts == ()


def test_a_person_is_told_once_of_what_cannot_be_read_while_it_is_shown(
    spoiled: tuple[ClinicAtGoogle, Spoiled], google_double: GoogleDouble
) -> None:
    clinic, calendar = spoiled
    known = clinic.book("Botox", "2026-04-20")

    def read_again() -> int:
        google_double.expire_sync_tokens(ROOM)
        clinic.look()
        with clinic.store.reading() as tx:
            return len(told(tx, EVENT, ROOM_1, clinic.clock()))

    calendar.bad.add(known)
    assert [read_again(), read_again()] == [1, 1]
    clinic.pass_by(days=15)
    with clinic.store.reading() as tx:
        assert told(tx, EVENT, ROOM_1, clinic.clock()) == ()
    assert read_again() == 1


def test_an_instance_that_cannot_be_read_any_more_counts_on_too(
    spoiled: tuple[ClinicAtGoogle, Spoiled],
) -> None:
    clinic, calendar = spoiled
    start = local("2026-03-20")
    weekly = ["RRULE:FREQ=WEEKLY;COUNT=3"]
    guest = [{"email": "ann.lee@example.com", "displayName": "Ann Lee"}]
    series = clinic.anna.book(
        ROOM, "Facial - Ann Lee", start, start + timedelta(hours=1), recurrence=weekly, attendees=guest
    )
    clinic.look()
    instance = f"{series}_20260327T100000Z"
    assert clinic.appointment(instance).doubts == ()
    calendar.bad.add(instance)
    clinic.anna.describe(ROOM, series, "bring your pass")
    clinic.look()
    assert (clinic.appointment(instance).status, clinic.appointment(instance).doubts) == (
        "booked",
        ("event-unreadable",),
    )
