"""How a name is written for those who search."""

from scheduler_app.store.searching import searchable


def test_capitals_accents_and_spaces_do_not_matter() -> None:
    assert searchable(" Zoë  MÜLLER ") == searchable("zoe muller") == "zoe muller"
