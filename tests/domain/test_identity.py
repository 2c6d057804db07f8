"""Who a client is: never a guess, never dependent on order."""

import random
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.appointments import Clues
from scheduler_app.domain.identity import (
    REASONS,
    Identified,
    Identity,
    Known,
    NewClient,
    Unidentified,
    identify,
    normal_code,
    normal_email,
)

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "identity.toml").read_text(encoding="utf-8"))
PEOPLE = {
    ref: Known(
        ref, who["name"], *(tuple(who.get(k, ())) for k in ("emails", "phones", "codes", "platform_ids"))
    )
    for ref, who in CASES["people"].items()
}


def expected(case: dict[str, Any]) -> Identity:
    if "identified" in case:
        return Identified(case["identified"])
    return NewClient() if case.get("new") else Unidentified(case["reason"], tuple(case["candidates"]))


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["title"])
def test_identity_case(case: dict[str, Any]) -> None:
    known = [PEOPLE[ref] for ref in case["known"]]
    assert identify(Clues(**case["clues"]), known) == expected(case)
    assert identify(Clues(**case["clues"]), reversed(known)) == expected(case)


def test_every_reason_is_shown_by_a_case() -> None:
    assert {case["reason"] for case in CASES["case"] if "reason" in case} == set(REASONS)


NAMES = st.sampled_from(
    ["Anna Smith", "A. Smith", "Ben Smith", "Annie", "", "Smith, Anna", "Mary & Ben", None]
)
SIGNS = st.sampled_from([None, "a@x.org", "b@x.org", "smiths@x.org"])
PHONES = st.sampled_from([None, "+44770", "+44771"])
CODES = st.sampled_from([None, "C001", "c-001", "C002"])
CLUES = st.builds(Clues, NAMES, SIGNS, PHONES, CODES, st.sampled_from([None, "p1", "p2"]))


def few(values: st.SearchStrategy[str | None]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(values, max_size=2).map(lambda found: tuple(value for value in found if value))


@st.composite
def knowns(draw: st.DrawFn) -> list[Known]:
    count = draw(st.integers(0, 5))
    return [
        Known(
            f"r{i}",
            draw(NAMES) or "",
            draw(few(SIGNS)),
            draw(few(PHONES)),
            draw(few(CODES)),
            draw(few(st.sampled_from(["p1", "p2"]))),
        )
        for i in range(count)
    ]


@given(CLUES, knowns(), st.randoms(use_true_random=False))
def test_the_order_of_known_people_never_matters(
    clues: Clues, known: list[Known], dice: random.Random
) -> None:
    answer = identify(clues, known)
    dice.shuffle(known)
    assert identify(clues, known) == answer


@given(CLUES, knowns())
def test_nobody_is_identified_by_name_alone(clues: Clues, known: list[Known]) -> None:
    answer = identify(Clues(name=clues.name), known)
    assert isinstance(answer, Unidentified)


@given(CLUES, knowns())
def test_candidates_are_known_and_in_order(clues: Clues, known: list[Known]) -> None:
    answer = identify(clues, known)
    if isinstance(answer, Unidentified):
        assert list(answer.candidates) == sorted(answer.candidates)
        assert set(answer.candidates) <= {person.ref for person in known}


@given(CLUES, knowns())
def test_a_second_bearer_of_the_same_signs_never_leaves_an_identification_standing(
    clues: Clues, known: list[Known]
) -> None:
    answer = identify(clues, known)
    if isinstance(answer, Identified):
        double = next(person for person in known if person.ref == answer.client)
        twin = Known("twin", double.name, double.emails, double.phones, double.codes, double.platform_ids)
        assert isinstance(identify(clues, [*known, twin]), Unidentified)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("  Anna@Example.COM ", "anna@example.com"),
        ("mailto:anna@example.com", "anna@example.com"),
        ("Anna <anna@example.com>", "anna@example.com"),
        ("anna+spa@example.com", "anna+spa@example.com"),
        ("anna@example.com.", "anna@example.com"),
        ("anna@example.com>", "anna@example.com"),
        ("Anna <anna@example.com> (work)", None),
        ("anna at example", None),
        ("@example.com", None),
        ("anna@", None),
        ("a@b@c", None),
        ("anna smith@example.com", None),
        ("a" * 250 + "@example.com", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_has_one_spelling_or_is_none(text: str | None, address: str | None) -> None:
    assert normal_email(text) == address


def test_a_code_is_letters_and_digits() -> None:
    assert normal_code("#c-0123") == normal_code("C0123") == "C0123"
    assert normal_code(" # ") is None
    assert normal_code(None) is None


@given(st.text(max_size=300))
def test_an_address_once_normal_stays_as_it_is(text: str) -> None:
    once = normal_email(text)
    assert once is None or normal_email(once) == once
