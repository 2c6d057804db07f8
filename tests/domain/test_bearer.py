"""A title's name keeps the words that make it somebody else's."""

import pytest

from scheduler_app.domain.names import compatible
from tests.domain.shipped import reader


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Microneedling - Mary Jones's daughter", "Mary Jones (daughter)"),
        ("Facial - daughter of Mary Jones", "Mary Jones (daughter)"),
        ("MN Mary Jones (daughter)", "Mary Jones (daughter)"),
        ("Botox Mary Jones' mum", "Mary Jones (mum)"),
        ("Botox Mary Jones jr", "Mary Jones jr"),
    ],
)
def test_a_relative_is_not_the_client_they_are_named_by(title: str, name: str) -> None:
    found = reader().read(title).name
    assert found == name
    assert not compatible(found, "Mary Jones")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Botox Anna Guest", "Anna Guest"),
        ("Botox Son Heung", "Son Heung"),
        ("Botox Anna with mum", "Anna"),
        ("Botox Sam Junior", "Sam Junior"),
    ],
)
def test_a_name_that_holds_such_a_word_and_company_change_nothing(title: str, name: str) -> None:
    assert reader().read(title).name == name
