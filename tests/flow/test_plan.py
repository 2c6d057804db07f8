"""From a verdict to what may stand on the clinic's grid."""

import pytest

from scheduler_app.domain.actions import Action, WrittenMark
from scheduler_app.domain.clinic import MarkTerms
from scheduler_app.domain.events import Mark
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.verdict import Finding, Other, Verdict
from scheduler_app.flow.plan import CALL_OFF, NOTHING, Setting, Standing, Wish, clash_mark, weighs, wish
from tests.flow.clinic_at_work import NOW, ordinal
from tests.house import house

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


def setting(begun: bool = False, link: str = "", free: bool = False, **terms: object) -> Setting:
    return Setting(begun, MarkTerms(**terms), "en", house().catalogue, link, free)  # type: ignore[arg-type]


def wanted_mark(judged: Verdict | None, shown: Setting | None = None) -> Mark | None:
    return wish(judged, shown or setting()).mark


def test_a_hold_names_the_first_date_and_never_a_treatment() -> None:
    mark = wanted_mark(verdict(TOO_SOON))
    assert mark == Mark(
        "hold", "⛔15 Mar · ", "Please choose a date from 15 March 2026; call us if you have questions."
    )


def test_the_date_of_a_hold_is_the_first_that_is_not_blocked() -> None:
    mark = wanted_mark(verdict(TOO_SOON, later=FIRST + 60))
    assert mark is not None
    assert mark.prefix == "⛔15 Mar · "


def test_a_hold_without_any_date_that_can_do_names_none() -> None:
    mark = wanted_mark(verdict(TOO_SOON, first=None))
    assert mark is not None
    assert mark.prefix == "⛔ · "


def test_an_absolute_contraindication_is_held_without_a_date_or_a_word_about_it() -> None:
    finding = Finding("condition-clotting_disorder", Outcome.BLOCKED)
    mark = wanted_mark(verdict(finding))
    assert mark is not None
    assert mark.prefix == "⛔ · "
    assert "clotting" not in mark.text
    assert "2026" not in mark.text


def test_an_overridden_hold_is_none() -> None:
    assert wanted_mark(verdict(TOO_SOON._replace(overridden=True))) is None


def test_a_caution_leaves_the_grid_alone() -> None:
    assert wanted_mark(verdict(TOO_SOON._replace(outcome=Outcome.CAUTION))) is None


@pytest.mark.parametrize("rule", ["treatment-unknown", "title-negated", "record-unreadable"])
def test_what_a_receptionist_can_settle_is_asked_on_the_grid(rule: str) -> None:
    mark = wanted_mark(verdict(review(rule)))
    assert mark is not None
    assert (mark.kind, mark.prefix) == ("review", "? · ")


@pytest.mark.parametrize(
    "rule",
    ["screening-missing", "screening-expired", "condition-eczema", "identity-doubtful", "client-unknown"],
)
def test_what_is_for_the_desk_is_not_on_the_grid_unless_the_clinic_wants_it_there(rule: str) -> None:
    assert wanted_mark(verdict(review(rule))) is None
    mark = wanted_mark(verdict(review(rule)), setting(reviews_on_grid=True))
    assert mark is not None
    assert (mark.kind, mark.prefix) == ("review", "? · ")


@pytest.mark.parametrize("finding", [TOO_SOON, review("treatment-unknown")])
def test_a_visit_that_has_begun_is_never_held_or_asked_about(finding: Finding) -> None:
    mark = wanted_mark(verdict(finding), setting(begun=True))
    assert mark is None or (mark.kind, mark.prefix) == ("note", "")


def test_a_visit_without_a_verdict_bears_no_mark() -> None:
    assert wanted_mark(None) is None


@pytest.mark.parametrize("first", [FIRST, ordinal("2026-12-30"), None])
def test_whatever_stands_before_a_title_is_read_within_twelve_characters(first: int | None) -> None:
    for mark in (wanted_mark(verdict(TOO_SOON, first=first)), clash_mark("", setting())):
        assert mark is not None
        assert len(mark.prefix) <= 12


