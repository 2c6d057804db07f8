"""What people record and decide is said by somebody, kept for ever, and judged at once."""

import pytest

from scheduler_app.domain.facts import TreatmentFact
from scheduler_app.errors import Invalid, NotFound
from scheduler_app.flow.decide import add_client, confirm_client, override
from scheduler_app.flow.record import (
    Speaker,
    accept,
    clear_condition,
    record_condition,
    record_screening,
    record_treatment,
    withdraw,
)
from tests.flow.clinic_at_work import ClinicAtWork

DOCTOR = Speaker("practitioner", "Dr Reyes")
DESK = Speaker("staff", "Front desk")
ANN = Speaker("client", "Ann Lee")
TODAY = "2026-03-02"


@pytest.fixture
def needling(clinic: ClinicAtWork) -> str:
    """Ann's microneedling on 16 March."""
    event = clinic.book("Microneedling", "2026-03-16")
    clinic.settle()
    return event


def screened(clinic: ClinicAtWork, client: str) -> None:
    record_screening(clinic.flow, client, TODAY, DESK)
    clinic.settle()


def rules_of(clinic: ClinicAtWork, event: str) -> list[str]:
    return [finding.rule for finding in clinic.verdict(event).verdict.findings]


def test_botox_had_elsewhere_holds_the_booking(clinic: ClinicAtWork, needling: str) -> None:
    client = clinic.client_of(needling)
    fact = record_treatment(clinic.flow, client, "botulinum_toxin", ANN, on="2026-03-01")
    clinic.settle()
    assert clinic.outcome(needling) == "review"  # fifteen days are enough; the screening is missing

    record_treatment(clinic.flow, client, "botulinum_toxin", ANN, on="2026-03-02", replaces=fact.ref)
    clinic.settle()
    assert clinic.outcome(needling) == "review"
    withdraw(clinic.flow, fact.ref, DESK)
    clinic.move(needling, "2026-03-15")
    clinic.settle()
    assert clinic.outcome(needling) == "blocked"


def test_the_end_of_a_course_replaces_the_record_that_it_is_being_taken(
    clinic: ClinicAtWork, needling: str
) -> None:
    client = clinic.client_of(needling)
    taking = record_treatment(clinic.flow, client, "isotretinoin", DOCTOR, ongoing=True)
    ended = record_treatment(clinic.flow, client, "isotretinoin", DOCTOR, ended_on="2025-09-10")

    assert ended.replaces == taking.ref
    clinic.settle()
    assert "microneedling-after-isotretinoin" not in rules_of(clinic, needling)


def test_a_client_who_says_that_a_course_is_over_is_believed_once_a_practitioner_does(
    clinic: ClinicAtWork, needling: str
) -> None:
    client = clinic.client_of(needling)
    taking = record_treatment(clinic.flow, client, "isotretinoin", DOCTOR, ongoing=True)
    over = record_treatment(
        clinic.flow, client, "isotretinoin", ANN, ended_on="2025-09-10", replaces=taking.ref
    )
    clinic.settle()
    assert clinic.outcome(needling) == "blocked"

    assert accept(clinic.flow, over.ref, DOCTOR) == client
    clinic.settle()
    assert clinic.outcome(needling) == "review"


def test_a_condition_is_reviewed_until_a_practitioner_clears_it(clinic: ClinicAtWork, needling: str) -> None:
    client = clinic.client_of(needling)
    screened(clinic, client)
    assert clinic.outcome(needling) == "clear"
    record_condition(clinic.flow, client, "eczema", ANN)
    clinic.settle()
    assert rules_of(clinic, needling) == ["condition-eczema"]

    clear_condition(clinic.flow, client, "eczema", DOCTOR, reason="not where we treat", until="2026-04-01")
    clinic.settle()
    assert clinic.outcome(needling) == "clear"


