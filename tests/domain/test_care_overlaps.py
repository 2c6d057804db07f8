"""Two visits whose care overlaps: the higher line is read, the lower one is clipped or dropped."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.carelines import Precedence
from scheduler_app.domain.entries import Entry, instant
from tests.domain.care_cases import (
    BLOCKED,
    CLEAR,
    FULL_TERMS,
    HOUR,
    LINES,
    ZERO,
    feed_of,
    line,
    madrid,
    visit,
)

START = madrid(2026, 7, 10, 17, 0)
VISIT = visit("v1", START)


def test_the_higher_line_clips_the_lower_one_where_it_begins() -> None:
    second = visit("v2", START + 8 * HOUR)  # ends at E+8h, so no washing from E+8h on
    feed = feed_of(VISIT, second)
    end = datetime(2026, 7, 10, 16, tzinfo=UTC)
    lower = feed["better-no-face-washing.v1"]
    assert (lower.start, lower.end) == (end + 5 * HOUR, end + 8 * HOUR)
    assert feed["no-face-washing.v2"].start == end + 8 * HOUR


def test_a_lower_line_that_is_covered_whole_is_dropped() -> None:
    covering = line("longest", "z", "end", ZERO, 30 * HOUR, treatment="plasma_pen")
    terms = replace(
        FULL_TERMS, lines=(*LINES, covering), precedence=(Precedence("longest", "no-face-washing"),)
    )
    feed = feed_of(VISIT, visit("v0", START - HOUR, treatments=["plasma_pen"]), terms=terms)
    assert "no-face-washing.v1" not in feed
    assert "no-makeup.v1" in feed


def test_an_all_day_line_gives_up_every_day_the_higher_one_touches() -> None:
    higher = line("pool-day", "z", "start", ZERO, HOUR, treatment="plasma_pen")
    terms = replace(
        FULL_TERMS, lines=(*LINES, higher), precedence=(Precedence("pool-day", "first-week-care"),)
    )
    inside = visit("v2", START + timedelta(days=3), treatments=["plasma_pen"])
    week = feed_of(VISIT, inside, terms=terms)["first-week-care.v1"]
    assert (week.start, week.end) == (date(2026, 7, 10), date(2026, 7, 13))
    at_the_front = visit("v2", START - HOUR, treatments=["plasma_pen"])
    week = feed_of(VISIT, at_the_front, terms=terms)["first-week-care.v1"]
    assert (week.start, week.end) == (date(2026, 7, 11), date(2026, 7, 17))


def test_an_all_day_line_that_is_covered_whole_is_dropped_and_midnight_touches_no_day() -> None:
    higher = line("long", "z", "day", ZERO, timedelta(days=3), treatment="plasma_pen")
    lower = line("short", "y", "day", ZERO, timedelta(days=3))
    terms = replace(FULL_TERMS, lines=(higher, lower), precedence=(Precedence("long", "short"),))
    same_day = visit("v2", START - HOUR, treatments=["plasma_pen"])
    assert "short.v1" not in feed_of(VISIT, same_day, terms=terms)
    day_before = visit("v2", START - timedelta(days=1), treatments=["plasma_pen"])
    left = feed_of(VISIT, day_before, terms=terms)["short.v1"]
    assert (left.start, left.end) == (date(2026, 7, 12), date(2026, 7, 13))


def test_lines_of_one_treatment_were_written_together_and_do_not_clip_each_other() -> None:
    pair = (Precedence("no-makeup", "hyaluronic-serum"),)
    feed = feed_of(VISIT, terms=replace(FULL_TERMS, precedence=pair))
    serum = feed["hyaluronic-serum.v1"]
    assert instant(serum.end) - instant(serum.start) == 72 * HOUR


def test_care_of_a_visit_that_does_not_stand_clips_nothing() -> None:
    second = visit("v2", START + 8 * HOUR)
    feed = feed_of(VISIT, second, verdicts={"v1": CLEAR, "v2": BLOCKED})
    lower = feed["better-no-face-washing.v1"]
    assert instant(lower.end) - instant(lower.start) == 7 * HOUR


hours = st.integers(-200, 200)


@given(
    st.lists(hours, min_size=1, max_size=5, unique=True), st.sampled_from(["no-makeup", "first-week-care"])
)
def test_no_two_entries_contradict_each_other_however_visits_lie(offsets: list[int], over: str) -> None:
    pairs = (Precedence("no-face-washing", "better-no-face-washing"), Precedence("retinoids-before", over))
    visits = [visit(f"v{index}", START + offset * HOUR) for index, offset in enumerate(offsets)]
    feed = feed_of(*visits, terms=replace(FULL_TERMS, precedence=pairs), now=START)
    for pair in pairs:
        for one in (entry for entry in feed.values() if entry.kind == pair.first):
            for two in (entry for entry in feed.values() if entry.kind == pair.over):
                same_visit = one.related == two.related
                assert same_visit or _apart(one, two), (one, two)


def _apart(timed: Entry, other: Entry) -> bool:
    if isinstance(other.start, datetime):
        return instant(timed.end) <= instant(other.start) or instant(other.end) <= instant(timed.start)
    zone = START.tzinfo
    first = instant(timed.start).astimezone(zone).date()
    last = (instant(timed.end) - timedelta.resolution).astimezone(zone).date()
    return last < other.start or first >= other.end
