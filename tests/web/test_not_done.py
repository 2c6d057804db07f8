"""Work that could not be done is seen at the desk, and tried again with a button."""

import re
from datetime import timedelta

import pytest

from scheduler_app.flow.given_up import GIVEN_UP, TRIED_AGAIN, note_given_up, work_name
from tests.parked import give_up
from tests.web.at_the_desk import Receptionist, words
from tests.web.stand import Stand


@pytest.fixture
def desk(stand: Stand) -> Receptionist:
    return Receptionist(stand)


def fail(desk: Receptionist, kind: str, key: str, error: str = "KeyError at judge.py:7") -> str:
    """It fails until it is given up, and a round finds that; the name of the work."""
    give_up(desk.stand.store, desk.stand.clock, kind, key, error)
    note_given_up(desk.stand.deps.flow)
    return work_name(kind, key)


def log_of(desk: Receptionist, name: str) -> list[tuple[str, str]]:
    with desk.stand.store.reading() as tx:
        return [(entry["what"], entry["who"]) for entry in reversed(tx.audit.entries(name))]


def test_where_everything_was_done_the_page_says_so(desk: Receptionist) -> None:
    page = desk.page("/desk/work")
    assert "There is none" in page
    assert "tried again and again" not in page


def test_it_is_said_in_plain_words_what_could_not_be_done_since_when_and_how_often_it_was_tried(
    desk: Receptionist,
) -> None:
    client = desk.client_of(desk.book())
    fail(desk, "judge", client)
    page = desk.page("/desk/work")
    assert "Judging visits by the rules" in page
    assert "Anna Berg" in page
    assert "Since Monday 2 March 2026, 09:00" in page
    assert "Tried 12 times" in page
    assert "Error KeyError at judge.py:7" in page
    assert "looks like a defect of the program" in page
    assert f'href="/desk/clients/{client}"' in desk.browser.get("/desk/work").text


def test_what_was_given_up_just_now_and_found_by_no_round_yet_is_shown_too(desk: Receptionist) -> None:
    give_up(desk.stand.store, desk.stand.clock, "sweep", "round", "")
    page = desk.page("/desk/work")
    assert "Since A few minutes ago" in page
    assert "the program was stopped each time" in page
    assert "The whole clinic" in page


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("Invalid: Zelda Quist", "What it was given cannot be used."),
        ("Denied: Zelda Quist", "A key or a signature was not accepted."),
        ("Zelda Quist was not found", "looks like a defect"),
    ],
)
def test_an_errors_own_words_are_never_shown(desk: Receptionist, error: str, told: str) -> None:
    fail(desk, "sync", "desk", error)
    page = desk.page("/desk/work")
    assert told in page
    assert "Zelda" not in desk.browser.get("/desk/work").text


@pytest.mark.parametrize(
    ("kind", "key", "address"),
    [
        ("sync", "desk", "/desk/calendars/desk"),
        ("reconcile", "online", "/desk/platforms"),
        ("fetch", "online b-17", "/desk/platforms"),
        ("ingest", "website", "/desk/deliveries"),
        ("release", "sync:1", "/desk/plans"),
        ("post", "mail:1", "/desk/letters"),
    ],
)
def test_a_link_leads_to_what_it_concerns(desk: Receptionist, kind: str, key: str, address: str) -> None:
    fail(desk, kind, key)
    html = desk.browser.get("/desk/work").text
    main = html.partition("<main")[2]
    assert f'href="{address}"' in main
    assert desk.browser.get(address).status_code == 200


def test_letters_lead_to_the_clients_letters_and_a_visits_work_to_the_visit(desk: Receptionist) -> None:
    visit = desk.book()
    client = desk.client_of(visit)
    fail(desk, "send", client)
    fail(desk, "dispatch", visit)
    html = desk.browser.get("/desk/work").text
    assert f'href="/desk/clients/{client}/letters"' in html
    assert f'href="/desk/appointments/{visit}"' in html


@pytest.mark.parametrize(("kind", "key"), [("judge", "c1"), ("dispatch", "a1"), ("sync", "moved-away")])
def test_what_is_on_record_no_more_has_no_link(desk: Receptionist, kind: str, key: str) -> None:
    fail(desk, kind, key)
    assert "Something that is not on record any more" in desk.page("/desk/work")
    assert key not in desk.browser.get("/desk/work").text.partition("<main")[2]


def test_whoever_looks_at_what_waits_is_led_there_while_there_is_any(desk: Receptionist) -> None:
    assert "Could not be done" not in desk.page("/desk/reviews")
    fail(desk, "judge", "c1")
    assert "Could not be done (1)" in desk.page("/desk/reviews")
    assert '<a href="/desk/work">' in desk.browser.get("/desk/reviews").text


def test_forms_name_the_work_by_a_name_that_says_nothing_of_anybody(desk: Receptionist) -> None:
    name = fail(desk, "fetch", "online zelda.quist")
    html = desk.browser.get("/desk/work").text
    assert re.findall(r'name="work" value="([^"]+)"', html) == [name]
    assert "zelda" not in html


def test_a_button_has_it_tried_again_at_once_and_the_log_says_who_pressed_it(desk: Receptionist) -> None:
    client = desk.client_of(desk.book())
    name = fail(desk, "judge", client)
    answer = desk.send("/desk/work", work=name, by="Kim")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/work")
    assert "There is none" in desk.page("/desk/work")
    with desk.stand.store.reading() as tx:
        assert tx.work.overdue() == (0, 0.0)
    assert log_of(desk, name) == [(GIVEN_UP, "scheduler"), (TRIED_AGAIN, "Kim")]


def test_a_button_pressed_twice_counts_once(desk: Receptionist) -> None:
    name = fail(desk, "judge", "c1")
    for by in ("Kim", "Lou"):
        assert desk.send("/desk/work", work=name, by=by).status_code == 303
    assert log_of(desk, name) == [(GIVEN_UP, "scheduler"), (TRIED_AGAIN, "Kim")]


def test_a_name_is_wanted_beside_the_button_that_was_pressed(desk: Receptionist) -> None:
    fail(desk, "judge", "c1")
    desk.stand.clock.now += timedelta(hours=1)
    name = fail(desk, "judge", "c2")
    answer = desk.send("/desk/work", work=name, by="")
    assert answer.status_code == 422
    assert words(answer.text).count("Nothing was saved.") == 1
    assert 'aria-invalid="true"' in answer.text.partition('id="w-2"')[2]
    assert log_of(desk, name) == [(GIVEN_UP, "scheduler")]


def test_another_sites_form_tries_nothing_again(desk: Receptionist) -> None:
    name = fail(desk, "judge", "c1")
    foreign = {"Origin": "https://elsewhere.example"}
    answer = desk.browser.post("/desk/work", data={"work": name, "by": "Kim"}, headers=foreign)
    assert answer.status_code == 403
    assert log_of(desk, name) == [(GIVEN_UP, "scheduler")]
