"""Hypothesis strategies for stories: few treatments and short spans, so that they clash often."""

from datetime import date

from hypothesis import strategies as st

from scheduler_app.domain.gaps import Gap
from scheduler_app.domain.rules import ALWAYS, GapRule, Rulebook
from scheduler_app.domain.story import LONG_AGO, ONGOING, Item, Story, Visit

CODES = ("needling", "toxin", "filler", "plasma")
COURSE = "course"
TODAY = date(2028, 2, 29).toordinal()  # a leap day, so that months and years meet their edges

days = st.integers(TODAY - 420, TODAY + 420)
past_days = st.integers(TODAY - 420, TODAY)
gaps = st.one_of(
    st.builds(Gap, st.integers(0, 40), st.just("day")),
    st.builds(Gap, st.integers(0, 6), st.just("week")),
    st.builds(Gap, st.integers(0, 7), st.just("month")),
)


def _longest(gap: Gap) -> int:
    return gap.after(TODAY) - TODAY


@st.composite
def rules(draw: st.DrawFn) -> GapRule:
    """A gap rule between any two treatments, sometimes in force for a while only."""
    absolute, minimum = sorted((draw(gaps), draw(gaps)), key=_longest)
    if absolute.unit != minimum.unit:  # which of 1 month and 30 days is longer depends on the date
        minimum = absolute
    force = ALWAYS
    if draw(st.integers(0, 3)) == 0:
        first = draw(days)
        force = (first, first + draw(st.integers(0, 200)))
    earlier = draw(st.sampled_from((*CODES, COURSE)))
    later = draw(st.sampled_from((*CODES, COURSE)))
    number = draw(st.integers(0, 10**9))
    return GapRule(
        f"{later}-after-{earlier}-{number}", earlier, later, absolute, minimum, "s", "g", "x", force
    )


@st.composite
def rulebooks(draw: st.DrawFn) -> Rulebook:
    """Up to six rules."""
    drawn = draw(st.lists(rules(), min_size=1, max_size=6, unique_by=lambda rule: rule.id))
    return Rulebook(tuple(drawn), {}, frozenset((*CODES, COURSE)), frozenset((COURSE,)))


@st.composite
def items(draw: st.DrawFn) -> Item:
    """A treatment had, or a course, its ends known or not."""
    ref = f"f{draw(st.integers(0, 10**9))}"
    if draw(st.booleans()):
        day = draw(past_days)
        return Item(draw(st.sampled_from(CODES)), day, day, ref)
    last = draw(st.one_of(days, st.just(ONGOING)))
    first = draw(st.one_of(st.just(LONG_AGO), st.integers(TODAY - 420, min(last, TODAY))))
    return Item(COURSE, first, last, ref, course=True)


@st.composite
def visits(draw: st.DrawFn) -> Visit:
    """A booking or a past visit."""
    day = draw(days)
    treatments = tuple(draw(st.lists(st.sampled_from(CODES), min_size=1, max_size=2)))
    booked_at = draw(st.one_of(st.none(), st.integers(0, 5).map(float)))
    status = draw(st.sampled_from(("booked", "booked", "pending", "arrived", "cancelled", "noshow")))
    return Visit(f"v{draw(st.integers(0, 10**9))}", treatments, day, day * 86_400.0, booked_at, status)


stories = st.builds(
    Story,
    st.lists(items(), max_size=6).map(tuple),
    st.lists(visits(), max_size=6, unique_by=lambda visit: visit.ref).map(tuple),
)
fact_stories = st.builds(Story, st.lists(items(), max_size=8).map(tuple))
