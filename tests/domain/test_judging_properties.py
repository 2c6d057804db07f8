"""What holds for every story, whatever is in it."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler_app.domain.aims import aim_at
from scheduler_app.domain.forbidden import blocked_on, free_spans, permitted, spans, windows_against
from scheduler_app.domain.judging import judge, judge_story
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.rules import Rulebook
from scheduler_app.domain.story import ONGOING, Item, Story, Visit
from tests.domain.oracle import worst_on
from tests.domain.stories import TODAY, days, fact_stories, items, rulebooks, stories, visits


def shuffled(story: Story, order: st.DataObject) -> Story:
    """The same story, told in another order."""
    return replace(
        story,
        items=tuple(order.draw(st.permutations(story.items))),
        visits=tuple(order.draw(st.permutations(story.visits))),
    )


@given(rulebooks(), stories, visits(), st.data())
def test_the_order_of_arrival_never_matters(
    rulebook: Rulebook, story: Story, visit: Visit, data: st.DataObject
) -> None:
    other = shuffled(story, data)
    assert judge_story(story, rulebook, TODAY) == judge_story(other, rulebook, TODAY)
    assert judge(visit, story, rulebook, TODAY) == judge(visit, other, rulebook, TODAY)


@settings(max_examples=300)
@given(rulebooks(), fact_stories, visits())
def test_intervals_agree_with_a_walk_day_by_day(rulebook: Rulebook, story: Story, visit: Visit) -> None:
    verdict = judge(visit, story, rulebook, TODAY)
    held = list(story.items)
    assert verdict.outcome == worst_on(visit.day, visit.treatments, held, rulebook.rules)
    start = max(visit.day, TODAY)
    for promised, limit in ((verdict.earliest, 0), (verdict.earliest_not_blocked, 1)):
        end = start + 900 if promised is None else promised
        for day in range(start, end):
            assert worst_on(day, visit.treatments, held, rulebook.rules) > limit
        if promised is not None:
            assert worst_on(promised, visit.treatments, held, rulebook.rules) <= limit


@given(rulebooks(), fact_stories, visits(), items())
def test_another_fact_never_makes_an_outcome_better(
    rulebook: Rulebook, story: Story, visit: Visit, fact: Item
) -> None:
    before = judge(visit, story, rulebook, TODAY)
    after = judge(visit, replace(story, items=(*story.items, fact)), rulebook, TODAY)
    assert after.outcome >= before.outcome
    assert (after.earliest or ONGOING) >= (before.earliest or ONGOING)
    assert len(after.findings) >= len(before.findings)


@given(rulebooks(), stories, visits())
def test_the_earliest_date_has_no_gap_finding_and_the_day_before_has_one(
    rulebook: Rulebook, story: Story, visit: Visit
) -> None:
    visit = visit._replace(status="booked")
    verdict = judge(visit, story, rulebook, TODAY)
    if verdict.earliest is None:
        return
    asked_again = judge(visit._replace(day=verdict.earliest), story, rulebook, TODAY)
    assert not [finding for finding in asked_again.findings if finding.gap]
    if verdict.earliest not in (visit.day, TODAY):
        day_before = judge(visit._replace(day=verdict.earliest - 1), story, rulebook, TODAY)
        assert [finding for finding in day_before.findings if finding.gap]


@given(rulebooks(), fact_stories, visits(), st.lists(days, max_size=60))
def test_the_filter_of_slots_keeps_exactly_the_days_without_a_finding(
    rulebook: Rulebook, story: Story, visit: Visit, slot_days: list[int]
) -> None:
    aim = aim_at(visit.treatments, rulebook)
    forbidden = spans(windows_against(aim, story.items), hard=False)
    starts = sorted(day * 86_400.0 + 36_000 for day in slot_days)
    kept = permitted(starts, forbidden, lambda day: day * 86_400.0)
    wanted = [
        s
        for s in starts
        if not worst_on(int(s // 86_400), visit.treatments, list(story.items), rulebook.rules)
    ]
    assert kept == wanted


@given(rulebooks(), fact_stories, visits())
def test_free_and_forbidden_days_share_the_calendar_without_overlap(
    rulebook: Rulebook, story: Story, visit: Visit
) -> None:
    forbidden = spans(windows_against(aim_at(visit.treatments, rulebook), story.items), hard=False)
    free = free_spans(forbidden, TODAY, TODAY + 500)
    for day in range(TODAY, TODAY + 500):
        inside = any(begin <= day < end for begin, end in forbidden)
        assert inside != any(begin <= day < end for begin, end in free)
    assert all(one[1] < two[0] for one, two in pairwise(forbidden))


@given(rulebooks(), fact_stories, visits())
def test_the_short_look_for_a_block_sees_what_the_windows_see(
    rulebook: Rulebook, story: Story, visit: Visit
) -> None:
    aim = aim_at(visit.treatments, rulebook)
    blocked = any(w[2] <= visit.day < w[3] for w in windows_against(aim, story.items))
    assert blocked_on(visit.day, aim, story.items) == blocked


@given(rulebooks(), stories)
def test_bookings_that_stand_never_break_a_gap_among_themselves(rulebook: Rulebook, story: Story) -> None:
    verdicts = judge_story(story, rulebook, TODAY)
    standing = [
        visit
        for visit in story.visits
        if visit.ref in verdicts and not visit.took_place(TODAY) and verdicts[visit.ref].stands
    ]
    for visit in standing:
        held = [item for other in standing if other.ref != visit.ref for item in other.items(TODAY)]
        assert worst_on(visit.day, visit.treatments, held, rulebook.rules) < Outcome.BLOCKED


@given(rulebooks(), stories, visits())
def test_the_book_and_the_question_give_the_last_booking_the_same_answer(
    rulebook: Rulebook, story: Story, visit: Visit
) -> None:
    visit = visit._replace(ref="zz", status="booked", day=max(visit.day, TODAY), booked_at=9.0)
    asked = judge(visit, story, rulebook, TODAY)
    booked = judge_story(replace(story, visits=(*story.visits, visit)), rulebook, TODAY)["zz"]
    assert asked == booked
