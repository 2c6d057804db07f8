"""Words for colours."""

import pytest

from integrations.google_calendar.colours import NAMES, check_colour, colour_id, label_id
from scheduler_app.errors import Invalid
from scheduler_app.rulebook.accounts import COLOUR_NAMES


def test_a_colour_is_known_by_its_number_and_by_its_name() -> None:
    for id, name in NAMES.items():
        assert colour_id(id) == colour_id(name) == colour_id(f" {name.upper()} ") == id


def test_the_configuration_names_the_colours_that_events_are_read_with() -> None:
    assert tuple(NAMES.values()) == COLOUR_NAMES


@pytest.mark.parametrize("word", ["", "12", "red", "0", "00000000-0000-4000-8000-000000000001"])
def test_other_words_are_no_colours(word: str) -> None:
    assert colour_id(word) == ""


def test_an_event_label_is_known_by_the_form_of_its_id() -> None:
    label = "00000000-0000-4000-8000-00000000000a"
    assert label_id(label) == label
    assert label_id("Basil") == ""


def test_a_word_that_is_no_colour_is_refused_with_the_words_that_are() -> None:
    with pytest.raises(Invalid, match="Basil") as refused:
        check_colour("reddish", "calendar.desk.marks.colours.hold")
    assert refused.value.path == "calendar.desk.marks.colours.hold"
    check_colour("", "x")
    check_colour("Tomato", "x")
