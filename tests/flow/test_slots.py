"""A held visit keeps its slot for an hour, then it is given back, and never taken back over somebody."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from scheduler_app.domain.events import Mark
from scheduler_app.errors import Invalid, NotFound
from scheduler_app.flow.flow import SWEEP
from scheduler_app.flow.publish import Press, publish
from scheduler_app.flow.slots import HELD, release_slot
from scheduler_app.flow.sweep import begin
from tests.flow.calendars import Through
from tests.flow.clinic_at_work import DESK, ClinicAtWork, local
from tests.house import house

DAY = "2026-03-16"  # a Monday: eleven days after the Botox of 5 March


def held(clinic: ClinicAtWork, day: str = DAY) -> str:
    """Ann's microneedling too soon after her Botox."""
    clinic.book("Botox", "2026-03-05")
    needling = clinic.book("Microneedling", day)
    clinic.settle()
    assert mark(clinic, needling).kind == "hold"
    return needling


def mark(clinic: ClinicAtWork, event: str) -> Mark:
    found = clinic.mark(event)
    assert found is not None
    return found


def later(clinic: ClinicAtWork, **time: float) -> None:
    clinic.clock.pass_by(**time)
    clinic.settle()


def given_back(clinic: ClinicAtWork, event: str) -> bool:
    return mark(clinic, event).free


def test_a_hold_takes_its_slot_for_an_hour_and_then_gives_it_back(clinic: ClinicAtWork) -> None:
    needling = held(clinic)
    later(clinic, minutes=59)
    assert not given_back(clinic, needling)
    later(clinic, minutes=1)

    assert given_back(clinic, needling)
    assert mark(clinic, needling).prefix == "⛔19 Mar · "
    assert clinic.calendar.busy(DESK, local(DAY, "09:00"), local(DAY, "12:00")) == []


def test_a_slot_is_given_back_though_the_signal_for_it_was_lost(clinic: ClinicAtWork) -> None:
    begin(clinic.flow)
    needling = held(clinic)
    clinic.clock.pass_by(minutes=61)
    with clinic.store.transaction() as tx:
        while (claim := tx.work.claim((SWEEP,), 10.0)) is not None:
            tx.work.settle(claim, again_in=60.0 if not claim.key.startswith(HELD) else None)
    clinic.settle()
    assert not given_back(clinic, needling)
    later(clinic, minutes=6)

    assert given_back(clinic, needling)


def test_moving_a_held_visit_starts_its_hour_again(clinic: ClinicAtWork) -> None:
    needling = held(clinic)
    later(clinic, minutes=50)
    clinic.move(needling, "2026-03-17")
    clinic.settle()
    later(clinic, minutes=59)
    assert not given_back(clinic, needling)
    later(clinic, minutes=2)

    assert given_back(clinic, needling)


def test_another_date_on_the_same_hold_does_not_start_the_hour_again(clinic: ClinicAtWork) -> None:
    botox = clinic.book("Botox", "2026-03-05")
    needling = clinic.book("Microneedling", DAY)
    clinic.settle()
    clinic.clock.pass_by(minutes=40)
    clinic.move(botox, "2026-03-06")
    clinic.settle()
    assert mark(clinic, needling).prefix == "⛔20 Mar · "
    later(clinic, minutes=20)

    assert given_back(clinic, needling)


def test_a_hold_that_was_taken_off_and_put_back_is_as_old_as_the_first(clinic: ClinicAtWork) -> None:
    needling = held(clinic)
    clinic.clock.pass_by(minutes=40)
    clinic.calendar.unmark(DESK, needling, clinic.event(needling).etag)
    clinic.look()
    clinic.settle()
    later(clinic, minutes=20)

    assert given_back(clinic, needling)


def test_a_calendar_may_keep_its_slots_until_a_person_gives_them_back(clinic: ClinicAtWork) -> None:
    clinic.on_terms(release_after=None)
    needling = held(clinic)
    later(clinic, days=2)
    assert not given_back(clinic, needling)

    release_slot(clinic.flow, clinic.appointment(needling).ref, "Kim")
    clinic.settle()
    assert given_back(clinic, needling)
    (entry,) = clinic.audited(needling, "slot-released")
    assert entry["who"] == "Kim"


