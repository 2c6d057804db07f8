"""How a name is written for those who search."""

from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.store.searching import searchable


def test_capitals_accents_and_spaces_do_not_matter() -> None:
    assert searchable(" Zoë  MÜLLER ") == searchable("zoe muller") == "zoe muller"


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_letters_are_written_as_they_are_beside_others(text: str) -> None:
    assert searchable(f"x{text}xé") == searchable(f"x{text}x") + "e"