def test_a_screening_records_the_conditions_that_were_answered_with_yes(
    clinic: ClinicAtWork, needling: str
) -> None:
    client = clinic.client_of(needling)
    record_screening(clinic.flow, client, TODAY, DESK, conditions=["psoriasis"])
    clinic.settle()
    assert rules_of(clinic, needling) == ["condition-psoriasis"]


def test_a_second_screening_leaves_a_clearance_standing(clinic: ClinicAtWork, needling: str) -> None:
    client = clinic.client_of(needling)
    record_screening(clinic.flow, client, TODAY, DESK, conditions=["psoriasis"])
    clear_condition(clinic.flow, client, "psoriasis", DOCTOR, reason="calm", until="2026-09-01")
    record_screening(clinic.flow, client, TODAY, DESK, conditions=["psoriasis"])
    clinic.settle()
    assert clinic.outcome(needling) == "clear"


@pytest.mark.parametrize(
    ("act", "code", "path"),
    [
        ({"treatment": "voodoo", "on": "2026-01-01"}, "treatment-unknown", "treatment"),
        ({"treatment": "botulinum_toxin"}, "fact-date-missing", "fact.on"),
        ({"treatment": "botulinum_toxin", "on": "2026-03-03"}, "date-in-future", "fact.on"),
        ({"treatment": "botulinum_toxin", "on": "last week"}, "date-unreadable", "fact.on"),
        (
            {"treatment": "isotretinoin", "ongoing": True, "ended_on": "2026-01"},
            "fact-contradiction",
            "fact.ended_on",
        ),
        ({"treatment": "botulinum_toxin", "on": "2026-01-01", "note": "x" * 501}, "note-too-long", "note"),
    ],
)
def test_what_cannot_be_recorded_is_refused_and_the_field_is_named(
    clinic: ClinicAtWork, needling: str, act: dict[str, str], code: str, path: str
) -> None:
    client = clinic.client_of(needling)
    with pytest.raises(Invalid) as refused:
        record_treatment(clinic.flow, client, speaker=DESK, **act)  # type: ignore[arg-type]
    assert (refused.value.code, refused.value.path) == (code, path)
    with clinic.store.reading() as tx:
        assert not tx.records.treatments(client)


def test_records_of_nobody_and_corrections_of_nothing_are_refused(
    clinic: ClinicAtWork, needling: str
) -> None:
    client = clinic.client_of(needling)
    with pytest.raises(NotFound):
        record_treatment(clinic.flow, "c-nobody", "botulinum_toxin", DESK, on="2026-01-01")
    with pytest.raises(NotFound):
        record_treatment(clinic.flow, client, "botulinum_toxin", DESK, on="2026-01-01", replaces="t-none")
    with pytest.raises(NotFound):
        withdraw(clinic.flow, "t-none", DESK)
    with pytest.raises(NotFound):
        clear_condition(clinic.flow, client, "eczema", DOCTOR, reason="?", until="2026-09-01")


def test_only_a_practitioner_clears_accepts_and_lets_stand(clinic: ClinicAtWork, needling: str) -> None:
    client = clinic.client_of(needling)
    ref = clinic.appointment(needling).ref
    with pytest.raises(Invalid, match="practitioner"):
        accept(clinic.flow, "t", DESK)
    with pytest.raises(Invalid, match="practitioner"):
        clear_condition(clinic.flow, client, "eczema", DESK, reason="x", until="2026-09-01")
    with pytest.raises(Invalid, match="practitioner"):
        override(clinic.flow, ref, "screening-missing", DESK, reason="other", comment="x")
    with pytest.raises(Invalid, match="absolute"):
        clear_condition(clinic.flow, client, "clotting_disorder", DOCTOR, reason="x", until="2026-09-01")


def test_every_record_says_who_said_it_and_the_audit_log_holds_no_health(
    clinic: ClinicAtWork, needling: str
) -> None:
    client = clinic.client_of(needling)
    fact = record_treatment(clinic.flow, client, "botulinum_toxin", DESK, on="2026-01-01")
    with clinic.store.reading() as tx:
        (held,) = tx.records.treatments(client)
        (entry,) = tx.audit.entries(client)
    assert isinstance(held, TreatmentFact)
    assert (held.said.by, held.said.who) == ("staff", "Front desk")
    assert (entry["who"], entry["what"], entry["record"]) == ("Front desk", "treatment-recorded", fact.ref)
    assert "botulinum" not in str(entry)


