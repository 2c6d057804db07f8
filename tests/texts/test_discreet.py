"""What clients, guests and lock screens may read names no treatment and no condition, ever."""

import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.verdict import Finding, Other, Verdict
from scheduler_app.rulebook import Loaded, require
from scheduler_app.rulebook.care_languages import CONDITIONS, STOPPING
from scheduler_app.rulebook.care_texts import Revealing
from scheduler_app.texts.sentences import discreet, discreet_of, full
from scheduler_app.texts.words import languages, words


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


# Stems no discreet text may hold anywhere, in any of the languages: looser than the check of whole words.
STEMS = (
    "needl|botox|botulin|filler|juvederm|plasma|retin|tretin|accutane|hyalur|microaguj|aguja|bótox|relleno|hialur"
    "|vitamin|peel|laser|láser|tattoo|surg|cirug|inject|inyec|pregnan|embaraz|diabet|herpes|eczema|ezcema|psorias"
    "|إبر|ابر|بوتوكس|فيلر|حقن|ريتين|تريتين|هيالور|بلازما|تقشير|ليزر|حامل|حمل|سكري|هربس|صدفية|أكزيما"
)


def test_no_discreet_text_of_any_language_holds_even_a_part_of_such_a_word() -> None:
    for language, lines in shipped().care.items():
        for line in lines:
            assert not re.search(STEMS, f"{line.discreet_title} {line.discreet_text}", re.IGNORECASE), (
                line.code
            )
        said = words(language).sections
        for section in ("discreet", "subscribe"):
            for key, template in said[section].items():
                blanks = dict.fromkeys(("clinic", "phone", "until", "date", "time", "from", "to"), "x")
                assert not re.search(STEMS, template(count=3, **blanks), re.IGNORECASE), key


def test_every_language_has_texts_for_which_the_search_would_speak_up() -> None:
    for lines in shipped().care.values():
        assert any(re.search(STEMS, f"{line.title} {line.text}", re.IGNORECASE) for line in lines)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Deje de tomar las pastillas que le recetaron.", True),
        ("Suspenda su medicación un día antes.", True),
        ("توقفوا عن أخذ الدواء قبل الزيارة.", True),
        ("أوقفوا الأدوية قبل الزيارة.", True),
        ("Deje la mascarilla sobre la piel.", False),
        ("No cambie nada hasta tener una respuesta.", False),
        ("اتركوا القناع على البشرة.", False),
    ],
)
def test_texts_that_may_stop_a_medicine_are_noticed_in_every_language(text: str, found: bool) -> None:
    assert any(stopping.search(text) for stopping in STOPPING) is found


def test_conditions_are_known_by_their_names_in_every_language() -> None:
    assert set(CONDITIONS) == set(shipped().rulebook.conditions)
    for text in ("Antes de su visita: eccema", "su embarazo", "بسبب الهربس", "مرض القلب لديكم"):
        assert revealing().found_in(text) is not None, text
