"""Every finding has two sentences; these are the sentences."""

import timeit
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.catalogue import Catalogue, Treatment
from scheduler_app.domain.doubts import DOUBTS as DOUBTS_OF_TITLES
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.verdict import Finding, Other, Verdict
from scheduler_app.texts.sentences import discreet, discreet_of, full, offer

CATALOGUE = Catalogue(
    {
        "microneedling": Treatment("microneedling", "microneedling", aliases=("skin needling",)),
        "botulinum_toxin": Treatment("botulinum_toxin", "Botox", aliases=("btx", "anti wrinkle")),
        "plasma_pen": Treatment("plasma_pen", "plasma pen"),
        "isotretinoin": Treatment("isotretinoin", "isotretinoin", kind="medication", aliases=("accutane",)),
    }
)


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


BOTOX_FIRST = Finding(
    "microneedling-after-botulinum-toxin",
    Outcome.BLOCKED,
    "microneedling",
    "after",
    Other("botulinum_toxin", day("2026-03-01")),
    13,
    "2 weeks",
    "2 weeks",
    day("2026-03-15"),
    "clinic sheet",
)
COURSE = BOTOX_FIRST._replace(
    other=Other("isotretinoin", day("2025-10-01")),
    days=100,
    absolute_minimum="6 months",
    minimum="6 months",
    until=day("2026-04-01"),
)
BOTOX_LATER = BOTOX_FIRST._replace(
    direction="before",
    other=Other("botulinum_toxin", day("2026-03-20")),
    days=6,
    absolute_minimum="3 weeks",
    minimum="3 weeks",
    until=None,
)
REVIEW = Outcome.REVIEW

