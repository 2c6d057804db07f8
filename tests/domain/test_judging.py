"""Overrides, hindsight and who gives way, where a golden case cannot say it."""

from dataclasses import replace
from datetime import date

from scheduler_app.domain.gaps import Gap
from scheduler_app.domain.judging import judge, judge_story
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.rules import Condition, GapRule, Rulebook
from scheduler_app.domain.story import Item, Override, Story, Visit

TODAY = date(2026, 3, 2).toordinal()
WEEK = Gap(1, "week")


def rule(later: str, earlier: str, gap: Gap = WEEK, force: tuple[int, int] = (0, 10_000_000)) -> GapRule:
    return GapRule(f"{later}-after-{earlier}", earlier, later, gap, gap, "sheet", "practice", "Dr A", force)


NEEDLING = rule("needling", "toxin", Gap(2, "week"))
BOOK = Rulebook(
    (NEEDLING, rule("toxin", "needling", Gap(3, "week"))),
    {"scar": Condition("scar", "Scars", "absolute", ("needling",), "sheet", "practice", "Dr A")},
    frozenset({"needling", "toxin", "filler"}),
)
TOXIN = Item("toxin", TODAY, TODAY, "f1")


def booking(ref: str, treatment: str, in_days: int, booked_at: float = 0.0, status: str = "booked") -> Visit:
    return Visit(ref, (treatment,), TODAY + in_days, float(in_days), booked_at, status)


def override(visit: Visit, story: Story, index: int = 0) -> Override:
    finding = judge_story(story, BOOK, TODAY)[visit.ref].findings[index]
    return Override(visit.ref, visit.day, visit.treatments, finding.key, "clinical-judgement", "Dr A")


def test_an_overridden_visit_stands_and_later_bookings_give_way_to_it() -> None:
    early, late = booking("a", "needling", 10, 1.0), booking("b", "toxin", 20, 2.0)
    story = Story((TOXIN,), (early, late))
    before = judge_story(story, BOOK, TODAY)
    assert (before["a"].outcome, before["b"].outcome) == (Outcome.BLOCKED, Outcome.CLEAR)
    after = judge_story(replace(story, overrides=(override(early, story),)), BOOK, TODAY)
    assert (after["a"].outcome, after["a"].overridden, after["a"].stands) == (Outcome.CLEAR, True, True)
    assert after["b"].outcome is Outcome.BLOCKED


def test_an_override_is_void_once_the_visit_moves() -> None:
    early = booking("a", "needling", 10, 1.0)
    story = Story((TOXIN,), (early,))
    moved = replace(story, visits=(early._replace(day=early.day - 1),), overrides=(override(early, story),))
    assert judge_story(moved, BOOK, TODAY)["a"].outcome is Outcome.BLOCKED


def test_an_override_is_void_once_the_treatments_change() -> None:
    early = booking("a", "needling", 10, 1.0)
    story = Story((TOXIN,), (early,))
    changed = early._replace(treatments=("needling", "filler"))
    again = replace(story, visits=(changed,), overrides=(override(early, story),))
    assert judge_story(again, BOOK, TODAY)["a"].outcome is Outcome.BLOCKED


def test_an_override_answers_one_finding_and_no_other() -> None:
    early = booking("a", "needling", 10, 1.0)
    story = Story((TOXIN, Item("toxin", TODAY - 1, TODAY - 1, "f2")), (early,))
    verdict = judge_story(replace(story, overrides=(override(early, story),)), BOOK, TODAY)["a"]
    assert [finding.overridden for finding in verdict.findings] == [True, False]
    assert verdict.outcome is Outcome.BLOCKED


def test_an_absolute_contraindication_does_not_make_a_booking_give_way_to_others() -> None:
    early, late = booking("a", "needling", 10, 1.0), booking("b", "toxin", 20, 2.0)
    verdicts = judge_story(Story((), (early, late), ("scar",), screened_on=TODAY), BOOK, TODAY)
    assert verdicts["a"].outcome is Outcome.BLOCKED
    assert verdicts["a"].stands
    assert verdicts["b"].outcome is Outcome.BLOCKED


