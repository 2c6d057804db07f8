"""possible-again: the milestone from which a treatment can be booked once more; off by default."""

from dataclasses import replace
from datetime import date

from scheduler_app.domain.care import entries
from scheduler_app.domain.carewords import CareTerms
from scheduler_app.domain.clinic import FULL, PLAIN, FeedTerms
from scheduler_app.domain.entries import Entry
from tests.domain.care_cases import (
    CLEAR,
    CLINIC,
    FULL_TERMS,
    NOW,
    TODAY,
    madrid,
    visit,
)

START = madrid(2026, 7, 10, 17, 0)
VISIT = visit("v1", START)


AGAIN = {"microneedling": date(2026, 8, 7).toordinal(), "beauty_treatment": TODAY}
MILESTONES = replace(FULL_TERMS, clinic=replace(CLINIC, feed=FeedTerms(detail=FULL, possible_again=True)))


def milestones(terms: CareTerms) -> list[Entry]:
    """Only the entries no visit brought along."""
    made = entries([VISIT], {"v1": CLEAR}, terms, NOW, TODAY, AGAIN)
    return [entry for entry in made if entry.kind.startswith("possible-again")]


def test_possible_again_is_off_by_default() -> None:
    assert milestones(FULL_TERMS) == []


def test_possible_again_is_all_day_on_the_first_clear_date_of_what_is_not_clear_today() -> None:
    (entry,) = milestones(replace(MILESTONES, privacy=PLAIN))
    assert entry.uid == "possible-again-microneedling.c1@feeds.example"
    assert (entry.start, entry.end) == (date(2026, 8, 7), date(2026, 8, 8))
    assert entry.title == "Again Microneedling"


def test_a_discreet_milestone_names_the_treatment_nowhere() -> None:
    (entry,) = milestones(MILESTONES)
    assert "microneedling" not in repr(entry).lower()
    assert entry.uid == milestones(MILESTONES)[0].uid
