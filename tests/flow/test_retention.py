"""retention: what is old goes at night, a few rows at a time; what judging still needs never does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scheduler_app.domain.deliveries import Delivery
from scheduler_app.domain.keeping import RetentionTerms
from scheduler_app.domain.private_links import INTAKE
from scheduler_app.flow import retention
from scheduler_app.flow.private_links import LinkPress, Wanted, make_link
from scheduler_app.flow.record import Speaker, record_treatment
from scheduler_app.flow.retention import BY, keep_no_longer, months_before, would_go
from scheduler_app.flow.sweep import NIGHTLY, sweep
from tests.flow.clinic_at_work import SITE, ClinicAtWork

DOCTOR = Speaker("practitioner", "Dr Reyes")
PRESS = LinkPress((b"k" * 32,), "https://care.example")


def terms(clinic: ClinicAtWork, **changes: int) -> None:
    kept = replace(clinic.flow.clinic, retention=RetentionTerms(**changes))
    clinic.flow = replace(clinic.flow, clinic=kept)


def busy_weeks(clinic: ClinicAtWork) -> str:
    """Visits, a mark that came and went, letters that could not be read, a link; the client's ref."""
    clinic.book("Botox", "2026-03-03")
    clinic.settle()
    event = clinic.book("Microneedling", "2026-03-10")
    clinic.settle()
    clinic.move(event, "2026-03-25")
    clinic.settle()
    clinic.tell("created", day="2026-03-28")
    clinic.inbox.accept(Delivery(SITE, "bad", clinic.clock(), b"{}"))
    with clinic.store.transaction() as tx:
        tx.deliveries.settle(Delivery(SITE, "bad", clinic.clock(), b""), "field-invalid")
    client = clinic.client_of(event)
    make_link(clinic.flow, PRESS, client, Wanted(INTAKE, "kim"))
    clinic.settle()
    return client


def test_each_goes_when_its_time_has_come_and_not_before(clinic: ClinicAtWork) -> None:
    busy_weeks(clinic)
    assert keep_no_longer(clinic.flow) == {}
    clinic.clock.now = datetime(2026, 5, 10, tzinfo=UTC)
    clinic.settle()
    assert keep_no_longer(clinic.flow) == {"private-links": 1}
    clinic.clock.now = datetime(2026, 6, 10, tzinfo=UTC)
    gone = keep_no_longer(clinic.flow)
    assert gone.keys() == {"delivery-bodies", "settled-deliveries", "settled-work", "settled-actions"}
    assert (gone["delivery-bodies"], gone["settled-deliveries"]) == (1, 1)
    with clinic.store.reading() as tx:
        assert [each.key for each in tx.deliveries.refused(9)] == ["bad"]
    clinic.clock.now = datetime(2027, 3, 10, tzinfo=UTC)
    assert keep_no_longer(clinic.flow)["refused-deliveries"] == 1


def test_it_is_counted_in_the_audit_log_and_twice_is_once(clinic: ClinicAtWork) -> None:
    busy_weeks(clinic)
    clinic.clock.now = datetime(2026, 6, 10, tzinfo=UTC)
    foreseen = {what: count for what, count in would_go(clinic.flow).items() if count}
    gone = keep_no_longer(clinic.flow)
    assert gone == foreseen
    assert keep_no_longer(clinic.flow) == {}
    with clinic.store.reading() as tx:
        (entry,) = tx.audit.entries(BY)
    assert entry["delivery-bodies"] == "1"


def test_asking_what_would_go_changes_nothing(clinic: ClinicAtWork) -> None:
    busy_weeks(clinic)
    clinic.clock.now = datetime(2026, 6, 10, tzinfo=UTC)
    assert would_go(clinic.flow) == would_go(clinic.flow)


def test_the_nightly_sweep_does_it(clinic: ClinicAtWork) -> None:
    busy_weeks(clinic)
    clinic.clock.now = datetime(2026, 6, 10, tzinfo=UTC)
    sweep(clinic.flow, NIGHTLY)
    with clinic.store.reading() as tx:
        assert [entry["what"] for entry in tx.audit.entries(BY)] == ["let-go"]


def test_after_it_everything_is_judged_as_before(clinic: ClinicAtWork) -> None:
    busy_weeks(clinic)
    event = clinic.book("Microneedling", "2026-07-10")
    too_soon = clinic.book("Microneedling", "2026-07-14")
    clinic.settle()
    clinic.clock.now = datetime(2026, 7, 2, tzinfo=UTC)
    clinic.settle()
    before = (clinic.outcome(event), clinic.outcome(too_soon), clinic.mark(too_soon))
    terms(clinic, delivery_bodies=1, deliveries=1, settled=1, mails=1, links=1, clients_years=2)
    assert keep_no_longer(clinic.flow)
    clinic.sync_all()
    assert (clinic.outcome(event), clinic.outcome(too_soon), clinic.mark(too_soon)) == before
    assert before[1] == "blocked"


def test_a_few_rows_go_at_a_time(clinic: ClinicAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        clinic.inbox.accept(Delivery(SITE, f"bad{number}", clinic.clock(), b"{}"))
        with clinic.store.transaction() as tx:
            tx.deliveries.settle(Delivery(SITE, f"bad{number}", clinic.clock(), b""), "x")
    clinic.clock.pass_by(days=120)
    monkeypatch.setattr(retention, "TOGETHER", 2)
    monkeypatch.setattr(retention, "ROUNDS", 2)
    assert [keep_no_longer(clinic.flow).get("delivery-bodies") for _ in range(3)] == [4, 1, None]


def test_clients_are_kept_until_the_clinic_says_for_how_long(clinic: ClinicAtWork) -> None:
    client = busy_weeks(clinic)
    clinic.clock.now = datetime(2040, 1, 1, tzinfo=UTC)
    assert "clients" not in keep_no_longer(clinic.flow)
    terms(clinic, clients_years=8)
    assert would_go(clinic.flow)["clients"] == 1
    assert keep_no_longer(clinic.flow)["clients"] == 1
    with clinic.store.reading() as tx:
        assert tx.personal.erased_at(client) == clinic.clock()
    assert "clients" not in keep_no_longer(clinic.flow)


def test_a_client_with_a_visit_since_or_a_course_that_may_be_running_is_kept(clinic: ClinicAtWork) -> None:
    terms(clinic, clients_years=2)
    idle, lately, taking = (
        clinic.book("Botox", "2026-03-03", name) for name in ("Ann Lee", "Bob Ray", "Cy Orr")
    )
    clinic.settle()
    record_treatment(clinic.flow, clinic.client_of(taking), "isotretinoin", DOCTOR, ongoing=True)
    idle_client = clinic.client_of(idle)
    clinic.book("Botox", "2027-06-01", "Bob Ray")
    clinic.settle()
    clinic.clock.now = datetime(2028, 6, 1, tzinfo=UTC)
    assert keep_no_longer(clinic.flow)["clients"] == 1
    with clinic.store.reading() as tx:
        assert tx.personal.erased_at(idle_client) is not None
        assert tx.appointments.by_source("calendar:desk", lately) is not None
        assert tx.appointments.by_source("calendar:desk", taking) is not None


def test_months_are_never_shorter_than_they_say() -> None:
    for month in range(1, 13):
        for day in (1, 28, 29, 30, 31):
            try:
                now = datetime(2027, month, day, tzinfo=UTC)
            except ValueError:
                continue
            assert now - months_before(now, 3) >= timedelta(days=89)
