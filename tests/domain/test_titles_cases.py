"""Every title of tests/cases/titles.toml is read as a clinician wrote it down there."""

from typing import Any

import pytest

from scheduler_app.domain.doubts import DOUBTS
from tests.domain.shipped import cases, catalogue, reader

UNSAID = {"treatments": [], "doubts": [], "guesses": [], "booking": True, "status": "", "name": None}


@pytest.mark.parametrize(
    "case", [case for _, case in cases()], ids=[f"{section}: {case['title']!r}" for section, case in cases()]
)
def test_a_title_is_read_as_the_corpus_says(case: dict[str, Any]) -> None:
    reading = reader().read(case["title"])
    assert {
        "treatments": list(reading.treatments),
        "doubts": list(reading.doubts),
        "guesses": list(reading.guesses),
        "booking": reading.booking,
        "status": reading.status,
        "name": reading.name,
    } == UNSAID | {key: value for key, value in case.items() if key != "title"}


def test_the_corpus_is_large_and_says_each_title_once() -> None:
    titles = [case["title"] for _, case in cases()]
    assert len(titles) >= 240
    assert len(set(titles)) == len(titles)


def test_the_corpus_uses_no_word_that_the_code_does_not_know() -> None:
    for _, case in cases():
        assert set(case) <= {"title", *UNSAID}
        assert set(case.get("doubts", [])) <= set(DOUBTS)
        assert {*case.get("treatments", []), *case.get("guesses", [])} <= set(catalogue().treatments)


def test_every_treatment_that_can_be_booked_is_in_the_corpus() -> None:
    seen = {code for _, case in cases() for code in case.get("treatments", [])}
    assert seen == {code for code, one in catalogue().treatments.items() if not one.medication}
