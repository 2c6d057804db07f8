"""Whatever a browser sends as answers is either told as a mistake or can be kept as it stands."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import example, given
from hypothesis import strategies as st

from scheduler_app.domain.facts import Said
from scheduler_app.flow.flow import Flow
from scheduler_app.flow.intake import _facts
from scheduler_app.texts.intake import languages, tongue
from scheduler_app.web.private.answers import Sent, lines, questions, read
from tests.house import house
from tests.web.stand import TODAY as NOW

TODAY = date(2026, 3, 1)
FLOW = cast(Flow, SimpleNamespace(rulebook=house().rulebook, catalogue=house().catalogue))
ASKED = questions(FLOW, tongue("en"), TODAY)
PREFIXES = [f"m-{code}" for code, _ in ASKED.medicines] + [f"t-{code}" for code, _ in ASKED.treatments]
FIELDS = [
    "none", *(f"c-{code}" for code, _ in ASKED.conditions), *PREFIXES,
    *(f"{prefix}-{part}" for prefix in PREFIXES for part in ("day", "month", "year", "unknown")),
]  # fmt: skip
VALUES = st.sampled_from(["yes", "no", "taking", "stopped", "1", "2", "12", "29", "31", "2025", "2026"])
FORMS = st.dictionaries(st.sampled_from(FIELDS), VALUES | st.text(max_size=6), max_size=12)
COMPLETE = {"none": "yes", "m-isotretinoin": "no", "m-topical_retinoid": "no"}


@example({"t-microneedling-month": "1", "t-microneedling-year": "1"}, True, "ar")  # nobody had it in year 1
@given(FORMS, st.booleans(), st.sampled_from(languages()))
def test_what_has_no_mistake_can_be_kept_and_said(
    form: dict[str, str], complete: bool, language: str
) -> None:
    said = tongue(language)
    sent = Sent(form | COMPLETE if complete else form)
    answers = read(sent, questions(FLOW, said, TODAY), said, TODAY)
    if sent.mistakes:
        assert all(why.strip() for why in sent.mistakes.values())
        return
    facts = _facts(FLOW, answers, Said("client", "the client", NOW), TODAY.toordinal())
    assert len(facts) == len(answers.medicines) + len(answers.treatments)
    assert lines(answers, questions(FLOW, said, TODAY), said)


@given(FORMS)
def test_nothing_a_client_says_of_a_treatment_is_left_out(form: dict[str, str]) -> None:
    sent = Sent(form | COMPLETE)
    answers = read(sent, ASKED, tongue("en"), TODAY)
    said = {code for code, _ in ASKED.treatments if sent.has(f"t-{code}") or sent.dated(f"t-{code}")}
    assert said == {told.treatment for told in answers.treatments}
    assert replace(answers, conditions=()) == answers or "none" in sent.mistakes


def test_only_what_others_wait_after_is_asked() -> None:
    asked: list[Any] = [code for code, _ in ASKED.treatments]
    assert asked == ["microneedling", "botulinum_toxin", "dermal_filler", "plasma_pen"]
    assert [year for year, _ in ASKED.years] == [2026, 2025, 2024]