def test_a_clearance_ends_on_its_day() -> None:
    book = replace(BOOK, conditions={"scar": replace(BOOK.conditions["scar"], kind="not_recommended")})
    story = Story(conditions=("scar",), cleared={"scar": TODAY + 10}, screened_on=TODAY)
    assert judge(booking("a", "needling", 10), story, book, TODAY).outcome is Outcome.CLEAR
    assert judge(booking("a", "needling", 11), story, book, TODAY).outcome is Outcome.REVIEW


def test_an_absolute_contraindication_cannot_be_cleared() -> None:
    story = Story(conditions=("scar",), cleared={"scar": TODAY + 10}, screened_on=TODAY)
    assert judge(booking("a", "needling", 10), story, BOOK, TODAY).outcome is Outcome.BLOCKED


def test_past_visits_are_judged_in_hindsight_and_a_pair_is_told_once_at_the_later_visit() -> None:
    first, second = booking("a", "toxin", -30), booking("b", "needling", -25)
    third = booking("c", "toxin", -20)
    verdicts = judge_story(Story((), (third, first, second)), BOOK, TODAY)
    assert not verdicts["a"].findings
    assert [finding.other.ref for finding in verdicts["b"].findings if finding.other] == ["a"]
    assert [finding.other.ref for finding in verdicts["c"].findings if finding.other] == ["b"]
    assert verdicts["b"].earliest == TODAY - 30 + 14


def test_a_presumed_visit_is_labelled_so() -> None:
    story = Story((), (booking("a", "toxin", -1), booking("b", "needling", 5, 1.0)))
    (finding,) = judge_story(story, BOOK, TODAY)["b"].findings
    assert finding.other is not None
    assert finding.other.presumed


def test_the_slot_a_visit_is_moved_from_is_not_held_against_it() -> None:
    story = Story((), (booking("a", "needling", 10, 1.0), booking("b", "toxin", 2, 0.5)))
    moved = booking("b", "toxin", 50, 0.5)
    assert judge(moved, story, BOOK, TODAY).outcome is Outcome.CLEAR


def test_rules_in_force_are_those_of_the_later_items_date() -> None:
    until_day_9 = replace(NEEDLING, in_force=(0, TODAY + 9))
    book = replace(BOOK, rules=(until_day_9,))
    assert judge(booking("a", "needling", 9), Story((TOXIN,)), book, TODAY).outcome is Outcome.BLOCKED
    assert judge(booking("a", "needling", 10), Story((TOXIN,)), book, TODAY).outcome is Outcome.CLEAR
    (finding,) = judge(booking("a", "needling", 9), Story((TOXIN,)), book, TODAY).findings
    assert finding.until == TODAY + 10


def test_versions_of_one_rule_that_follow_each_other_are_one_reason() -> None:
    old = replace(NEEDLING, in_force=(0, TODAY + 9))
    new = replace(NEEDLING, in_force=(TODAY + 10, 10_000_000), minimum=WEEK, absolute_minimum=Gap(4, "week"))
    verdict = judge(booking("a", "needling", 5), Story((TOXIN,)), replace(BOOK, rules=(new, old)), TODAY)
    (finding,) = verdict.findings
    assert finding.until == TODAY + 28 == verdict.earliest


def test_no_treatment_at_all_calls_for_a_person() -> None:
    verdict = judge(Visit("a", (), TODAY), Story(), BOOK, TODAY)
    assert [finding.rule for finding in verdict.findings] == ["treatment-unknown"]


def test_doubts_of_the_source_call_for_a_person() -> None:
    visit = booking("a", "toxin", 3)._replace(doubts=("title-question",))
    verdict = judge(visit, Story(), BOOK, TODAY)
    assert (verdict.outcome, verdict.findings[0].rule) == (Outcome.REVIEW, "title-question")


def test_a_booking_still_ahead_is_not_presumed_to_have_taken_place() -> None:
    story = Story((), (booking("a", "toxin", 1), booking("b", "needling", 5, 1.0)))
    (finding,) = judge_story(story, BOOK, TODAY)["b"].findings
    assert finding.other is not None
    assert not finding.other.presumed