SENTENCES = {
    "too soon after": (
        BOTOX_FIRST,
        "Microneedling must wait 2 weeks after Botox on 1 March 2026; this visit is 13 days after it. "
        "This rule is met from 15 March 2026. Source: clinic sheet.",
        "Please choose a date from 15 March 2026; call us if you have questions.",
    ),
    "one day after": (
        BOTOX_FIRST._replace(days=1),
        "Microneedling must wait 2 weeks after Botox on 1 March 2026; this visit is 1 day after it. "
        "This rule is met from 15 March 2026. Source: clinic sheet.",
        "Please choose a date from 15 March 2026; call us if you have questions.",
    ),
    "the same day as another visit": (
        BOTOX_FIRST._replace(days=0),
        "Microneedling must wait 2 weeks after Botox on 1 March 2026; this visit is on the same day. "
        "This rule is met from 15 March 2026. Source: clinic sheet.",
        "Please choose a date from 15 March 2026; call us if you have questions.",
    ),
    "two thresholds, unapproved": (
        BOTOX_FIRST._replace(
            other=Other("plasma_pen", day("2026-03-01")),
            absolute_minimum="10 days",
            minimum="12 weeks",
            until=day("2026-05-24"),
            source="clinic policy",
            approved=False,
        ),
        "Microneedling must wait at least 10 days, better 12 weeks, after plasma pen on 1 March 2026; "
        "this visit is 13 days after it. This rule is met from 24 May 2026. Source: clinic policy. "
        "Not yet approved by the clinic.",
        "Please choose a date from 24 May 2026; call us if you have questions.",
    ),
    "a past visit nobody confirmed": (
        BOTOX_FIRST._replace(other=Other("botulinum_toxin", day("2026-03-01"), "a1", presumed=True)),
        "Microneedling must wait 2 weeks after Botox on 1 March 2026 (presumed: nobody has confirmed that "
        "it took place); this visit is 13 days after it. This rule is met from 15 March 2026. "
        "Source: clinic sheet.",
        "Please choose a date from 15 March 2026; call us if you have questions.",
    ),
    "a course that ended": (
        COURSE,
        "Microneedling must wait 6 months after the last dose of isotretinoin on 1 October 2025; this visit "
        "is 100 days after it. This rule is met from 1 April 2026. Source: clinic sheet.",
        "Please choose a date from 1 April 2026; call us if you have questions.",
    ),
    "a course with a planned last dose": (
        COURSE._replace(days=-10),
        "Isotretinoin is being taken until 1 October 2025; microneedling must wait 6 months after the last "
        "dose. This rule is met from 1 April 2026. Source: clinic sheet.",
        "Please choose a date from 1 April 2026; call us if you have questions.",
    ),
    "a course still being taken": (
        COURSE._replace(other=Other("isotretinoin", None), days=None, until=None),
        "Isotretinoin is still being taken; microneedling must wait 6 months after the last dose. "
        "No date can be given before that is known. Source: clinic sheet.",
        "We cannot offer a date for this visit yet. Please call us.",
    ),
    "two treatments in one visit": (
        BOTOX_FIRST._replace(days=0, until=None),
        "Microneedling must wait 2 weeks after Botox; both are booked in one visit. "
        "No date can do while they stay together. Source: clinic sheet.",
        "We cannot offer a date for this visit yet. Please call us.",
    ),
    "too close before": (
        BOTOX_LATER,
        "Botox on 20 March 2026 must wait 3 weeks after microneedling; this visit is 6 days before it. "
        "One of the two has to move. Source: clinic sheet.",
        "This date does not go with your other visits. Please call us to find one that does.",
    ),
    "too close before a course": (
        BOTOX_LATER._replace(other=Other("isotretinoin", day("2026-09-20"))),
        "Isotretinoin is taken until 20 September 2026 and must wait 3 weeks after microneedling; "
        "this visit comes too close to it. Source: clinic sheet.",
        "This date does not go with your other visits. Please call us to find one that does.",
    ),
    "before a course still being taken": (
        BOTOX_LATER._replace(other=Other("isotretinoin", None), days=None),
        "Isotretinoin is still being taken and must wait 3 weeks after microneedling; "
        "this visit comes too close to it. Source: clinic sheet.",
        "This date does not go with your other visits. Please call us to find one that does.",
    ),
    "let stand by a practitioner": (
        BOTOX_LATER._replace(overridden=True),
        "Botox on 20 March 2026 must wait 3 weeks after microneedling; this visit is 6 days before it. "
        "One of the two has to move. Source: clinic sheet. A practitioner has let this stand.",
        "This date does not go with your other visits. Please call us to find one that does.",
    ),
    "an absolute contraindication": (
        Finding("condition-cardiac_abnormality", Outcome.BLOCKED, source="clinic sheet"),
        "Cardiac abnormality is on record: the clinic does not do this treatment then. Source: clinic sheet.",
        "Please call us before this visit: we have a question for you.",
    ),
    "a condition to decide on": (
        Finding("condition-immune_therapy", REVIEW, source="clinic sheet"),
        "Immune therapy is on record: a practitioner must decide, with the prescriber where a medicine is "
        "involved. Source: clinic sheet.",
        "Please call us before this visit: we have a question for you.",
    ),
    "a booking for something unknown": (
        Finding("treatment-unknown", REVIEW, "moon_peel", other=Other("moon_peel", day("2026-03-01"))),
        "“moon_peel” is not in the catalogue, so no rule could be asked: choose the treatment, or add the "
        "word to the catalogue.",
        "Please call us before this visit: we have a question for you.",
    ),
    "something unknown in the story": (
        Finding("treatment-unknown", REVIEW, other=Other("moon_peel", None)),
        "“moon_peel” in this client's story is not in the catalogue, so no rule could be asked about it: "
        "correct the record, or add the word to the catalogue.",
        "Please call us before this visit: we have a question for you.",
    ),
    "a doubt nobody foresaw": (
        Finding("series-moved", REVIEW),
        "A person must look at this booking (series-moved).",
        "Please call us before this visit: we have a question for you.",
    ),
}

DOUBTS = {
    "treatment-unknown": "It is not known what this booking is for, so no rule could be asked: "
    "choose the treatment.",
    "client-unknown": "It is not known whose booking this is: choose the client.",
    "identity-doubtful": "It is not certain whose booking this is: confirm the client.",
    "title-question": "The title is a question: confirm what is booked.",
    "title-negated": "The title says what is not to be done: confirm what is booked.",
    "title-doubtful": "The title can be read in more than one way: confirm what is booked.",
    "medication-mentioned": "The title names a medicine. Nothing was recorded from that: ask the client, and "
    "record the course if there is one.",
    "screening-missing": "The health questions have not been asked yet: ask them before the visit.",
    "screening-expired": "The answers to the health questions will be too old on the day of the visit: "
    "ask them again.",
}


