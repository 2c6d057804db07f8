"""From a verdict to what may stand on the clinic's grid."""

import pytest

from scheduler_app.domain.actions import Action, WrittenMark
from scheduler_app.domain.events import Mark
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.verdict import Finding, Other, Verdict
from scheduler_app.flow.plan import wanted_mark, weighs
from tests.flow.clinic_at_work import NOW, ordinal

TOO_SOON = Finding(
    "microneedling-after-botulinum-toxin",
    Outcome.BLOCKED,
    "microneedling",
    "after",
    Other("botulinum_toxin", ordinal("2026-03-01")),
    13,
    "2 weeks",
    "2 weeks",
    ordinal("2026-03-15"),
)
FIRST = ordinal("2026-03-15")


def verdict(*findings: Finding, first: int | None = FIRST, later: int | None = None) -> Verdict:
    worst = max((f.outcome for f in findings if not f.overridden), default=Outcome.CLEAR)
    return Verdict(worst, findings, later or first, first)


def review(rule: str) -> Finding:
    return Finding(rule, Outcome.REVIEW)


def test_a_hold_names_the_first_date_and_never_a_treatment() -> None:
    mark = wanted_mark(verdict(TOO_SOON), False, "en")
    assert mark == Mark(
        "hold", "⛔15 Mar · ", "Please choose a date from 15 March 2026; call us if you have questions."
    )


def test_the_date_of_a_hold_is_the_first_that_is_not_blocked() -> None:
    mark = wanted_mark(verdict(TOO_SOON, later=FIRST + 60), False, "en")
    assert mark is not None
    assert mark.prefix == "⛔15 Mar · "


def test_a_hold_without_any_date_that_can_do_names_none() -> None:
    mark = wanted_mark(verdict(TOO_SOON, first=None), False, "en")
    assert mark is not None
    assert mark.prefix == "⛔ · "


def test_an_absolute_contraindication_is_held_without_a_date_or_a_word_about_it() -> None:
    finding = Finding("condition-clotting_disorder", Outcome.BLOCKED)
    mark = wanted_mark(verdict(finding), False, "en")
    assert mark is not None
    assert mark.prefix == "⛔ · "
    assert "clotting" not in mark.text
    assert "2026" not in mark.text


def test_an_overridden_hold_is_none() -> None:
    assert wanted_mark(verdict(TOO_SOON._replace(overridden=True)), False, "en") is None


def test_a_caution_leaves_the_grid_alone() -> None:
    assert wanted_mark(verdict(TOO_SOON._replace(outcome=Outcome.CAUTION)), False, "en") is None


@pytest.mark.parametrize(
    "rule", ["treatment-unknown", "title-negated", "client-unknown", "record-unreadable"]
)
def test_what_a_receptionist_can_settle_is_asked_on_the_grid(rule: str) -> None:
    mark = wanted_mark(verdict(review(rule)), False, "en")
    assert mark is not None
    assert (mark.kind, mark.prefix) == ("review", "? · ")


@pytest.mark.parametrize(
    "rule", ["screening-missing", "screening-expired", "condition-eczema", "identity-doubtful"]
)
def test_what_is_for_the_desk_is_not_on_the_grid(rule: str) -> None:
    assert wanted_mark(verdict(review(rule)), False, "en") is None


@pytest.mark.parametrize("finding", [TOO_SOON, review("treatment-unknown")])
def test_a_visit_that_has_begun_is_never_held_or_asked_about(finding: Finding) -> None:
    mark = wanted_mark(verdict(finding), True, "en")
    assert mark is None or (mark.kind, mark.prefix) == ("note", "")


def test_a_visit_without_a_verdict_bears_no_mark() -> None:
    assert wanted_mark(None, False, "en") is None


HOLD = Mark("hold", "⛔15 Mar · ", "")


def to(mark: Mark | None) -> Action:
    return Action("k", "mark" if mark else "unmark", "v", "p", mark, NOW)


def standing(mark: Mark) -> WrittenMark:
    return WrittenMark("v", mark, "e", NOW)


def test_new_holds_and_questions_weigh_and_a_changed_date_does_not() -> None:
    assert weighs(to(HOLD), None, False, lifting=False)
    assert weighs(to(Mark("review", "? · ", "")), None, False, lifting=False)
    assert weighs(to(HOLD), standing(Mark("review", "? · ", "")), False, lifting=False)
    assert not weighs(to(Mark("hold", "⛔20 Mar · ", "")), standing(HOLD), False, lifting=False)
    assert not weighs(to(HOLD), None, True, lifting=False)


def test_holds_taken_off_weigh_only_when_rules_changed() -> None:
    assert not weighs(to(None), standing(HOLD), False, lifting=False)
    assert weighs(to(None), standing(HOLD), False, lifting=True)
    assert not weighs(to(None), None, False, lifting=True)
