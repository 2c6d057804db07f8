"""Who is who in a book. Stories are never merged on a guess; what a guess would find is `possible`."""

from datetime import date, timedelta

import pytest

from scheduler_app.domain.audits import Audit
from scheduler_app.domain.events import CalendarEvent
from tests.flow.audited_books import audited, event, told

CLASH = [("m", "blocked", "microneedling-after-botulinum-toxin", "b")]


def pair(
    first: str, second: str, *, guests: tuple[str, str] = ("", ""), notes: tuple[str, str] = ("", "")
) -> Audit:
    """Botox for one, microneedling a week later for the other: titles, one guest each, descriptions."""
    return audited(*_pair(first, second, guests, notes))


def _pair(
    first: str, second: str, guests: tuple[str, str] = ("", ""), notes: tuple[str, str] = ("", "")
) -> tuple[CalendarEvent, CalendarEvent]:
    one, other = ([guest] if guest else [] for guest in guests)
    return (
        event("b", f"Botox - {first}", "2026-01-05", *one, description=notes[0]),
        event("m", f"Microneedling - {second}", "2026-01-12", *other, description=notes[1]),
    )


def certain(found: Audit) -> bool:
    """Whether the clash is certain; fails unless it is either certain or possible or not there at all."""
    assert told(found.clients) in ([], CLASH)
    assert told(found.possible) in ([], CLASH)
    assert not (found.clients and found.possible)
    return told(found.clients) == CLASH


def possible(found: Audit) -> bool:
    """Whether the clash is there if two records are one person, and only then."""
    return not certain(found) and told(found.possible) == CLASH


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


def test_the_clinics_own_number_is_known_however_it_is_written() -> None:
    notes = ("Call us: +44 20 7946 0000", "Call us: +44 20 7946 0000")
    assert possible(audited(*_pair("Anna Smith", "Anna Smith", notes=notes), own=["p:02079460000"]))


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


def test_whoever_invites_is_not_the_client() -> None:
    desk = "Front desk <desk@clinic.example>"
    found = audited(
        event("b", "Botox - Anna Smith", "2026-01-05", "desk@clinic.example", organizer=desk),
        event("m", "Microneedling - Anna Smith", "2026-01-12", "desk@clinic.example", organizer=desk),
    )
    assert possible(found)


def test_whoever_invites_several_people_is_no_client_elsewhere_either() -> None:
    desk = "desk@clinic.example"
    found = audited(
        event("c1", "Facial - Bea Jones", "2025-06-01", organizer=desk),
        event("c2", "Facial - Cleo Park", "2025-06-01", organizer=desk),
        *_pair("Anna Smith", "Anna Smith", guests=(desk, desk)),
    )
    assert possible(found)


def test_the_calendars_own_account_is_not_the_client() -> None:
    own = ("desk@clinic.example",)
    found = audited(
        event("b", "Botox - Anna Smith", "2026-01-05", *own, itself=own),
        event("m", "Microneedling - Anna Smith", "2026-01-12", *own, itself=own),
    )
    assert possible(found)


def test_the_clinics_own_number_in_every_note_is_nobodys() -> None:
    note = "Questions? Call us on 020 7946 0000"
    notes = (note, note)
    found = audited(*_pair("Anna Smith", "Anna Smith", notes=notes), own=["p:+442079460000"])
    assert possible(found)


MORE_NAMES = ("Hana Roy", "Ida Stone", "Jo March")
NAMES = ("Bea Jones", "Cleo Park", "Dee Doe", "Eva Lind", "Fay Wong")


def test_somebody_invited_to_everybodys_visits_works_here() -> None:
    staff = "lind@clinic.example"
    others = [event(name, f"Facial - {name}", "2025-06-01", staff) for name in NAMES]
    # Two namesakes who share nothing but the practitioner.
    found = audited(*others, *_pair("Anna Smith", "Anna Smith", guests=(staff, staff)))
    assert possible(found)


