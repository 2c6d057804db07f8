"""Everything about one appointment, in plain values."""

import json
from typing import Any

import pytest

from scheduler_app.errors import NotFound
from scheduler_app.flow.explain import explain
from scheduler_app.flow.record import Speaker, record_treatment
from tests.flow.clinic_at_work import ClinicAtWork


def test_it_tells_the_reason_the_other_visit_and_what_was_written_outside(clinic: ClinicAtWork) -> None:
    botox = clinic.book("Botox", "2026-03-05")
    needling = clinic.book("Microneedling", "2026-03-15")
    clinic.settle()
    record_treatment(
        clinic.flow, clinic.client_of(needling), "isotretinoin", Speaker("staff", "Desk"), ended_on="2024-01"
    )
    told: Any = explain(clinic.flow, clinic.appointment(needling).ref)

    assert json.loads(json.dumps(told)) == told
    assert told["client"]["name"] == "Ann Lee"
    assert told["verdict"]["outcome"] == "blocked"
    assert told["verdict"]["earliest"] == "2026-03-19"
    first = told["verdict"]["findings"][0]
    assert first["other"] == {
        "treatment": "botulinum_toxin",
        "on": "2026-03-05",
        "ref": clinic.appointment(botox).ref,
    }
    assert "Source:" in first["message"]
    assert "Botox" not in first["discreet"]
    assert told["outside"]["written"]["prefix"] == "⛔19 Mar · "
    assert told["outside"]["on_its_way"] is None
    assert [item["treatment"] for item in told["story"]["items"]] == ["isotretinoin"]
    assert {change["field"] for change in told["history"]} >= {"start", "status", "treatments"}


def test_it_tells_of_an_appointment_nobody_knows_the_client_of(clinic: ClinicAtWork) -> None:
    event = clinic.book("Microneedling", "2026-03-15", "Bo", "")
    clinic.settle()
    told: Any = explain(clinic.flow, clinic.appointment(event).ref)

    assert (told["client"], told["story"]) == (None, None)
    assert told["verdict"]["findings"][0]["rule"] == "client-unknown"


def test_what_is_not_there_is_not_found(clinic: ClinicAtWork) -> None:
    with pytest.raises(NotFound):
        explain(clinic.flow, "v-none")
