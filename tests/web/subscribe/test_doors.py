"""Who gets in, what is told to the outside, and what a link never does."""

import logging
import re
from base64 import b64encode
from hashlib import sha256

import pytest

from scheduler_app.errors import Unavailable
from tests.rfc5545 import checked
from tests.web.at_the_desk import Receptionist, words
from tests.web.subscribe.linked import Linked

PATHS = ("", "/card", "/plan.txt", "/visits/{visit}.ics")


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_keeps_to_itself(anna: Linked, path: str) -> None:
    for answer in (
        anna.open(path.format(visit=anna.visit)),
        anna.open(path.format(visit=anna.visit), token="A" * 43),
    ):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; ")
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'none'" in policy
        assert "unsafe" not in policy
        assert "Set-Cookie" not in answer.headers


def test_only_the_style_and_the_script_that_we_wrote_are_let_run(anna: Linked) -> None:
    answer = anna.open()
    for element in ("style", "script"):
        inside = re.findall(rf"<{element}>(.*?)</{element}>", answer.text, re.DOTALL)
        assert len(inside) == 1
        digest = b64encode(sha256(inside[0].encode()).digest()).decode()
        assert f"{element}-src 'sha256-{digest}'" in answer.headers["Content-Security-Policy"]
    assert " style=" not in answer.text
    assert not re.search(r"\son\w+=", answer.text)


@pytest.mark.parametrize("path", PATHS)
def test_a_withdrawn_link_is_410_and_a_new_one_opens(anna: Linked, path: str) -> None:
    path = path.format(visit=anna.visit)
    old = anna.token
    new = anna.renew()
    gone = anna.open(path, old)
    assert gone.status_code == 410
    assert gone.content_type == "text/html; charset=utf-8"
    assert "This link was withdrawn" in words(gone.text)
    assert "Este enlace se retiró" in words(gone.text)
    assert "سُحب هذا الرابط" in words(gone.text)
    assert anna.open(path, new).status_code == 200
    anna.withdraw()
    assert anna.open(path, new).status_code == 410


@pytest.mark.parametrize("token", ["A" * 43, "x", "é" * 43, "A" * 44, "..", "%00"])
@pytest.mark.parametrize("path", PATHS)
def test_a_link_that_never_was_is_404_as_a_plain_page(anna: Linked, token: str, path: str) -> None:
    answer = anna.open(path.format(visit=anna.visit), token)
    assert answer.status_code == 404
    assert "This link does not open anything" in words(answer.text)


def test_a_link_opens_nothing_else(anna: Linked) -> None:
    for path in ("/", "/visits/", "/visits/v.ics", "/visits/..ics", "/intake", "/visits/.ics"):
        assert anna.open(path).status_code == 404
    asking = anna.stand.client(anna.deps)
    for method in ("post", "put", "delete"):
        assert getattr(asking, method)(f"/c/{anna.token}").status_code == 405
    assert asking.get("/c/").status_code == 404


def test_head_says_what_get_would(anna: Linked) -> None:
    asking = anna.stand.client(anna.deps)
    head, get = (getattr(asking, method)(f"/c/{anna.token}") for method in ("head", "get"))
    assert head.status_code == 200
    assert head.headers["Content-Length"] == get.headers["Content-Length"]
    assert head.data == b""


def test_somebody_elses_visit_is_not_opened(anna: Linked) -> None:
    other = Receptionist(anna.stand).book(client="Berta Klein", email="berta@example.com", time="15:00")
    assert anna.open(f"/visits/{other}.ics").status_code == 404
    assert anna.open(f"/visits/{anna.visit}.ics").status_code == 200


def test_a_saved_visit_holds_the_same_entries_as_the_feed_and_no_method(anna: Linked) -> None:
    answer = anna.open(f"/visits/{anna.visit}.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="appointment.ics"'
    calendar = checked(answer.data)
    assert not {"METHOD", "NAME", "X-WR-CALNAME"} & {each.name for each in calendar.properties}
    with anna.stand.store.reading() as tx:
        feed = tx.feeds.of_client(anna.client)
        assert feed is not None
        entries = tx.feeds.entries(feed.ref)
    assert {event.one("UID").value for event in calendar.walk("VEVENT")} == set(entries)
    assert all(entry.block in answer.data for entry in entries.values())


def test_the_plan_as_plain_text_says_all_of_it(anna: Linked) -> None:
    answer = anna.open("/plan.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert (
        "\nSaturday 14 March 2026\n\n  10:00 to 10:45\n  Your appointment\n  Your appointment is on"
        in answer.text
    )
    anna.change(language="ar")
    for line in anna.open("/plan.txt").text.splitlines():
        assert not line.startswith("  ") or line.startswith("  \u200f")


def test_the_card_holds_the_address_of_the_page_and_names_nobody(anna: Linked) -> None:
    html = anna.open("/card").text
    assert f"https://care.clinic.example/c/{anna.token}</span>" in html
    assert html.count("<svg") == 1
    assert "Anna" not in html
    assert "14 March" not in html


def test_while_the_database_is_away_the_page_says_so(anna: Linked, monkeypatch: pytest.MonkeyPatch) -> None:
    token = anna.token

    def away() -> None:
        raise Unavailable("the database is away")

    monkeypatch.setattr(anna.stand.store, "reading", away)
    answer = anna.open("", token)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "Nothing is lost" in words(answer.text)


def test_a_token_is_never_written_to_the_log(
    anna: Linked, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    token = anna.token
    for path in PATHS:
        anna.open(path.format(visit=anna.visit))
    anna.open("/nothing")
    monkeypatch.setattr("scheduler_app.web.subscribe.routes.page", _fails)
    answer = anna.open()
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert any("a client's page: ZeroDivisionError" in record.message for record in caplog.records)
    assert token not in caplog.text
    assert anna.visit not in caplog.text


def _fails(*_anything: object) -> None:
    raise ZeroDivisionError


def test_the_desk_leads_to_the_page_and_to_the_card(anna: Linked) -> None:
    desk = Receptionist(anna.stand).browser
    assert anna.token not in desk.get(f"/desk/clients/{anna.client}").text
    shown = desk.get(f"/desk/clients/{anna.client}?feed=show").text
    for path in (f'/c/{anna.token}"', f'/c/{anna.token}/card"'):
        assert path in shown