def test_a_slot_that_a_person_gave_back_is_held_again_when_the_visit_moves(clinic: ClinicAtWork) -> None:
    clinic.on_terms(release_after=None)
    needling = held(clinic)
    release_slot(clinic.flow, clinic.appointment(needling).ref, "Kim")
    clinic.settle()
    clinic.clock.pass_by(minutes=5)
    clinic.move(needling, "2026-03-17")
    clinic.settle()

    assert not given_back(clinic, needling)


def test_a_visit_moved_onto_another_booking_while_its_slot_is_free_stays_free(clinic: ClinicAtWork) -> None:
    needling = held(clinic)
    other = clinic.book("Consultation", "2026-03-17", "Ben Hall")
    later(clinic, minutes=60)
    clinic.clock.pass_by(minutes=5)
    clinic.move(needling, "2026-03-17")
    clinic.settle()

    assert given_back(clinic, needling)
    assert [each.id for each in clinic.calendar.busy(DESK, local("2026-03-17"), local("2026-03-18"))] == [
        other
    ]
    assert clinic.sync_all() == {}


def test_only_a_slot_that_is_held_can_be_given_back(clinic: ClinicAtWork) -> None:
    needling = held(clinic)
    quiet = clinic.book("Microneedling", "2026-04-20", "Ben Hall")
    clinic.settle()
    with pytest.raises(NotFound):
        release_slot(clinic.flow, "nobody", "Kim")
    with pytest.raises(Invalid):
        release_slot(clinic.flow, clinic.appointment(quiet).ref, "Kim")
    release_slot(clinic.flow, clinic.appointment(needling).ref, "Kim")
    clinic.settle()
    with pytest.raises(Invalid):
        release_slot(clinic.flow, clinic.appointment(needling).ref, "Kim")


def test_a_review_never_gives_its_slot_back(clinic: ClinicAtWork) -> None:
    asked = clinic.book("Xyzzy", DAY)
    clinic.settle()
    later(clinic, days=3)

    assert (mark(clinic, asked).kind, given_back(clinic, asked)) == ("review", False)


def test_a_slot_nobody_took_is_busy_again_when_the_hold_is_lifted(clinic: ClinicAtWork) -> None:
    needling = held(clinic)
    later(clinic, minutes=60)
    clinic.move(needling, "2026-03-30")
    clinic.settle()

    assert clinic.mark(needling) is None
    assert len(clinic.calendar.busy(DESK, local("2026-03-30", "09:00"), local("2026-03-30", "12:00"))) == 1


def lifted_over_another_booking(clinic: ClinicAtWork) -> tuple[str, str]:
    """Ann's slot was given back and Ben booked into it; then her Botox, the reason for the hold, moves."""
    botox = clinic.book("Botox", "2026-03-05")
    needling = clinic.book("Microneedling", DAY)
    clinic.settle()
    later(clinic, minutes=60)
    assert given_back(clinic, needling)
    other = clinic.book("Consultation", DAY, "Ben Hall")
    clinic.move(botox, "2026-05-20")
    clinic.settle()
    return needling, other


def test_a_visit_never_becomes_busy_again_over_somebody_elses_booking(clinic: ClinicAtWork) -> None:
    needling, other = lifted_over_another_booking(clinic)

    assert clinic.outcome(needling) == "review"  # the screening only: no rule blocks it any more
    clash = mark(clinic, needling)
    assert (clash.kind, clash.free) == ("clash", True)
    assert "taken meanwhile" in clash.text
    busy = clinic.calendar.busy(DESK, local(DAY, "09:00"), local(DAY, "12:00"))
    assert [each.id for each in busy] == [other]


def test_a_clash_offers_three_free_times_on_permitted_days_near_the_time_of_the_visit(
    clinic: ClinicAtWork,
) -> None:
    clinic.book("Lip filler", "2026-04-08")  # forbids her microneedling the three weeks before it
    needling, _ = lifted_over_another_booking(clinic)

    text = mark(clinic, needling).text
    assert "Free: " in text
    assert "Mon 16 Mar 09:00, Tue 17 Mar 10:00, Wed 18 Mar 10:00" in text
    for word in ("icroneedling", "iller", "Botox", "Ben"):
        assert word not in text


