"""Contacts that are the clinic's own, and guests of whom one is the client."""

from tests.flow.audited_books import audited, certain, clashing, event, possible, told

MORE_NAMES = ("Hana Roy", "Ida Stone", "Jo March")


NAMES = ("Bea Jones", "Cleo Park", "Dee Doe", "Eva Lind", "Fay Wong")


def test_the_clinics_own_number_is_known_however_it_is_written() -> None:
    notes = ("Call us: +44 20 7946 0000", "Call us: +44 20 7946 0000")
    assert possible(audited(*clashing("Anna Smith", "Anna Smith", notes=notes), own=["p:02079460000"]))


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
        *clashing("Anna Smith", "Anna Smith", guests=(desk, desk)),
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
    found = audited(*clashing("Anna Smith", "Anna Smith", notes=notes), own=["p:+442079460000"])
    assert possible(found)


def test_somebody_invited_to_everybodys_visits_works_here() -> None:
    staff = "lind@clinic.example"
    others = [event(name, f"Facial - {name}", "2025-06-01", staff) for name in NAMES]
    # Two namesakes who share nothing but the practitioner.
    found = audited(*others, *clashing("Anna Smith", "Anna Smith", guests=(staff, staff)))
    assert possible(found)


def test_somebody_invited_to_many_peoples_visits_works_here_however_large_the_book() -> None:
    staff = "lind@clinic.example"
    with_staff = [event(name, f"Facial - {name}", "2025-06-01", staff) for name in (*NAMES, *MORE_NAMES)]
    others = [event(f"o{n}", "Facial - Gil Park", f"2024-01-{n:02}", "gil@x.example") for n in range(1, 29)]
    others += [event(f"p{n}", "Facial - Gil Park", f"2024-02-{n:02}", "gil@x.example") for n in range(1, 29)]
    assert possible(
        audited(*with_staff, *others, *clashing("Anna Smith", "Anna Smith", guests=(staff, staff)))
    )


def test_a_family_with_one_address_is_not_taken_for_staff() -> None:
    home = "home@x.example"
    family = [event(f"f{n}", f"Facial - {name}", "2025-06-01", home) for n, name in enumerate(NAMES[:2])]
    assert certain(audited(*family, *family, *clashing("Anna Smith", "Anna Smith", guests=(home, home))))


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
    assert possible(audited(*others, *clashing("Anna Smith", "Anna Smith", notes=(note, note))))


def test_a_regular_client_is_not_taken_for_staff() -> None:
    anna = "anna@x.example"
    others = [
        event(f"c{number}", "Consultation - Anna Smith", f"2025-0{number}-01", anna) for number in range(1, 7)
    ]
    assert certain(audited(*others, *clashing("Anna Smith", "Anna Smith", guests=(anna, anna))))


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