def test_somebody_invited_to_many_peoples_visits_works_here_however_large_the_book() -> None:
    staff = "lind@clinic.example"
    with_staff = [event(name, f"Facial - {name}", "2025-06-01", staff) for name in (*NAMES, *MORE_NAMES)]
    others = [event(f"o{n}", "Facial - Gil Park", f"2024-01-{n:02}", "gil@x.example") for n in range(1, 29)]
    others += [event(f"p{n}", "Facial - Gil Park", f"2024-02-{n:02}", "gil@x.example") for n in range(1, 29)]
    assert possible(audited(*with_staff, *others, *_pair("Anna Smith", "Anna Smith", guests=(staff, staff))))


def test_a_family_with_one_address_is_not_taken_for_staff() -> None:
    home = "home@x.example"
    family = [event(f"f{n}", f"Facial - {name}", "2025-06-01", home) for n, name in enumerate(NAMES[:2])]
    assert certain(audited(*family, *family, *_pair("Anna Smith", "Anna Smith", guests=(home, home))))


def test_somebody_invited_to_visits_that_name_nobody_but_their_guests_works_here() -> None:
    staff = "Dr Lind <lind@clinic.example>"
    others = [
        event(name, "Facial", "2025-06-01", staff, f"{name} <{n}@x.example>") for n, name in enumerate(NAMES)
    ]
    found = audited(
        *others, event("b", "Botox", "2026-01-05", staff), event("m", "Microneedling", "2026-01-12", staff)
    )
    assert {rule for _, _, rule, _ in told(found.clients)} == {"client-unknown"}
    assert not found.possible


def test_an_address_on_very_many_visits_that_name_nobody_is_nobodys() -> None:
    desk = "desk@clinic.example"
    found = audited(*(event(f"e{n}", "Consultation", f"2025-01-{n:02}", desk) for n in range(1, 22)))
    assert {rule for _, _, rule, _ in told(found.clients)} == {"client-unknown"}


def test_a_number_that_stands_beside_many_names_is_the_clinics() -> None:
    note = "Call us on 020 7946 0000"
    others = [event(name, f"Facial - {name}", "2025-06-01", description=note) for name in NAMES]
    assert possible(audited(*others, *_pair("Anna Smith", "Anna Smith", notes=(note, note))))


def test_a_regular_client_is_not_taken_for_staff() -> None:
    anna = "anna@x.example"
    others = [
        event(f"c{number}", "Consultation - Anna Smith", f"2025-0{number}-01", anna) for number in range(1, 7)
    ]
    assert certain(audited(*others, *_pair("Anna Smith", "Anna Smith", guests=(anna, anna))))


def test_beside_a_practitioner_the_guest_with_the_clients_name_is_the_client() -> None:
    guests = ("Anna Smith <anna@x.example>", "Dr Lind <lind@clinic.example>")
    found = audited(
        event("b", "Botox - Anna Smith", "2026-01-05", *guests),
        event("m", "Microneedling - Anna Smith", "2026-01-12", *guests),
        event("p", "Plasma pen - Dr Lind", "2026-01-10", guests[1]),
    )
    assert certain(found)


def test_of_guests_without_names_the_one_whose_address_fits_is_the_client() -> None:
    guests = ("anna.smith@x.example", "desk@clinic.example")
    assert certain(
        audited(
            event("b", "Botox - Anna Smith", "2026-01-05", *guests),
            event("m", "Microneedling - Anna Smith", "2026-01-12", *guests),
        )
    )


def test_guests_of_whom_nobody_can_tell_the_client_identify_nobody() -> None:
    guests = ("first@x.example", "second@y.example")
    assert possible(
        audited(
            event("b", "Botox - Anna Smith", "2026-01-05", *guests),
            event("m", "Microneedling - Anna Smith", "2026-01-12", *guests),
        )
    )


def test_a_first_name_may_be_the_only_client_it_fits() -> None:
    assert possible(pair("Anna", "Anna Smith", guests=("", "anna@x.example")))


