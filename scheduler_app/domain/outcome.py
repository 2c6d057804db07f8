"""How bad it is, from no rule broken to blocked."""

from enum import IntEnum


class Outcome(IntEnum):
    """Ordered: the worst finding makes the verdict.

    CLEAR means that no configured rule was found against the appointment, and nothing more.
    """

    CLEAR = 0
    CAUTION = 1  # between the absolute minimum and the minimum
    REVIEW = 2  # rules cannot decide: a person must
    BLOCKED = 3

    @property
    def word(self) -> str:
        """The word used in every interface."""
        return WORDS[self]


WORDS = ("clear", "caution", "review", "blocked")
