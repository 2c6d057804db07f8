"""erase: after it nothing we keep names the person, the trail stays, and reading again brings nobody back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from integrations.memory.gateway import MemoryCalendarGateway
from scheduler_app.domain.clients import Client
from scheduler_app.domain.connections import ALL
from scheduler_app.domain.private_links import ERASE
from scheduler_app.errors import Invalid, NotFound
from scheduler_app.flow.erase import ask_to_be_erased, erase, refuse_erasure
from scheduler_app.flow.flow import SYNC
from scheduler_app.flow.private_links import Wanted, address_of, make_link
from scheduler_app.flow.record import record_condition
from scheduler_app.flow.start import start_calendar
from tests.flow.clinic_at_work import DESK, ClinicAtWork
from tests.flow.full_lives import DOCTOR, PRESS, a_full_life, rows_about, traces


def test_no_byte_of_the_database_names_the_person_afterwards(clinic: ClinicAtWork) -> None:
    client = a_full_life(clinic)
    assert any(traces(clinic).values())
    done = erase(clinic.flow, client, "kim")
    clinic.settle()
    assert done.left == 0
    assert not any(traces(clinic).values())


def test_the_audit_trail_stays_without_the_person(clinic: ClinicAtWork) -> None:
    client = a_full_life(clinic)
    with clinic.store.reading() as tx:
        before = [entry["what"] for entry in tx.audit.entries(client, 1000)]
    erase(clinic.flow, client, "kim")
    with clinic.store.reading() as tx:
        after = tx.audit.entries(client, 1000)
    assert [entry["what"] for entry in after] == ["client-erased", *before]
    assert (after[0]["who"], after[0]["appointments"]) == ("kim", "3")


def test_others_keep_everything(clinic: ClinicAtWork) -> None:
    other = clinic.book("Botox", "2026-03-04", "Ann Lee")
    clinic.settle()
    ann = clinic.client_of(other)
    before = rows_about(clinic, ann)
    erase(clinic.flow, a_full_life(clinic), "kim")
    clinic.settle()
    assert clinic.event(other).title == "Botox - Ann Lee"
    assert rows_about(clinic, ann).keys() == before.keys()
    with clinic.store.reading() as tx:
        assert [client.name for client in tx.clients.find("ann")] == ["Ann Lee"]


@contextmanager
def clinic_elsewhere(clinic: ClinicAtWork) -> Iterator[tuple[MemoryCalendarGateway, str]]:
    """A clinic whose calendar another program keeps, with a visit there that is over and bears our mark."""
    gateway = MemoryCalendarGateway(clinic.clock)
    gateway.keep(DESK)
    desk = replace(clinic.flow.clinic.calendars[DESK], kind="google")
    house = replace(clinic.flow.clinic, calendars={DESK: desk})
    kept, clinic.calendar = clinic.calendar, gateway  # type: ignore[assignment]
    clinic.flow = replace(clinic.flow, clinic=house, gateways={DESK: gateway})
    start_calendar(clinic.flow, DESK, "kim", ALL, 99)
    clinic.book("Botox", "2026-03-03", "Zelda Quux")
    clinic.settle()
    event = clinic.book("Microneedling", "2026-03-10", "Zelda Quux")
    clinic.settle()
    clinic.clock.pass_by(days=30)
    clinic.look()
    clinic.settle()
    yield gateway, event
    clinic.calendar = kept


def test_reading_the_calendar_again_brings_nobody_back(clinic: ClinicAtWork) -> None:
    with clinic_elsewhere(clinic) as (calendar, event):
        client = clinic.client_of(event)
        done = erase(clinic.flow, client, "kim")
        clinic.settle()
        assert [name for name, _ in done.elsewhere] == [DESK, DESK]
        read_from_the_start(clinic)
        with clinic.store.reading() as tx:
            assert tx.appointments.by_source(f"calendar:{DESK}", event) is None
            assert tx.clients.find("zelda") == []
        assert "Zelda" in calendar.event(DESK, event).title  # the clinic's own words, for it to take away


def test_an_event_that_is_moved_ahead_is_a_new_booking_of_somebody_new(clinic: ClinicAtWork) -> None:
    with clinic_elsewhere(clinic) as (calendar, event):
        client = clinic.client_of(event)
        erase(clinic.flow, client, "kim")
        start = clinic.clock() + timedelta(days=9)
        calendar.move(DESK, event, start, start + timedelta(hours=1))
        clinic.look()
        clinic.settle()
        assert clinic.client_of(event) != client
        assert clinic.outcome(event) == "review"  # nobody asked the health questions


def read_from_the_start(clinic: ClinicAtWork) -> None:
    with clinic.store.transaction() as tx:
        tx.cursors.put(DESK, None, clinic.clock())
        tx.work.touch(SYNC, DESK)
    clinic.settle()


def test_a_mark_of_ours_is_taken_off_an_event_that_others_keep(clinic: ClinicAtWork) -> None:
    with clinic_elsewhere(clinic) as (calendar, event):
        assert calendar.event(DESK, event).mark is not None
        erase(clinic.flow, clinic.client_of(event), "kim")
        assert calendar.event(DESK, event).mark is None


def test_a_visit_ahead_must_be_called_off_first(clinic: ClinicAtWork) -> None:
    event = clinic.book("Botox", "2026-03-05", "Zelda Quux")
    clinic.settle()
    client = clinic.client_of(event)
    with pytest.raises(Invalid, match="1 visit") as refused:
        erase(clinic.flow, client, "kim")
    assert refused.value.code == "visits-ahead"
    clinic.cancel(event)
    clinic.settle()
    assert erase(clinic.flow, client, "kim").rows["appointments"] == 1


def test_nobody_is_erased_twice_and_nothing_is_recorded_of_them_any_more(clinic: ClinicAtWork) -> None:
    client = a_full_life(clinic)
    erase(clinic.flow, client, "kim")
    with pytest.raises(NotFound):
        record_condition(clinic.flow, client, "diabetes", DOCTOR)
    for ref in (client, "nobody"):
        with pytest.raises(NotFound):
            erase(clinic.flow, ref, "kim")


def test_a_namesakes_booking_is_left_and_counted(clinic: ClinicAtWork) -> None:
    event = clinic.book("Botox", "2026-03-03", "Zelda Quux")
    clinic.settle()
    twin = clinic.book("Botox", "2026-03-03", "Zelda Quux", email="another@example.com")
    clinic.settle()
    with clinic.store.reading() as tx:
        assert clinic.appointment(twin).client is None
    clinic.clock.pass_by(days=30)
    clinic.settle()
    client = clinic.client_of(event)
    with clinic.store.transaction() as tx:
        tx.clients.add(Client("c-twin", "Zelda Quux", clinic.clock()), [])
    done = erase(clinic.flow, client, "kim")
    assert done.left > 0
    assert clinic.event(twin).title == "Botox - Zelda Quux"


def test_the_client_asks_through_a_link_and_the_clinic_may_refuse(clinic: ClinicAtWork) -> None:
    client = a_full_life(clinic)
    link = make_link(clinic.flow, PRESS, client, Wanted(ERASE, "kim"))
    with clinic.store.reading() as tx:
        stored = dict(tx.links.of_client(client))[link]
    token = str(address_of(PRESS, link, stored)).rpartition("/")[2]
    assert ask_to_be_erased(clinic.flow, token) is True
    assert ask_to_be_erased(clinic.flow, token) is False
    with clinic.store.reading() as tx:
        assert tx.personal.erasures_asked().keys() == {client}
    refuse_erasure(clinic.flow, client, "kim")
    with pytest.raises(NotFound):
        refuse_erasure(clinic.flow, client, "kim")
