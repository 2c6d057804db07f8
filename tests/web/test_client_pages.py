"""What is known about a client: recorded with who said so, corrected, never lost; bookings judged at once."""

import re
from datetime import timedelta

import pytest

from tests.web.at_the_desk import Receptionist, words
from tests.web.stand import Stand


@pytest.fixture
def desk(stand: Stand) -> Receptionist:
    return Receptionist(stand)


def a_microneedling(desk: Receptionist) -> tuple[str, str]:
    """Booked for 14 March, its health questions asked: appointment and client."""
    ref = desk.book()
    client = desk.client_of(ref)
    said = {"said_by": "practitioner", "by": "Dr Reyes"}
    assert desk.send(f"/desk/clients/{client}/screening", on="2026-03-01", **said).status_code == 303
    assert desk.outcome(ref) == "clear"
    return ref, client


def refs_of(desk: Receptionist, client: str) -> list[str]:
    return re.findall(r'name="fact" value="(\w+)"', desk.browser.get(f"/desk/clients/{client}").text)


def test_a_treatment_had_elsewhere_blocks_the_booking_at_once(desk: Receptionist) -> None:
    ref, client = a_microneedling(desk)
    answer = desk.send(
        f"/desk/clients/{client}/treatment",
        treatment="botulinum_toxin",
        on="2026-03-01",
        said_by="client",
        by="Kim",
        note="another clinic",
    )
    assert answer.status_code == 303
    assert desk.outcome(ref) == "blocked"
    page = desk.page(f"/desk/clients/{client}")
    assert "Botulinum toxin (Botox), 1 March 2026" in page
    assert "Said by the client, recorded by Kim" in page
    assert "another clinic" in page


def test_a_course_still_being_taken_leaves_no_date(desk: Receptionist) -> None:
    ref, client = a_microneedling(desk)
    desk.send(
        f"/desk/clients/{client}/course",
        treatment="isotretinoin",
        started_on="2025-10",
        ongoing="yes",
        said_by="staff",
        by="Kim",
    )
    assert desk.outcome(ref) == "blocked"
    page = desk.page(f"/desk/appointments/{ref}")
    assert "No date can be given as things stand." in page
    assert "Move to" not in page


def test_a_condition_that_is_ticked_calls_for_a_practitioner_who_may_clear_it(desk: Receptionist) -> None:
    ref, client = a_microneedling(desk)
    said = {"said_by": "staff", "by": "Kim"}
    desk.send(f"/desk/clients/{client}/screening", on="2026-03-01", **said, **{"has-diabetes": "yes"})
    assert desk.outcome(ref) == "review"
    fact = next(each for each in refs_of(desk, client) if each.startswith("k"))
    answer = desk.send(
        f"/desk/clients/{client}/clear",
        code="diabetes",
        fact=fact,
        until="2026-06-01",
        reason="well controlled",
        by="Dr Reyes",
    )
    assert answer.status_code == 303
    assert desk.outcome(ref) == "clear"
    assert "set aside by Dr Reyes until 1 June 2026 (well controlled)" in desk.page(f"/desk/clients/{client}")


def test_a_correction_replaces_and_the_old_record_stays_to_be_seen(desk: Receptionist) -> None:
    ref, client = a_microneedling(desk)
    said = {"said_by": "staff", "by": "Kim"}
    desk.send(f"/desk/clients/{client}/treatment", treatment="botulinum_toxin", on="2026-03-01", **said)
    fact = next(each for each in refs_of(desk, client) if each.startswith("t"))
    form = desk.browser.get(f"/desk/clients/{client}?correct={fact}").text
    assert f'name="replaces" value="{fact}"' in form
    assert 'value="2026-03-01"' in form
    desk.send(
        f"/desk/clients/{client}/treatment",
        treatment="botulinum_toxin",
        on="2026-01-10",
        replaces=fact,
        **said,
    )
    assert desk.outcome(ref) == "clear"
    page = desk.page(f"/desk/clients/{client}")
    assert "Botulinum toxin (Botox), 10 January 2026" in page
    assert "Botulinum toxin (Botox), 1 March 2026" in page
    assert "corrected since" in page


def test_a_withdrawn_record_counts_no_longer_and_stays_to_be_seen(desk: Receptionist) -> None:
    ref, client = a_microneedling(desk)
    said = {"said_by": "staff", "by": "Kim"}
    desk.send(f"/desk/clients/{client}/treatment", treatment="botulinum_toxin", on="2026-03-01", **said)
    fact = next(each for each in refs_of(desk, client) if each.startswith("t"))
    assert desk.send(f"/desk/clients/{client}/withdraw", fact=fact, by="Kim").status_code == 303
    assert desk.outcome(ref) == "clear"
    assert "withdrawn" in desk.page(f"/desk/clients/{client}")


