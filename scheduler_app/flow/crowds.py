"""crowds: a "client" with more visits than one person makes is somebody's address for everybody.

Held against each other such visits would forbid each other, and judging them would take time and memory
by the square of their number, while everybody else waits. Each is judged alone, and a person must look.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.judging import judge_story
from scheduler_app.domain.rules import Rulebook
from scheduler_app.domain.story import Story
from scheduler_app.domain.verdict import Verdict

MOST_OF_ONE = 1000  # two visits a week for ten years
TOO_COMMON = "client-too-common"


def is_crowd(book: Sequence[Appointment]) -> bool:
    """Whether these are too many to be one person's."""
    return len(book) > MOST_OF_ONE


def judge_crowd(story: Story, rulebook: Rulebook, today: int) -> Mapping[str, Verdict]:
    """Every visit held against what is recorded and against no other, as a review at least."""
    verdicts: dict[str, Verdict] = {}
    for visit in story.visits:
        doubted = visit._replace(doubts=(*visit.doubts, TOO_COMMON))
        verdicts |= judge_story(replace(story, visits=(doubted,)), rulebook, today)
    return verdicts
