"""What a visit is for, and whose it is; and that nothing but Invalid is ever raised."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.acuity.translate import Names, report_of, wanting_names
from scheduler_app.domain.platforms import UNMAPPED
from scheduler_app.errors import Invalid
from tests.contracts.booking_platform import NOW, clinic_platform
from tests.integrations.acuity.sample import REGULAR, SAMPLE, place, told

# what for


def test_type_and_every_addon_are_treatments() -> None:
    where = place({"1": ("microneedling",), "addon-1": ("botulinum_toxin",), "addon-2": ("dermal_filler",)})
    assert told({"addonIDs": [1, 2]}, where).treatments == (
        "microneedling",
        "botulinum_toxin",
        "dermal_filler",
    )


def test_an_addon_is_never_taken_for_the_type_of_the_same_number() -> None:
    report = told(where=place({"1": ("microneedling",)}))
    assert report.treatments == ("microneedling", "addon-1")
    assert report.doubts == (UNMAPPED,)


def test_names_of_types_and_addons_may_stand_in_the_configuration() -> None:
    where = place({"Regular Visit": ("microneedling",), "Lip Filler": ("dermal_filler",)})
    names = Names({"1": "regular visit"}, {"1": "lip filler"})
    composed = {"type": "Regular Visit + Lip Filler"}
    report = told(composed, where, names)
    assert (report.treatments, report.doubts) == (("microneedling", "dermal_filler"), ())


def test_a_service_nobody_mapped_stands_for_itself_and_is_doubted() -> None:
    report = told({"addonIDs": []}, place({}))
    assert (report.treatments, report.doubts) == (("Regular Visit",), (UNMAPPED,))
    bare = told({"addonIDs": None, "type": None, "appointmentTypeID": None}, place({}))
    assert (bare.treatments, bare.doubts) == ((), (UNMAPPED,))


def test_names_are_asked_for_only_where_they_are_needed() -> None:
    assert wanting_names(SAMPLE, REGULAR.platform.services) == (set(), set())
    assert wanting_names(SAMPLE, {}) == ({"1"}, {"1"})
    assert wanting_names(SAMPLE | {"addonIDs": []}, {}) == (set(), set())


# who


FORMS = [{"id": 1, "values": [{"fieldID": 7, "name": "Who is it for?", "value": "Ann Lee"}]}]


@pytest.mark.parametrize("key", ["7", "who is it for?"])
def test_an_answer_counts_more_than_who_booked(key: str) -> None:
    assert told({"forms": FORMS}, place({}, {key: "name"})).clues.name == "Ann Lee"


def test_a_blank_answer_counts_for_nothing() -> None:
    forms = [{"values": [{"fieldID": 7, "value": " "}]}]
    assert told({"forms": forms}, place({}, {"7": "name"})).clues.name == "Bob McTest"


@pytest.mark.parametrize("value", ["Ann\x00Lee", "x" * 300, 7, ["Ann Lee"]])
def test_an_answer_nobody_can_read_is_not_replaced_by_whoever_booked(value: object) -> None:
    forms = [{"values": [{"fieldID": 7, "value": value}]}]
    assert told({"forms": forms}, place({}, {"7": "name"})).clues.name is None


def test_answers_nobody_mapped_are_not_looked_at() -> None:
    forms = [{"values": [{"fieldID": 8, "name": "Are you pregnant?", "value": "yes"}]}, 5, {"values": "x"}]
    assert told({"forms": forms}, place({}, {"7": "name"})) == told({"forms": FORMS}, place({}))


def test_a_number_is_read_as_the_clinics_country_writes_it() -> None:
    assert told({"phone": "020 7946 0018"}).clues.phone == "+442079460018"
    forms = [{"values": [{"fieldID": 7, "value": "+16265871714"}, {"fieldID": 9, "value": "C-12"}]}]
    clues = told({"forms": forms}, place({}, {"7": "phone", "9": "code"})).clues
    assert (clues.phone, clues.code) == ("+16265871714", "C-12")


def test_somebody_nobody_can_recognise_is_left_to_a_person() -> None:
    clues = told({"firstName": "A\x07", "lastName": None, "email": ["x"], "phone": "y" * 300}).clues
    assert (clues.name, clues.email, clues.phone) == (None, None, None)


# whatever comes

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@given(row=st.fixed_dictionaries({}, optional=dict.fromkeys(SAMPLE, JSON) | {"scheduledBy": JSON}))
def test_any_json_in_any_place_is_told_or_invalid(row: dict[str, Any]) -> None:
    where = replace(REGULAR, platform=clinic_platform("acuity", {}, fields={"7": "name", "x": "code"}))
    for changed in (row, *(SAMPLE | {key: value} for key, value in row.items())):
        try:
            wanting_names(changed, {})
            report = report_of(changed, NOW, where, Names())
        except Invalid:
            continue
        assert report.start <= report.end


@given(row=JSON)
def test_any_json_instead_of_an_appointment_is_invalid(row: object) -> None:
    with pytest.raises(Invalid):
        report_of(row, NOW, REGULAR, Names())