def test_a_hold_says_the_discreet_sentence_the_date_and_where_the_desk_shows_it() -> None:
    mark = wanted_mark(verdict(TOO_SOON), setting(link="https://desk.example/desk/appointments/a1"))
    assert mark is not None
    assert "15 March 2026" in mark.text
    assert "https://desk.example/desk/appointments/a1" in mark.text
    assert "otulinum" not in mark.text
    assert "microneedling" not in mark.text.lower()


def test_a_clinic_may_have_the_whole_reason_on_the_event() -> None:
    mark = wanted_mark(verdict(TOO_SOON), setting(explain="full"))
    assert mark is not None
    assert "Microneedling must wait 2 weeks after" in mark.text


def test_a_calendar_that_is_annotated_keeps_its_titles_and_its_slots() -> None:
    mark = wanted_mark(verdict(TOO_SOON), setting(mode="annotate", free=True, colours={"hold": "Tomato"}))
    assert mark is not None
    assert (mark.kind, mark.prefix, mark.colour, mark.free) == ("note", "", "Tomato", False)
    assert "15 March 2026" in mark.text
    asked = wanted_mark(verdict(review("title-negated")), setting(mode="annotate"))
    assert asked is not None
    assert (asked.kind, asked.prefix) == ("note", "")


def test_each_kind_of_mark_has_the_colour_the_clinic_gave_it() -> None:
    colours = {"hold": "Tomato", "review": "Banana", "note": "Sage", "clash": "Grape"}
    shown = setting(colours=colours)
    marks = [
        wanted_mark(verdict(TOO_SOON), shown),
        wanted_mark(verdict(review("title-negated")), shown),
        wanted_mark(verdict(TOO_SOON), setting(begun=True, colours=colours)),
        clash_mark("", shown),
    ]
    assert [mark and mark.colour for mark in marks] == ["Tomato", "Banana", "Sage", "Grape"]


def test_where_the_clinic_has_them_called_off_a_blocked_visit_is_and_one_that_began_never() -> None:
    calling_off = setting(mode="cancel")
    absolute = Finding("condition-clotting_disorder", Outcome.BLOCKED)
    assert wish(verdict(TOO_SOON), calling_off) == CALL_OFF
    assert wish(verdict(absolute), calling_off) == CALL_OFF
    assert wish(verdict(TOO_SOON._replace(overridden=True)), calling_off) == NOTHING
    assert wish(verdict(review("title-negated")), calling_off).kind == "mark"
    begun = wanted_mark(verdict(TOO_SOON), setting(mode="cancel", begun=True))
    assert begun is not None
    assert (begun.kind, begun.prefix) == ("note", "")


def test_a_visit_that_began_stays_busy_or_free_as_it_is() -> None:
    for free in (True, False):
        mark = wanted_mark(verdict(TOO_SOON), setting(begun=True, free=free))
        assert mark is not None
        assert mark.free is free


def test_a_clash_stays_free_and_tells_no_more_than_times() -> None:
    mark = clash_mark("Mon 16 Mar 10:00", setting())
    assert (mark.kind, mark.free) == ("clash", True)
    assert "taken meanwhile" in mark.text
    assert "Mon 16 Mar 10:00" in mark.text
    assert "call us" in clash_mark("", setting()).text


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


def test_calling_off_weighs_and_giving_a_slot_back_does_not() -> None:
    assert weighs(Action("k", "cancel", "v", "p", None, NOW), standing(HOLD), False, lifting=False)
    assert not weighs(to(Mark("hold", "⛔15 Mar · ", "", free=True)), standing(HOLD), False, lifting=False)


def test_a_mark_that_could_not_have_its_slot_back_is_granted_and_a_hold_is_not() -> None:
    note = Mark("note", "", "text")
    kept = Standing(standing(Mark("note", "", "text", free=True)))
    assert kept.grants(Wish("mark", note))
    assert not kept.grants(Wish("mark", Mark("note", "", "other")))
    freed = Standing(standing(Mark("hold", "⛔15 Mar · ", "", free=True)))
    assert not freed.grants(Wish("mark", HOLD))
    assert not freed.grants(NOTHING)


def test_holds_taken_off_weigh_only_when_rules_changed() -> None:
    assert not weighs(to(None), standing(HOLD), False, lifting=False)
    assert weighs(to(None), standing(HOLD), False, lifting=True)
    assert not weighs(to(None), None, False, lifting=True)
