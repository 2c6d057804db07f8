"""Quickly made nouns are in every way the dataclasses they were."""

import copy
import pickle
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace
from inspect import signature
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.appointments import Appointment, Clues, Report
from scheduler_app.domain.events import CalendarEvent
from scheduler_app.domain.quick import quickly_made


@dataclass(frozen=True, slots=True)
class Slow:
    """As the standard library makes it."""

    one: int
    two: str = "two"
    three: list[int] = field(default_factory=list)


@quickly_made
@dataclass(frozen=True, slots=True)
class Quick:
    """The same."""

    one: int
    two: str = "two"
    three: list[int] = field(default_factory=list)


@given(st.integers(), st.text(), st.lists(st.integers()))
def test_it_holds_what_it_was_given(one: int, two: str, three: list[int]) -> None:
    quick, slow = Quick(one, two, three=three), Slow(one, two, three=three)
    assert asdict(quick) == asdict(slow)
    assert repr(quick) == repr(slow).replace("Slow", "Quick")
    assert quick == Quick(one, two, three)
    assert replace(quick, one=one + 1) == Quick(one + 1, two, three) != quick


def test_what_is_not_given_is_as_usual_and_nobody_elses() -> None:
    assert (Quick(1).two, Quick(1).three) == ("two", [])
    assert Quick(1).three is not Quick(1).three


def test_it_is_frozen_from_its_first_moment() -> None:
    quick = Quick(1)
    assert type(quick) is Quick
    with pytest.raises(FrozenInstanceError):
        quick.one = 2  # type: ignore[misc]
    with pytest.raises((FrozenInstanceError, TypeError)):
        quick.four = 4  # type: ignore[attr-defined]
    with pytest.raises(FrozenInstanceError):
        del quick.one
    assert not hasattr(quick, "__dict__")


def test_it_asks_for_the_same_as_before() -> None:
    assert get_type_hints(Quick.__init__) == get_type_hints(Slow.__init__)
    assert list(signature(Quick).parameters) == list(signature(Slow).parameters)
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'one'"):
        Quick()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument"):
        Quick(1, four=4)  # type: ignore[call-arg]


def test_it_can_be_copied_kept_and_used_as_a_key() -> None:
    clues = Clues("Anna", "anna@example.com")
    assert copy.copy(clues) == copy.deepcopy(clues) == clues
    assert pickle.loads(pickle.dumps(clues)) == clues  # noqa: S301 - our own
    assert {clues: 1}[Clues("Anna", "anna@example.com")] == 1


@pytest.mark.parametrize("noun", [Clues, Report, Appointment, CalendarEvent])
def test_the_nouns_of_a_calendars_reading_are_made_so(noun: type) -> None:
    made = vars(noun)["__init__"].__code__
    assert made.co_varnames[1:] == tuple(f.name for f in fields(noun))
    assert "_turn" in made.co_names


def test_what_is_more_than_its_fields_is_refused() -> None:
    class Checked:
        one: int

        def __post_init__(self) -> None:
            """Would be passed over."""

    class Named:
        one: int = field(kw_only=True)

    class Later:
        one: int = field(init=False)

    @dataclass(frozen=True, slots=True)
    class Child(Slow):
        four: int = 4

    for noun in (Checked, Named, Later):
        with pytest.raises(TypeError, match="not made of its fields alone"):
            quickly_made(dataclass(frozen=True, slots=True)(noun))
    with pytest.raises(TypeError, match="not made of its fields alone"):
        quickly_made(Child)
