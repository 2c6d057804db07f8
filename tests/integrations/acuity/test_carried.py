"""The words Acuity writes into the events of a Google calendar."""

import pytest

from integrations.acuity.translate import carried_in


@pytest.mark.parametrize(
    "text",
    [
        "(created by Acuity Scheduling)\nAcuityID=422431859\nGoogle",
        "Change Appointment: https://secure.acuityscheduling.com/appointments/view/422431859<br>",
        "https://secure.acuityscheduling.com/appointments/view/422431859\n(created by …)\nAcuityID=422431859",
        "<p>AcuityID=422431859</p>",
    ],
)
def test_the_words_acuity_writes_into_an_event_carry_the_id(text: str) -> None:
    assert carried_in(text) == "422431859"


@pytest.mark.parametrize(
    "text",
    [
        "AcuityID=",
        "acuityid 422431859",
        "MyAcuityID=422431859",
        "AcuityID=4224318591234567890",
        "https://app.acuityscheduling.com/schedule.php?owner=20159891&id%5B%5D=8f1a249a&action=appt",
        "https://acuityscheduling.com.example/appointments/view/422431859",
        "What is your number?: AcuityID=1\nAcuityID=422431859",
    ],
)
def test_anything_else_carries_none(text: str) -> None:
    assert carried_in(text) is None