def test_a_first_name_that_fits_two_clients_tells_nothing() -> None:
    other = event("c", "Consultation - Anna Jones", "2025-06-01", "jones@x.example")
    found = audited(other, *_pair("Anna", "Anna Smith", guests=("", "anna@x.example")))
    assert not found.possible


def test_a_bare_name_on_more_bookings_than_one_person_makes_is_not_compared() -> None:
    start = date(2025, 1, 1)
    found = audited(
        *(
            event(f"{number:03}", "Botox - Anna", (start + timedelta(days=number)).isoformat())
            for number in range(50)
        ),
        event("m", "Microneedling - Anna", "2025-02-01"),
        event("k", "Microneedling - Anna Smith", "2025-02-01", "anna@x.example"),
    )
    assert {(rule, outcome) for _, outcome, rule, _ in told(found.possible)} == {
        ("client-too-common", "review")
    }
    assert found.counts.possible == 51


def test_what_is_certain_is_not_told_again_as_possible() -> None:
    found = audited(
        *_pair("Anna Smith", "Anna Smith", guests=("anna@x.example", "anna@x.example")),
        event("f", "Facial - Anna Smith", "2026-01-15"),
    )
    assert told(found.clients) == CLASH
    assert told(found.possible) == [("f", "blocked", "beauty-treatment-after-microneedling", "m")]


def test_what_gives_way_for_certain_blocks_nobody_who_may_be_the_same() -> None:
    anna = "anna@x.example"
    found = audited(
        event("b", "Botox - Anna Smith", "2026-03-10", anna, created="2026-01-01"),
        event("m", "Microneedling - Anna Smith", "2026-03-15", anna, created="2026-01-02"),
        event("f", "Facial - Anna Smith", "2026-03-18", created="2026-01-03"),
    )
    assert told(found.clients) == CLASH
    assert not found.possible


def test_a_possible_finding_says_from_when_it_would_be_none_either_way() -> None:
    found = audited(
        event("b", "Botox - Anna Smith", "2026-01-05", "anna@x.example"),
        event("n", "Microneedling - Anna Smith", "2026-01-20", "smith@y.example"),
        event("m", "Microneedling - Anna Smith", "2026-01-12"),
    )
    earliest = {visit.event.uid: visit.earliest for visit in found.possible[0].visits}
    assert earliest["m"] == date(2026, 1, 19).toordinal()
    # Seven days after the bare one blocks, four weeks ask for care.
    assert earliest["n"] == date(2026, 2, 9).toordinal()


def test_a_visit_that_was_entered_in_two_calendars_is_one() -> None:
    anna = "Anna Smith <anna@x.example>"
    room = event("room", "Microneedling - Anna Smith", "2026-01-12", anna)
    lind = event("lind", "MN Anna Smith", "2026-01-12", anna)
    bare = event("bare", "SkinPen - Anna Smith", "2026-01-12")
    found = audited(room, more=[[lind], [bare]])
    assert not found.clients
    assert not found.possible
    assert (found.counts.events, found.counts.clients) == (3, 1)
    botox = event("b", "Botox - Anna Smith", "2026-01-05", anna)
    assert told(audited(room, botox, more=[[lind]]).clients) == told(
        audited(lind, more=[[botox, room]]).clients
    )


def test_two_entries_in_one_calendar_are_two_visits() -> None:
    anna = "Anna Smith <anna@x.example>"
    found = audited(
        event("m1", "Microneedling - Anna Smith", "2026-01-12", anna),
        event("m2", "Microneedling - Anna Smith", "2026-01-12", anna),
    )
    assert found.counts.blocked == 1


def test_two_visits_at_one_time_for_different_treatments_are_two() -> None:
    anna = "Anna Smith <anna@x.example>"
    found = audited(
        event("m", "Microneedling - Anna Smith", "2026-01-12", anna),
        event("n", "Botox - Anna Smith", "2026-01-12", anna),
    )
    assert found.counts.blocked == 1


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