def test_a_practitioner_lets_a_finding_stand_until_the_visit_is_moved(clinic: ClinicAtWork) -> None:
    clinic.book("Botox", "2026-03-05")
    needling = clinic.book("Microneedling", "2026-03-15")
    clinic.settle()
    screened(clinic, clinic.client_of(needling))
    ref = clinic.appointment(needling).ref
    (finding,) = clinic.verdict(needling).verdict.findings

    override(clinic.flow, ref, finding.key, DOCTOR, reason="clinical-judgement")
    clinic.settle()
    assert (clinic.outcome(needling), clinic.mark(needling)) == ("clear", None)

    clinic.move(needling, "2026-03-14")
    clinic.settle()
    assert clinic.outcome(needling) == "blocked"
    assert clinic.mark(needling) is not None


@pytest.mark.parametrize(
    ("finding", "reason", "comment", "code"),
    [
        ("no-such-finding", "clinical-judgement", "", "finding-unknown"),
        ("screening-missing", "because", "", "reason-unknown"),
        ("screening-missing", "other", " ", "comment-missing"),
    ],
)
def test_an_override_needs_a_finding_that_stands_and_a_reason(
    clinic: ClinicAtWork, needling: str, finding: str, reason: str, comment: str, code: str
) -> None:
    ref = clinic.appointment(needling).ref
    with pytest.raises(Invalid) as refused:
        override(clinic.flow, ref, finding, DOCTOR, reason=reason, comment=comment)
    assert refused.value.code == code


def test_a_person_says_whose_it_is_and_that_holds_whatever_the_calendar_says_later(
    clinic: ClinicAtWork,
) -> None:
    botox = clinic.book("Botox", "2026-03-05", "Ann Lee", "lee@example.com")
    needling = clinic.book("Microneedling", "2026-03-15", "Bob Lee", "lee@example.com")
    clinic.settle()
    assert clinic.appointment(needling).client is None

    confirm_client(clinic.flow, clinic.appointment(needling).ref, clinic.client_of(botox), DESK)
    clinic.settle()
    assert clinic.outcome(needling) == "blocked"

    clinic.move(needling, "2026-03-30")
    clinic.settle()
    assert clinic.client_of(needling) == clinic.client_of(botox)
    assert clinic.appointment(needling).doubts == ()


def test_one_confirmation_makes_no_name_anybodys(clinic: ClinicAtWork) -> None:
    botox = clinic.book("Botox", "2026-03-05", "Ann Lee", "lee@example.com")
    first = clinic.book("Microneedling", "2026-03-15", "Bob Lee", "lee@example.com")
    clinic.settle()
    confirm_client(clinic.flow, clinic.appointment(first).ref, clinic.client_of(botox), DESK)
    second = clinic.book("Microneedling", "2026-04-15", "Bob Lee", "lee@example.com")
    clinic.settle()

    assert clinic.appointment(second).client is None


def test_a_new_client_can_be_added_and_confirmed(clinic: ClinicAtWork) -> None:
    needling = clinic.book("Microneedling", "2026-03-15", "Bo", "")
    clinic.settle()
    client = add_client(
        clinic.flow, "Bo Derry", DESK, email="Bo@Example.com", phone="+442079460018", code="c-12"
    )
    with clinic.store.reading() as tx:
        assert [found.ref for found in tx.clients.find("bo@example.com")] == [client.ref]
    confirm_client(clinic.flow, clinic.appointment(needling).ref, client.ref, DESK)
    clinic.settle()

    assert clinic.client_of(needling) == client.ref
    with pytest.raises(Invalid):
        add_client(clinic.flow, "Bo", DESK, email="not an address")
