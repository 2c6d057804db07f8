"""One address for everybody: its visits are not held against each other, and a person must look at each."""

import pytest

from scheduler_app.flow import crowds
from scheduler_app.flow.record import Speaker, record_treatment
from tests.flow.clinic_at_work import ClinicAtWork

DAYS = [f"2026-03-{day:02}" for day in range(10, 18)]


def test_more_visits_than_one_person_makes_are_reviews_and_forbid_each_other_nothing(
    clinic: ClinicAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowds, "MOST_OF_ONE", len(DAYS) - 1)
    events = [clinic.book("Microneedling", day, "Walk In") for day in DAYS]
    clinic.settle()
    for event in events:
        verdict = clinic.verdict(event).verdict
        assert verdict.outcome.word == "review"
        assert crowds.TOO_COMMON in [finding.rule for finding in verdict.findings]
        assert not any(finding.gap for finding in verdict.findings)


def test_as_many_as_one_person_may_make_are_held_against_each_other(
    clinic: ClinicAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowds, "MOST_OF_ONE", len(DAYS))
    events = [clinic.book("Microneedling", day, "Walk In") for day in DAYS]
    clinic.settle()
    assert [clinic.outcome(event) for event in events].count("blocked") > 0


def test_what_is_recorded_of_the_address_still_counts(
    clinic: ClinicAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowds, "MOST_OF_ONE", 1)
    first = clinic.book("Microneedling", "2026-03-10", "Walk In")
    clinic.book("Microneedling", "2026-03-12", "Walk In")
    clinic.settle()
    who = Speaker("practitioner", "Dr Grey")
    record_treatment(clinic.flow, clinic.client_of(first), "botulinum_toxin", who, on="2026-03-01")
    clinic.settle()
    assert clinic.outcome(first) == "blocked"
