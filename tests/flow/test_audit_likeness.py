"""Which names of a book may be one person's: what `compatible` says, without asking it about every pair."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.identity import compatible, name_key
from scheduler_app.flow.auditing.likeness import MOST_VISITS, MOST_VISITS_OF_A_WORD, may_be_one, too_common
from scheduler_app.flow.auditing.namesakes import alike, one_word
from scheduler_app.flow.auditing.people import Person

FIRST = ("Anna", "Ann", "Liz", "Elizabeth", "Max", "Jane", "J", "Anne-Marie", "Zoë")
LAST = ("Smith", "Meyer", "Smith-Meyer", "O'Brien", "de la Cruz", "S.", "Müller", "Mueller")


def somebody(name: str, *contacts: str, sightings: int = 1) -> Person:
    """Known by contacts, or by the name alone."""
    return Person(bool(contacts), (name,), contacts, tuple(range(sightings)))


@given(
    st.sets(
        st.lists(st.sampled_from(FIRST), min_size=1, max_size=2).flatmap(
            lambda first: st.sampled_from(LAST).map(lambda last: " ".join([*first, last]))
        ),
        max_size=8,
    )
)
def test_of_full_names_every_pair_that_fits_is_found(names: set[str]) -> None:
    spelt = {name_key(name): name for name in sorted(names)}
    expected = {
        tuple(sorted(pair)) for pair in combinations(spelt, 2) if compatible(spelt[pair[0]], spelt[pair[1]])
    }
    assert {tuple(sorted(pair)) for pair in alike(spelt)} == expected


@pytest.mark.parametrize(
    ("names", "paired"),
    [
        (["Anna", "Anna Smith"], True),
        (["Anna", "Anna Smith", "Ben Jones"], True),
        (["Anna", "Anna Smith", "Anna Jones"], False),
        (["Anna", "Ben Jones"], False),
    ],
)
def test_a_name_of_one_word_is_paired_where_it_can_mean_one_person(names: list[str], paired: bool) -> None:
    assert bool(list(alike({name_key(name): name for name in names}))) is paired


def test_a_name_in_a_script_without_spaces_is_a_full_name() -> None:
    assert not one_word(name_key("王小明"))
    assert one_word(name_key("Anna"))


def test_a_name_that_many_bear_pairs_nobody_with_contacts_of_their_own() -> None:
    few = [somebody("Anna Smith", f"e:{n}") for n in range(4)]
    many = [*few, somebody("Anna Smith", "e:5")]
    assert len(may_be_one(few)) == 6
    assert may_be_one(many) == []
    # A bare one among them may still be any of them.
    assert len(may_be_one([*many, somebody("Anna Smith")])) == 5


def test_people_who_share_a_contact_may_be_one_whatever_their_names() -> None:
    assert may_be_one([somebody("Anna Smith", "e:home"), somebody("Ben Jones", "e:home")]) == [(0, 1)]


def test_only_what_is_not_certain_can_be_too_common() -> None:
    assert not too_common(somebody("Anna Smith", "e:a", sightings=1000))
    assert not too_common(somebody("Anna Smith", sightings=MOST_VISITS))
    assert too_common(somebody("Anna Smith", sightings=MOST_VISITS + 1))
    assert not too_common(somebody("Anna", sightings=MOST_VISITS_OF_A_WORD))
    assert too_common(somebody("Anna", sightings=MOST_VISITS_OF_A_WORD + 1))
