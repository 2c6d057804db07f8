"""Who is who in a book. Stories are never merged on a guess; what a guess would find is `possible`."""

import pytest

from tests.flow.audited_books import audited, certain, event, pair, possible, told


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Anna Smith", "anna smith"),
        ("Anna Smith", "Smith, Anna"),
        ("Anna Smith", "Ms Anna Smith"),
        ("Anna Smith", "A. Smith"),
        ("Liz Meyer", "Elizabeth Meyer"),
    ],
)
def test_a_shared_address_with_a_name_that_fits_is_one_person(first: str, second: str) -> None:
    found = pair(first, second, guests=("a@x.example", "A@X.example"))
    assert certain(found)
    assert found.counts.clients == 1


def test_a_shared_number_with_a_name_that_fits_is_one_person_however_it_is_written() -> None:
    assert certain(
        pair("Anna Smith", "Anna Smith", notes=("Tel 020 7946 0018", "Phone: +44 (0)20 7946 0018"))
    )


def test_a_number_that_stands_for_none_identifies_nobody() -> None:
    assert possible(pair("Anna Smith", "Anna Smith", notes=("Tel 000 000 0000", "Tel 000 000 0000")))


def test_a_client_code_identifies() -> None:
    assert certain(pair("Anna Smith", "Anna Smith", notes=("#C0123", "#c0123")))


def test_a_client_code_beside_another_name_is_for_a_person_to_look_at() -> None:
    assert possible(pair("Anna Smith", "Ben Jones", notes=("#C0123", "#C0123")))


def test_initials_alone_are_no_name() -> None:
    assert possible(pair("A. S.", "A. S.", guests=("a@x.example", "a@x.example")))


def test_a_couple_with_one_address_stays_two_people() -> None:
    found = pair("Anna Smith", "Ben Smith", guests=("home@x.example", "home@x.example"))
    assert possible(found)
    assert found.counts.clients == 2
    assert found.possible[0].visits[0].findings[0].bearer == "Anna Smith"


def test_a_daughter_booked_with_her_mothers_number_stays_another_person() -> None:
    note = "Tel 020 7946 0018"
    assert possible(pair("Mary Jones", "Mary Jones's daughter", notes=(note, note)))


def test_namesakes_with_contacts_of_their_own_stay_two_people() -> None:
    found = pair("Anna Smith", "Anna Smith", guests=("anna@x.example", "smith@y.example"))
    assert possible(found)
    assert found.counts.clients == 2


def test_a_bare_name_is_judged_and_told_as_possible() -> None:
    found = pair("Anna Smith", "Anna Smith")
    assert possible(found)
    assert (found.counts.blocked, found.counts.possible, found.counts.clients) == (0, 1, 1)
    assert not found.blocked


def test_a_bare_name_may_be_somebody_known() -> None:
    found = pair("Anna Smith", "Anna Smith", guests=("anna@x.example", ""))
    assert possible(found)
    assert found.counts.clients == 1


def test_different_bare_names_have_nothing_to_do_with_each_other() -> None:
    found = pair("Anna Smith", "Ben Jones")
    assert not found.clients
    assert not found.possible
    assert found.counts.clients == 2


def test_mr_and_mrs_are_two() -> None:
    found = pair("Mr Smith", "Mrs Smith")
    assert not found.possible
    assert found.counts.clients == 2


def test_a_contact_without_a_name_is_possible_only() -> None:
    found = audited(
        event("b", "Botox", "2026-01-05", "anna@x.example"),
        event("m", "Microneedling", "2026-01-12", "anna@x.example"),
    )
    assert possible(found)
    assert found.possible[0].name == "anna@x.example"


def test_a_visit_of_nobody_is_for_a_person_to_look_at() -> None:
    found = audited(event("b", "Botox", "2026-01-05"))
    assert told(found.clients) == [("b", "review", "client-unknown", "")]
    assert found.clients[0].name is None


def test_the_guest_names_the_client_where_the_title_does_not() -> None:
    anna = "Anna Smith <anna@x.example>"
    found = audited(
        event("b", "Botox", "2026-01-05", anna), event("m", "Microneedling - Anna Smith", "2026-01-12", anna)
    )
    assert certain(found)


def test_contacts_of_all_bookings_count_together() -> None:
    found = audited(
        event("b", "Botox - Anna Smith", "2026-01-05", "anna@x.example"),
        event(
            "c", "Consultation - Anna Smith", "2025-06-01", "anna@x.example", description="Tel 020 7946 0018"
        ),
        event("m", "Microneedling - Anna Smith", "2026-01-12", description="Tel 020 7946 0018"),
    )
    assert certain(found)


def test_a_name_that_fits_two_people_ties_them_not_together() -> None:
    home = "home@x.example"
    found = audited(
        event("b", "Botox - Anna Smith", "2026-01-05", home),
        event("m", "Microneedling - Alan Smith", "2026-01-12", home),
        event("c", "Consultation - A Smith", "2025-06-01", home),
    )
    assert possible(found)


def test_a_chain_of_contacts_does_not_tie_two_names_together() -> None:
    found = audited(
        event("b", "Botox - Anna Smith", "2026-01-05", "anna@x.example"),
        event("c", "Consultation - A Smith", "2025-06-01", "anna@x.example", description="Tel 020 7946 0018"),
        event("m", "Microneedling - Alan Smith", "2026-01-12", description="Tel 020 7946 0018"),
    )
    assert not certain(found)


def test_a_client_code_needs_no_name() -> None:
    found = audited(
        event("b", "Botox #C0123", "2026-01-05"), event("m", "Microneedling #C0123", "2026-01-12")
    )
    assert certain(found)
    assert found.clients[0].name == "C0123"


def test_the_title_of_two_people_is_for_a_person_to_look_at() -> None:
    found = pair("Anna & Ben", "Anna & Ben")
    assert {rule for _, _, rule, _ in told(found.clients)} == {"client-several"}
    assert not found.possible
