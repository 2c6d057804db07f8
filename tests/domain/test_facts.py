"""Facts as people write them, and what is wrong with those that cannot be."""

from datetime import UTC, date, datetime

import pytest

from scheduler_app.domain.facts import Said, TreatmentFact, read_date, read_item, read_partial_date
from scheduler_app.domain.story import LONG_AGO, ONGOING
from scheduler_app.errors import Invalid

TODAY = date(2026, 3, 15).toordinal()


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(
    "text", ["", "2026-3-1", "2026-02-30", "01/03/2026", "20260301", "2026-W09-1", "soon"]
)
def test_a_date_that_is_none_is_refused_by_the_fields_name(text: str) -> None:
    with pytest.raises(Invalid, match=r"facts\[1\]\.on is no date; write it as YYYY-MM-DD") as caught:
        read_date(text, "facts[1].on")
    assert caught.value.path == "facts[1].on"


@pytest.mark.parametrize("text", ["1899-12-31", "2200-01-01", "0001-01-01"])
def test_a_year_nobody_lives_in_is_a_slip(text: str) -> None:
    with pytest.raises(Invalid, match="check the year"):
        read_date(text, "on")


def test_a_month_is_its_first_and_its_last_day() -> None:
    assert read_partial_date("2028-02", "on") == (day("2028-02-01"), day("2028-02-29"))


def test_a_treatment_known_to_the_month_counts_from_its_last_day_but_not_from_after_today() -> None:
    assert read_item("a", False, TODAY, on="2026-02").last == day("2026-02-28")
    assert read_item("a", False, TODAY, on="2026-03").last == TODAY


@pytest.mark.parametrize("on", ["2026-03-16", "2026-04"])
def test_a_treatment_dated_after_today_is_an_error(on: str) -> None:
    with pytest.raises(Invalid, match="after today"):
        read_item("a", False, TODAY, on=on)


def test_a_planned_last_dose_is_none() -> None:
    assert read_item("m", True, TODAY, started_on="2026-01-01", ended_on="2026-06").last == day("2026-06-30")


def test_a_course_nobody_ended_is_ongoing_and_one_nobody_began_began_long_ago() -> None:
    item = read_item("m", True, TODAY)
    assert (item.first, item.last, item.course) == (LONG_AGO, ONGOING, True)


def test_a_medication_taken_on_a_day_counts_as_being_taken_since() -> None:
    item = read_item("m", True, TODAY, on="2026-01-05")
    assert (item.first, item.last, item.course) == (day("2026-01-05"), ONGOING, True)


@pytest.mark.parametrize(
    ("medication", "said", "fault"),
    [
        (False, {}, "`on` is missing"),
        (False, {"ongoing": True}, "no course"),
        (False, {"ended_on": "2026-01-01"}, "no course"),
        (True, {"on": "2026-01-01", "ended_on": "2026-02-01"}, "started_on, ended_on or ongoing"),
        (True, {"ongoing": True, "ended_on": "2026-01-01"}, "no ended_on yet"),
        (True, {"started_on": "2026-02-01", "ended_on": "2026-01-01"}, "before started_on"),
        (True, {"started_on": "2026-03-16"}, "after today"),
        (None, {"on": "2026-01-01", "ongoing": True}, "started_on, ended_on or ongoing"),
    ],
)
def test_facts_that_contradict_themselves_are_refused(
    medication: bool | None, said: dict[str, str], fault: str
) -> None:
    with pytest.raises(Invalid, match=fault):
        read_item("x", medication, TODAY, **said)  # type: ignore[arg-type]


def test_an_unknown_treatment_may_be_either_and_without_dates_counts_as_ongoing() -> None:
    assert read_item("x", None, TODAY, on="2026-01-01").last == day("2026-01-01")
    assert read_item("x", None, TODAY).last == ONGOING


def test_a_clients_own_statement_counts_fully_only_once_accepted() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    assert not Said("client", "c1", now).counts_fully
    assert Said("client", "c1", now, accepted_by="Dr A").counts_fully
    assert Said("staff", "Ann", now).counts_fully


def test_a_recorded_fact_reads_like_a_written_one() -> None:
    said = Said("staff", "Ann", datetime(2026, 3, 1, tzinfo=UTC))
    fact = TreatmentFact("f1", "c1", "toxin", said, on="2026-02")
    assert fact.item(False, TODAY) == read_item("toxin", False, TODAY, on="2026-02", ref="f1")