def test_what_a_client_says_makes_nothing_easier_until_it_is_accepted(desk: Receptionist) -> None:
    ref, client = a_microneedling(desk)
    desk.send(f"/desk/clients/{client}/condition", code="pregnancy", present="yes", said_by="staff", by="Kim")
    desk.stand.clock.now += timedelta(minutes=5)
    desk.send(f"/desk/clients/{client}/condition", code="pregnancy", present="no", said_by="client", by="Kim")
    assert desk.outcome(ref) == "review"
    page = desk.browser.get(f"/desk/clients/{client}").text
    fact = re.search(r'/accept" novalidate>\s*<input type="hidden" name="fact" value="(\w+)"', page)
    assert fact is not None
    desk.send(f"/desk/clients/{client}/accept", fact=fact[1], by="Dr Reyes")
    assert desk.outcome(ref) == "clear"
    assert "accepted by Dr Reyes" in desk.page(f"/desk/clients/{client}")


@pytest.mark.parametrize(
    ("kind", "typed", "told"),
    [
        ("treatment", {"treatment": "", "on": "2026-03-01"}, "Choose the treatment."),
        ("treatment", {"treatment": "botulinum_toxin", "on": ""}, "Say when"),
        ("treatment", {"treatment": "botulinum_toxin", "on": "2026-03-02"}, "This day has not come yet."),
        ("treatment", {"treatment": "botulinum_toxin", "on": "1/3/26"}, "Write the day as 2026-03-15"),
        ("treatment", {"treatment": "botulinum_toxin", "on": "2026-03-01", "by": ""}, "Give your name"),
        ("treatment", {"treatment": "botulinum_toxin", "on": "2026-03-01", "said_by": "cat"}, "who says so"),
        (
            "course",
            {"treatment": "isotretinoin"},
            "Give the last dose, or say that the client still takes it",
        ),
        ("course", {"treatment": "isotretinoin", "ended_on": "2026-02", "ongoing": "yes"}, "not both"),
        ("course", {"treatment": "isotretinoin", "started_on": "2026-03", "ended_on": "2026-02"}, "before"),
        ("screening", {"on": "2026-03-02"}, "This day has not come yet."),
        ("condition", {"code": "", "present": "yes"}, "Choose the condition."),
    ],
)
def test_a_mistake_is_told_and_nothing_is_recorded(
    desk: Receptionist, kind: str, typed: dict[str, str], told: str
) -> None:
    client = desk.client_of(desk.book())
    answer = desk.send(f"/desk/clients/{client}/{kind}", **({"said_by": "staff", "by": "Kim"} | typed))
    assert answer.status_code == 422
    assert told in words(answer.text)
    assert "Nothing is on record yet." in words(answer.text)


def test_a_name_once_typed_is_offered_again(desk: Receptionist) -> None:
    _, client = a_microneedling(desk)
    html = desk.browser.get(f"/desk/clients/{client}").text
    assert 'value="Dr Reyes"' in html
    cookie = desk.browser.get_cookie("desk_name", path="/desk")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site) == (True, "Strict")


def test_clients_are_found_by_name_address_or_number(desk: Receptionist) -> None:
    desk.book(phone="020 7946 0018")
    for asked in ("berg", "anna@example", "7946 0018"):
        assert "Anna Berg" in desk.page(f"/desk/clients?q={asked}")
    assert "Nobody was found." in desk.page("/desk/clients?q=zoltan")


def test_a_name_is_only_ever_text(desk: Receptionist) -> None:
    ref = desk.book(client="<script>alert(1)</script> Berg", email="x@example.com")
    for path in (
        "/desk/?from=2026-03-14",
        f"/desk/appointments/{ref}",
        f"/desk/clients/{desk.client_of(ref)}",
    ):
        assert "<script" not in desk.browser.get(path).text


def test_the_feeds_address_is_shown_on_demand_and_can_be_revoked_and_renewed(desk: Receptionist) -> None:
    client = desk.client_of(desk.book())
    assert "/feeds/" not in desk.browser.get(f"/desk/clients/{client}").text
    address = r"http://localhost/feeds/([\w-]{43})\.ics"
    first = re.search(address, desk.browser.get(f"/desk/clients/{client}?feed=show").text)
    assert first is not None
    assert desk.send(f"/desk/clients/{client}/feed", do="withdraw", by="Kim").status_code == 303
    shown = desk.browser.get(f"/desk/clients/{client}?feed=show").text
    assert "The address was revoked" in shown
    assert not re.search(address, shown)
    desk.send(f"/desk/clients/{client}/feed", do="renew", by="Kim")
    second = re.search(address, desk.browser.get(f"/desk/clients/{client}?feed=show").text)
    assert second is not None
    assert second[1] != first[1]


def test_what_is_not_there_is_404(desk: Receptionist) -> None:
    assert "No client has this address." in desk.page("/desk/clients/nobody", 404)
    assert desk.send("/desk/clients/nobody/treatment", by="Kim").status_code == 404
    client = desk.client_of(desk.book())
    assert desk.send(f"/desk/clients/{client}/magic", by="Kim").status_code == 404
