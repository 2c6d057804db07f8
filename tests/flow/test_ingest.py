"""Webhooks become appointments; one that means nothing never stops the rest."""

from dataclasses import replace

import pytest

from scheduler_app.domain.appointments import Report
from scheduler_app.domain.deliveries import Delivery
from scheduler_app.errors import Denied, Invalid
from scheduler_app.flow import ingest as ingesting
from scheduler_app.flow.take import take
from tests.flow.clinic_at_work import SITE, ClinicAtWork, signed


def errors(clinic: ClinicAtWork) -> list[str]:
    """Faults of settled deliveries, as they were written down."""
    with clinic.store.looking() as connection:
        rows = connection.exec_driver_sql("SELECT error FROM deliveries WHERE settled_at IS NOT NULL")
        return sorted(error for (error,) in rows if error)


def test_a_signed_booking_is_kept_judged_and_its_client_known(clinic: ClinicAtWork) -> None:
    clinic.tell("created", id="b1", treatments=["botulinum_toxin"], day="2026-03-05")
    clinic.tell("created", id="b2", day="2026-03-15")
    clinic.settle()

    assert clinic.outcome("b2", SITE) == "blocked"
    assert clinic.client_of("b1", SITE) == clinic.client_of("b2", SITE)
    with clinic.store.reading() as tx:
        client = tx.clients.get(clinic.client_of("b1", SITE))
    assert client is not None
    assert client.name == "Ann Lee"


def test_a_delivery_that_cannot_be_understood_is_told_and_the_rest_goes_on(clinic: ClinicAtWork) -> None:
    clinic.tell("created", id="b1", day="2026-03-15")
    clinic.tell("created", id="b2", start="2026-03-15T10:00:00", end="2026-03-15T11:00:00")
    clinic.tell("exploded", id="b3", day="2026-03-15")
    clinic.tell("created", id="b4", day="2026-03-16", client={"name": "Bo Derry", "email": "bo@example.com"})
    clinic.settle()

    assert clinic.outcome("b1", SITE) == "review"
    assert clinic.outcome("b4", SITE) == "review"
    assert [error.partition(":")[0] for error in errors(clinic)] == ["time-without-zone", "type-unknown"]


def test_a_translation_that_breaks_is_told_and_the_rest_goes_on(
    clinic: ClinicAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = clinic.flow.sources[SITE]
    whole = source.reports

    def reports(delivery: Delivery) -> tuple[Report, ...]:
        if b"b1" in delivery.body:
            raise KeyError("Ann Lee")
        return whole(delivery)

    monkeypatch.setattr(source, "reports", reports)
    clinic.tell("created", id="b1", day="2026-03-15")
    clinic.tell("created", id="b2", day="2026-03-15")
    clinic.settle()

    assert errors(clinic) == ["not-translated: KeyError"]
    assert clinic.outcome("b2", SITE) == "review"


def test_a_delivery_the_database_refuses_is_found_among_many(
    clinic: ClinicAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    def poisoned(tx: object, report: object, *rest: object, **more: object) -> object:
        if report.source_id == "b3":  # type: ignore[attr-defined]
            raise Invalid("poison", "no")
        return take(tx, report, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(ingesting, "take", poisoned)
    for number in range(6):
        clinic.tell("created", id=f"b{number}", treatments=["consultation"], day="2026-03-15")
    clinic.settle()

    assert errors(clinic) == ["not-kept: Invalid"]
    assert [clinic.outcome(f"b{number}", SITE) for number in (0, 1, 2, 4, 5)] == ["clear"] * 5


def test_an_unknown_treatment_is_for_a_person(clinic: ClinicAtWork) -> None:
    clinic.tell("created", id="b1", treatments=["moon_dust"], day="2026-03-15")
    clinic.settle()

    assert clinic.appointment("b1", SITE).treatments == ("moon_dust",)
    assert [f.rule for f in clinic.verdict("b1", SITE).verdict.findings] == ["treatment-unknown"]


def test_names_of_services_are_read_like_titles(clinic: ClinicAtWork) -> None:
    clinic.tell("created", id="b1", treatments=["Anti-wrinkle Botox", "SkinPen"], day="2026-03-15")
    clinic.settle()

    assert clinic.appointment("b1", SITE).treatments == ("botulinum_toxin", "microneedling")


def test_a_booking_of_a_bare_name_is_for_a_person(clinic: ClinicAtWork) -> None:
    clinic.tell("created", id="b1", day="2026-03-15", client={"name": "Ann Lee"})
    clinic.settle()

    assert clinic.appointment("b1", SITE).client is None
    assert [f.rule for f in clinic.verdict("b1", SITE).verdict.findings] == ["client-unknown"]


def test_a_no_show_counts_for_nothing_and_a_completed_visit_for_a_fact(clinic: ClinicAtWork) -> None:
    clinic.tell("no_show", id="b1", treatments=["botulinum_toxin"], day="2026-02-25")
    clinic.tell("created", id="b2", day="2026-03-05")
    clinic.settle()
    assert clinic.outcome("b2", SITE) == "review"

    clinic.clock.pass_by(minutes=1)
    clinic.tell("completed", id="b1", treatments=["botulinum_toxin"], day="2026-02-25")
    clinic.settle()
    assert clinic.outcome("b2", SITE) == "blocked"


def test_of_a_backlog_of_many_chunks_nobody_is_judged_before_the_last(
    clinic: ClinicAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, second = clinic.flow.sources[SITE], clinic.runner()
    whole = source.reports

    def reports(delivery: Delivery) -> tuple[Report, ...]:
        assert not second.run_next(("judge",))
        return whole(delivery)

    monkeypatch.setattr(source, "reports", reports)
    monkeypatch.setattr(ingesting, "CHUNK", 2)
    for number in range(7):
        clinic.tell("created", id=f"b{number}", day="2026-03-15")
    tally = clinic.sync_all()

    assert tally["deliveries"] == 7
    assert tally["verdicts"] == 7


def test_a_wrong_signature_is_denied_and_nothing_is_kept(clinic: ClinicAtWork) -> None:
    body = "{}"
    headers = signed("msg_1", clinic.clock.now, body) | {"webhook-signature": "v1,AAAA"}
    with pytest.raises(Denied):
        clinic.send(headers, body.encode())
    with clinic.store.reading() as tx:
        assert not tx.deliveries.sources_pending()


def test_deliveries_of_a_sender_who_is_not_configured_for_a_while_are_kept(clinic: ClinicAtWork) -> None:
    clinic.tell("created", id="b1", day="2026-03-15")
    whole = clinic.flow
    clinic.flow = replace(whole, sources={})
    clinic.settle()
    clinic.flow = whole
    clinic.sync_all()

    assert clinic.outcome("b1", SITE) == "review"
