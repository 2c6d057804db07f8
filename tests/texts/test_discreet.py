"""What clients, guests and lock screens may read names no treatment and no condition, ever."""

import re
from functools import cache
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.verdict import Finding, Other, Verdict
from scheduler_app.rulebook import Loaded, require
from scheduler_app.rulebook.care_texts import Revealing
from scheduler_app.texts.sentences import discreet, discreet_of, full
from scheduler_app.texts.words import languages


@cache
def shipped() -> Loaded:
    return require(Path(__file__).parents[2] / "config")


@cache
def revealing() -> Revealing:
    return Revealing.of(shipped().catalogue, shipped().rulebook.conditions)


# A consultation tells a bystander nothing.
CODES = st.deferred(lambda: st.sampled_from(sorted({*shipped().catalogue.treatments} - {"consultation"})))
RULES = st.deferred(
    lambda: st.sampled_from(
        [
            *(rule.id for rule in shipped().rulebook.rules),
            *(f"condition-{code}" for code in shipped().rulebook.conditions),
            "screening-missing",
            "treatment-unknown",
            "medication-mentioned",
        ]
    )
)
DAYS = st.integers(693_596, 803_168)
FINDINGS = st.builds(
    Finding,
    RULES,
    st.sampled_from(Outcome),
    CODES,
    st.sampled_from(["after", "before", None]),
    st.builds(Other, CODES, st.none() | DAYS),
    st.integers(0, 400),
    st.just("2 weeks"),
    st.just("6 months"),
    st.none() | DAYS,
    st.just("clinic sheet, drug label"),
    st.booleans(),
)


@given(FINDINGS, st.sampled_from(languages()))
def test_a_discreet_sentence_names_no_treatment_and_no_condition(finding: Finding, language: str) -> None:
    verdict = Verdict(finding.outcome, (finding,), finding.until, None)
    for sentence in (discreet(finding, language), discreet_of(verdict, language)):
        assert revealing().found_in(sentence) is None
        assert not re.search(r"\d+ (day|week|month)s?\b|sheet|label", sentence)


@given(FINDINGS)
def test_the_search_for_names_would_find_them(finding: Finding) -> None:
    # The other half of the promise above: the full sentence of the same finding does give it away.
    sentence = full(finding, shipped().catalogue)
    named = finding.direction is not None or finding.rule.startswith("condition-")
    assert (revealing().found_in(sentence) is not None) or not named


def test_every_discreet_care_text_is_as_silent() -> None:
    for lines in shipped().care.values():
        for line in lines:
            assert revealing().found_in(line.discreet_title) is None
            assert revealing().found_in(line.discreet_text) is None