def test_a_clash_clears_by_itself_when_the_other_booking_moves(clinic: ClinicAtWork) -> None:
    begin(clinic.flow)
    needling, other = lifted_over_another_booking(clinic)
    later(clinic, minutes=6)
    assert mark(clinic, needling).kind == "clash"
    clinic.move(other, "2026-03-24")
    later(clinic, minutes=6)

    assert clinic.mark(needling) is None
    busy = clinic.calendar.busy(DESK, local(DAY, "09:00"), local(DAY, "12:00"))
    assert [each.id for each in busy] == [needling]
    assert clinic.sync_all() == {}


def test_looking_at_a_clash_again_and_again_writes_nothing_down(clinic: ClinicAtWork) -> None:
    begin(clinic.flow)
    needling, _ = lifted_over_another_booking(clinic)
    etag = clinic.event(needling).etag
    for _ in range(5):
        later(clinic, minutes=6)
    with clinic.store.reading() as tx:
        assert tx.outbox.open_for(clinic.appointment(needling).ref) is None

    assert clinic.event(needling).etag == etag


def test_a_visit_in_a_clash_clears_when_it_is_moved_itself(clinic: ClinicAtWork) -> None:
    needling, _ = lifted_over_another_booking(clinic)
    clinic.clock.pass_by(minutes=1)
    clinic.move(needling, "2026-03-24")
    clinic.settle()

    assert clinic.mark(needling) is None


def test_a_clash_that_a_rule_forbids_again_is_a_hold_that_stays_free(clinic: ClinicAtWork) -> None:
    needling, _ = lifted_over_another_booking(clinic)
    clinic.book("Lip filler", "2026-02-28")  # has taken place, and is written down only now
    clinic.settle()
    assert clinic.outcome(needling) == "blocked"
    again = mark(clinic, needling)
    assert (again.kind, again.free) == ("hold", True)


def test_a_visit_that_begins_in_a_slot_it_gave_back_stays_free(clinic: ClinicAtWork) -> None:
    needling = held(clinic)
    later(clinic, minutes=60)
    clinic.clock.now = local(DAY, "10:30")
    clinic.sync_all()

    note = mark(clinic, needling)
    assert (note.kind, note.prefix, note.free) == ("note", "", True)


def test_a_slot_that_was_free_from_the_beginning_is_asked_about_nobody(
    open_clinic: Callable[..., ClinicAtWork],
) -> None:
    between: list[Through] = []

    def stand(gateway: object) -> Through:
        between.append(Through(gateway))  # type: ignore[arg-type]
        return between[0]

    clinic = open_clinic(through=stand)
    needling = held(clinic)
    clinic.move(needling, "2026-03-30")
    clinic.settle()

    assert clinic.mark(needling) is None
    assert "busy" not in between[0].calls


def test_a_visit_whose_slot_was_taken_is_not_confirmed_to_its_client_until_it_clears(
    clinic: ClinicAtWork,
) -> None:
    begin(clinic.flow)
    loaded = house()
    press = Press(
        loaded.clinic, loaded.catalogue, loaded.rulebook, loaded.care, [b"k" * 32], publish_unapproved=True
    )
    clinic.flow = replace(
        clinic.flow, publish=lambda client: publish(clinic.store, press, client, clinic.clock.now)
    )
    needling, other = lifted_over_another_booking(clinic)
    client = clinic.client_of(needling)

    def unconfirmed() -> int:
        with clinic.store.reading() as tx:
            feed = tx.feeds.of_client(client)
            assert feed is not None
            shown = [entry.block for entry in tx.feeds.entries(feed.ref).values() if entry.block]
        return sum(b"Not confirmed" in block for block in shown)

    assert unconfirmed() == 1
    clinic.move(other, "2026-03-24")
    later(clinic, minutes=6)
    assert clinic.mark(needling) is None
    assert unconfirmed() == 0
