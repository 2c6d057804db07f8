"""Contacts on an event: which are the client's, and numbers in one form."""

import pytest

from scheduler_app.flow.auditing.contacts import Invited, client_emails
from scheduler_app.flow.auditing.phones import in_one_form, plain_phone
from scheduler_app.ports.phones import normal_phone

ANNA = Invited("anna@x.example", "Anna Smith")
LIND = Invited("lind@clinic.example", "Dr Lind")
BARE = Invited("someone@x.example", "")
OTHER = Invited("other@y.example", "other@y.example")


@pytest.mark.parametrize(
    ("name", "invited", "chosen"),
    [
        ("Anna Smith", [ANNA, LIND, BARE], [ANNA]),
        ("Anna Smith", [LIND, BARE], [BARE]),
        ("Anna Smith", [LIND], []),
        ("Anna Smith", [BARE, OTHER], []),
        ("Anna Smith", [BARE, Invited("smith77@y.example", "")], [Invited("smith77@y.example", "")]),
        ("Anna Smith", [Invited("anna1@x.example", ""), Invited("smith77@y.example", "")], []),
        (None, [ANNA], [ANNA]),
        (None, [ANNA, LIND], []),
        (None, [], []),
    ],
)
def test_the_client_is_chosen_among_the_guests_or_nobody_is(
    name: str | None, invited: list[Invited], chosen: list[Invited]
) -> None:
    assert client_emails(name, invited) == chosen


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("+44 (0)20 7946-0018", "+4402079460018"),
        ("(020) 7946 0018", "02079460018"),
        ("12345", None),
        ("1234567890123456", None),
        ("00 00 00 00 00", None),
        ("", None),
    ],
)
def test_a_number_is_its_digits_as_they_were_written(written: str, plain: str | None) -> None:
    assert plain_phone(written) == plain


def forms(*numbers: str) -> dict[str, str | None]:
    """Each number's form in a book in which all of these stand."""
    return dict(in_one_form(numbers, lambda text: normal_phone(text, "GB")))


def test_ways_of_writing_one_number_have_one_form() -> None:
    assert set(forms("02079460018", "+442079460018", "+4402079460018").values()) == {"+442079460018"}


def test_a_number_written_in_one_way_only_needs_no_countrys_plan() -> None:
    def never(text: str) -> str | None:
        raise AssertionError(text)

    assert in_one_form(["02079460018", "0521234567"], never) == {
        "02079460018": "02079460018",
        "0521234567": "0521234567",
    }


def test_a_long_number_of_another_country_still_tells() -> None:
    # Two numbers with the same end; the first is none by the clinic's own country's plan.
    assert forms("0521234567", "+442071234567") == {
        "0521234567": "0521234567",
        "+442071234567": "+442071234567",
    }


def test_a_short_number_tells_only_where_its_country_has_such() -> None:
    assert in_one_form(["32121234"], lambda text: normal_phone(text, "DK")) == {"32121234": "+4532121234"}
    assert forms("1234567") == {"1234567": None}
