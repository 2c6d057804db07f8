"""Whatever the order of the reports, the book ends up saying the same."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.appointments import Appointment, Clues, Report
from scheduler_app.flow.news import Whose, as_reported, booked_first, closed, is_news, ref_of

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANN = Whose("c-ann")


def moment(hours: int) -> datetime:
    return START + timedelta(hours=hours)


hours = st.integers(0, 3)
reports = st.builds(
    lambda said, begins, status, booked, thousandths, treatment: Report(
        source="hooks",
        source_id="b",
        status=status,
        start=moment(24 * begins),
        end=moment(24 * begins + 1),
        zone="Europe/London",
        treatments=(treatment,),
        clues=Clues(),
        reported_at=moment(said),
        booked_at=None if booked is None else moment(-booked) + timedelta(milliseconds=thousandths),
    ),
    hours,
    hours,
    st.sampled_from(("booked", "pending", "cancelled", "fulfilled", "noshow")),
    st.none() | hours,
    st.sampled_from((0, 0, 300, 600)),  # some senders tell whole seconds
    st.sampled_from(("botulinum_toxin", "microneedling")),
)


def told(history: Sequence[Report]) -> Appointment | None:
    """The book after hearing all of them, as `take` does it."""
    held: Appointment | None = None
    for report in history:
        if is_news(report, held):
            held = as_reported(report, held, ANN)
        elif held is not None:
            held = replace(held, booked_at=booked_first(report, held))
    return held


@given(
    st.lists(reports, min_size=1, max_size=6).flatmap(
        lambda all: st.tuples(st.just(all), st.permutations(all))
    )
)
def test_the_order_of_reports_never_matters(pair: tuple[list[Report], list[Report]]) -> None:
    history, otherwise = pair
    assert told(otherwise) == told(history)


@given(st.lists(reports, min_size=1, max_size=5), st.data())
def test_hearing_something_twice_changes_nothing(history: list[Report], data: st.DataObject) -> None:
    again = data.draw(st.sampled_from(history))
    place = data.draw(st.integers(history.index(again), len(history)))
    assert told([*history[:place], again, *history[place:]]) == told(history)


@given(
    st.lists(reports.map(lambda r: replace(r, version=r.start.day)), min_size=1, max_size=5).flatmap(
        lambda all: st.tuples(st.just(all), st.permutations(all))
    )
)
def test_nor_does_it_where_versions_and_not_times_tell_the_order(
    pair: tuple[list[Report], list[Report]],
) -> None:
    history, otherwise = pair
    first, second = told(history), told(otherwise)
    assert first is not None
    assert second is not None
    # of two reports with one version the same state wins; only when it was said may differ
    assert replace(first, reported_at=START) == replace(second, reported_at=START)


@given(st.permutations(("old", "new", "old again")))
def test_what_was_rescheduled_stays_over_whichever_report_comes_last(order: list[str]) -> None:
    old = as_reported(_report("old", 0), None, ANN)
    new = as_reported(_report("new", 5), None, ANN)
    held: Appointment | None = None
    for what in order:
        if what == "new":
            held = closed("old", new, held)
        elif is_news(_report("old", 2 if what == "old again" else 0), held):
            held = as_reported(_report("old", 2 if what == "old again" else 0), held, ANN)
    assert held is not None
    assert (held.ref, held.status, held.replaced_by) == (old.ref, "cancelled", new.ref)
    assert held.reported_at == moment(2)


def _report(source_id: str, said: int) -> Report:
    return Report(
        "hooks", source_id, "booked", moment(48), moment(49), "Europe/London", ("x",), Clues(), moment(said)
    )


def test_an_appointment_has_the_same_name_for_ever_and_no_other_has_it() -> None:
    assert ref_of("hooks", "b") == "vmcyqgyol2dpgfkoph2qlwbjfza"
    assert ref_of("calendar:desk", "é·") == "vbj42rvc2cvrfdhdjwnl7lqitei"
    assert len({ref_of("hooks", "b"), ref_of("hooks", "c"), ref_of("hook", "sb")}) == 3
    assert len(ref_of("hooks", "b")) <= 64