@pytest.mark.parametrize("case", SENTENCES)
def test_each_finding_is_told_in_full_to_staff_and_discreetly_to_everybody_else(case: str) -> None:
    finding, in_full, in_short = SENTENCES[case]
    assert (full(finding, CATALOGUE), discreet(finding)) == (in_full, in_short)


@pytest.mark.parametrize("rule", DOUBTS)
def test_each_doubt_has_a_sentence_that_says_what_to_do(rule: str) -> None:
    finding = Finding(rule, REVIEW)
    assert full(finding, CATALOGUE) == DOUBTS[rule]
    assert discreet(finding) == "Please call us before this visit: we have a question for you."


@pytest.mark.parametrize("doubt", DOUBTS_OF_TITLES)
def test_every_doubt_about_a_title_has_a_sentence_of_its_own(doubt: str) -> None:
    said = full(Finding(doubt, REVIEW), CATALOGUE)
    assert doubt not in said
    assert ": " in said


def test_a_language_nobody_has_written_is_answered_in_english() -> None:
    assert discreet(BOTOX_FIRST, "tlh") == discreet(BOTOX_FIRST, "en")
    assert discreet(BOTOX_FIRST, "../en") == discreet(BOTOX_FIRST, "en")


def test_a_name_with_braces_is_printed_as_it_stands() -> None:
    odd = Catalogue({"botulinum_toxin": Treatment("botulinum_toxin", "{treatment}")})
    assert "after {treatment} on 1 March 2026" in full(BOTOX_FIRST, odd)


def test_a_whole_verdict_offers_its_own_earliest_date_not_that_of_one_finding() -> None:
    verdict = Verdict(Outcome.BLOCKED, (BOTOX_FIRST, BOTOX_LATER), day("2026-04-10"), None)
    assert discreet_of(verdict) == "Please choose a date from 10 April 2026; call us if you have questions."


def test_a_verdict_without_a_gap_finding_asks_for_a_call_and_a_clear_one_says_nothing() -> None:
    waiting = Verdict(REVIEW, (Finding("screening-missing", REVIEW),), day("2026-04-10"), None)
    assert discreet_of(waiting) == "Please call us before this visit: we have a question for you."
    assert discreet_of(Verdict(Outcome.CLEAR, (), None, None)) == ""
    assert discreet_of(Verdict(Outcome.CLEAR, (BOTOX_FIRST._replace(overridden=True),), None, None)) == ""


def test_where_no_date_can_do_none_is_offered() -> None:
    assert offer(None) == "We cannot offer a date for this visit yet. Please call us."


codes = st.sampled_from([*CATALOGUE.treatments, "moon_peel"])
days = st.integers(day("1900-01-01"), day("2199-12-31"))
others = st.builds(Other, codes, st.none() | days, st.none() | st.just("a1"), st.booleans())
gaps = st.builds("{} {}s".format, st.integers(0, 400), st.sampled_from(["day", "week", "month"]))
findings = st.builds(
    Finding,
    st.sampled_from([*DOUBTS, "microneedling-after-plasma-pen", "condition-eczema", "other", "gap", ""]),
    st.sampled_from(Outcome),
    st.none() | codes,
    st.sampled_from(["after", "before", None]),
    st.none() | others,
    st.none() | st.integers(-5000, 5000),
    gaps,
    gaps,
    st.none() | days,
    st.sampled_from(["clinic sheet", ""]),
    st.booleans(),
    st.booleans(),
)


@given(findings)
def test_every_finding_there_can_be_has_both_sentences(finding: Finding) -> None:
    for sentence in (full(finding, CATALOGUE), discreet(finding)):
        assert sentence[0] == sentence[0].upper()
        assert "{" not in sentence
        assert "None" not in sentence


def test_a_full_sentence_costs_a_few_microseconds() -> None:
    # 20,000 lines a second leave 50 microseconds a line; the limit here is loose for busy machines.
    rounds = 5000
    best = min(timeit.repeat(lambda: full(BOTOX_FIRST, CATALOGUE), number=rounds, repeat=5))
    assert best / rounds < 20e-6
