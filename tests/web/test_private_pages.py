"""/my/…: one link, one purpose; answers are kept once or not at all; nothing leaks."""

import io
import json
import re
import zipfile
from dataclasses import replace
from html import unescape

import pytest
from werkzeug.test import TestResponse

from scheduler_app.domain.private_links import ERASE, INTAKE, NEW_LINK, RECORD
from scheduler_app.flow.private_links import LinkPress, Wanted, make_link
from scheduler_app.flow.record import record_condition, record_screening, record_treatment
from tests.web.at_the_desk import Receptionist, words
from tests.web.stand import Stand
from tests.web.with_links import DOCTOR, NOTHING, Client


@pytest.fixture
def client(stand: Stand) -> Client:
    return Client(stand)


def hidden(page: TestResponse) -> dict[str, str]:
    """What travels with the review."""
    found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    return {unescape(name): unescape(value) for name, value in found}


class TestIntake:
    def test_answers_are_checked_then_sent_and_judged(self, client: Client) -> None:
        path = client.path(INTAKE)
        assert "Before your visit" in client.page(path)
        typed = {
            "step": "review", "c-diabetes": "yes", "m-isotretinoin": "stopped", "m-topical_retinoid": "no",
            "m-isotretinoin-month": "12", "m-isotretinoin-year": "2025", "t-plasma_pen": "yes",
            "t-plasma_pen-unknown": "yes",
        }  # fmt: skip
        review = client.browser.post(path, data=typed)
        assert review.status_code == 200
        told = words(review.text)
        for said in (
            "Diabetes",
            "the last time: December 2025",
            "Plasma pen: I do not know when",
            "retinol): no",
        ):
            assert said in told
        assert client.facts() == 0
        sent = client.browser.post(path, data=hidden(review) | {"step": "send"})
        assert (sent.status_code, sent.headers["Location"]) == (303, f"{path}/done")
        assert "We have your answers" in client.page(f"{path}/done")
        assert client.facts() == 4
        assert client.stand.nudged
        client.stand.deps.settle()
        assert Receptionist(client.stand).outcome(client.visit) == "blocked"

    def test_sent_twice_they_are_kept_once(self, client: Client) -> None:
        path = client.path(INTAKE)
        for status in (303, 410):
            assert client.browser.post(path, data=NOTHING | {"step": "send"}).status_code == status
        assert "your answers have arrived" in client.page(path, 410)
        assert client.facts() == 1

    @pytest.mark.parametrize(
        ("typed", "told", "field"),
        [
            ({"none": ""}, "Tick what is true", "none"),
            ({"c-eczema": "yes"}, "keep one of the two", "none"),
            ({"m-isotretinoin": ""}, "choose an answer for isotretinoin", "m-isotretinoin"),
            ({"m-isotretinoin-month": "3"}, "Please change one", "m-isotretinoin"),
            ({"m-isotretinoin": "stopped"}, "Choose the month and the year", "m-isotretinoin-month"),
            ({"t-plasma_pen": "yes", "t-plasma_pen-year": "2025"}, "Choose the month", "t-plasma_pen-month"),
            ({"t-plasma_pen-month": "4", "t-plasma_pen-year": "2026"}, "not come yet", "t-plasma_pen-month"),
            (
                {"t-plasma_pen-day": "31", "t-plasma_pen-month": "2", "t-plasma_pen-year": "2026"},
                "no such day", "t-plasma_pen-month",
            ),
            ({"t-plasma_pen-month": "x", "t-plasma_pen-year": "²"}, "no such day", "t-plasma_pen-month"),
        ],
    )  # fmt: skip
    def test_a_mistake_is_shown_beside_its_question_and_nothing_is_kept(
        self, client: Client, typed: dict[str, str], told: str, field: str
    ) -> None:
        path = client.path(INTAKE)
        for step in ("review", "send"):
            answer = client.browser.post(path, data=NOTHING | typed | {"step": step})
            assert answer.status_code == 422
            assert words(answer.text).count(told) == 2  # at the top, and beside the question
            assert f'href="#{field}"' in answer.text
            assert f'id="{field}"' in answer.text
        assert client.facts() == 0

    def test_what_was_typed_stays_after_a_mistake_and_can_be_changed_after_the_review(
        self, client: Client
    ) -> None:
        path = client.path(INTAKE)
        typed = NOTHING | {
            "none": "",
            "c-eczema": "yes",
            "t-plasma_pen-month": "1",
            "t-plasma_pen-year": "2026",
        }
        for sent in (typed | {"step": "edit"}, typed | {"m-isotretinoin": ""}):
            page = client.browser.post(path, data=sent).text
            assert re.search(r'id="c-eczema"[^>]* checked', page)
            assert '<option value="2026" selected>' in page

    def test_a_regular_is_asked_whether_anything_changed(self, client: Client) -> None:
        record_screening(client.stand.deps.flow, client.ref, "2026-01-05", DOCTOR)
        path = client.path(INTAKE)
        assert "You last answered our health questions on 5 January 2026" in client.page(path)
        nothing = client.browser.post(path, data={"step": "changed"})
        assert (nothing.status_code, "choose an answer" in words(nothing.text)) == (422, True)
        full = client.browser.post(path, data={"step": "changed", "changed": "yes"})
        assert "Before your visit" in words(full.text)
        review = client.browser.post(path, data={"step": "changed", "changed": "no"})
        assert "Nothing has changed since 5 January 2026" in words(review.text)
        sent = client.browser.post(path, data=hidden(review) | {"step": "send"})
        assert sent.status_code == 303
        assert client.facts() == 2

    def test_somebody_new_cannot_say_that_nothing_changed(self, client: Client) -> None:
        path = client.path(INTAKE)
        for step in ("changed", "send"):
            client.browser.post(path, data={"step": step, "changed": "no", "unchanged": "yes"})
        assert client.facts() == 0

    def test_nothing_on_record_is_shown_to_whoever_holds_the_phone(self, client: Client) -> None:
        flow = client.stand.deps.flow
        record_condition(flow, client.ref, "diabetes", DOCTOR)
        record_treatment(flow, client.ref, "isotretinoin", DOCTOR, ongoing=True)
        path = client.path(INTAKE)
        page = client.browser.get(path).text.partition("</style>")[2]
        assert not re.search(r"\b(checked|selected)\b", page)
        for said in ("Anna", "Berg", "anna@example.com", "14 March", client.ref):
            assert said not in page

    def test_a_form_another_site_sent_is_refused(self, client: Client) -> None:
        path = client.path(INTAKE)
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
            answer = client.browser.post(path, data=NOTHING | {"step": "send"}, headers=headers)
            assert answer.status_code == 403
        assert client.facts() == 0

    @pytest.mark.parametrize(
        ("language", "direction", "title"),
        [
            ("en", "ltr", "Before your visit"),
            ("es", "ltr", "Antes de su visita"),
            ("ar", "rtl", "قبل زيارتك"),
        ],
    )
    def test_it_speaks_the_clients_language(
        self, client: Client, language: str, direction: str, title: str
    ) -> None:
        with client.stand.store.transaction() as tx:
            known = tx.clients.get(client.ref)
            assert known is not None
            tx.clients.change(replace(known, language=language))
        page = client.browser.get(client.path(INTAKE)).text
        assert f'<html lang="{language}" dir="{direction}">' in page
        assert title in page


class TestRecord:
    def test_everything_can_be_read_and_taken_away(self, client: Client) -> None:
        flow = client.stand.deps.flow
        record_treatment(flow, client.ref, "plasma_pen", DOCTOR, on="2025-10", note="at another clinic")
        client.feed()
        path = client.path(RECORD)
        page = client.page(path)
        for said in ("Anna Berg", "anna@example.com", "14 March 2026", "Plasma pen: October 2025"):
            assert said in page
        answer = client.browser.post(path)
        assert answer.content_type == "application/zip"
        with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
            assert archive.namelist() == ["record.html", "record.json"]
            held = json.loads(archive.read("record.json"))["held"]
            html = archive.read("record.html").decode()
        assert held["clients"][0]["name"] == "Anna Berg"
        assert held["treatment_facts"][0]["note"] == "at another clinic"
        assert held["feed_bytes"][0]["body"].startswith("BEGIN:VCALENDAR")
        assert held["calendar_events"][0]["title"] == "Microneedling - Anna Berg"
        assert {"appointments", "verdicts", "identifiers", "audit_log"} <= held.keys()
        assert "at another clinic" in html
        assert "src=" not in html

    def test_nobody_elses_rows_are_in_it(self, client: Client) -> None:
        Receptionist(client.stand).book(client="Tom Jones", email="tom@example.com", date="2026-03-20")
        with zipfile.ZipFile(io.BytesIO(client.browser.post(client.path(RECORD)).data)) as archive:
            assert "Tom" not in archive.read("record.json").decode()

    def test_what_people_typed_cannot_become_markup(self, client: Client) -> None:
        note = "<script>alert(1)</script>"
        record_treatment(client.stand.deps.flow, client.ref, "plasma_pen", DOCTOR, on="2025-10", note=note)
        assert "<script" not in client.browser.get(client.path(RECORD)).text


class TestActs:
    def test_a_new_calendar_address_ends_the_old_one_and_the_link(self, client: Client) -> None:
        old, path = client.feed(), client.path(NEW_LINK)
        assert "ends at once" in client.page(path)
        answer = client.browser.post(path)
        token = client.feed()
        assert f"http://localhost/c/{token}" in answer.text
        assert token != old
        assert client.browser.post(path).status_code == 410

    def test_the_wish_to_be_forgotten_reaches_the_desk_once(self, client: Client) -> None:
        path = client.path(ERASE)
        assert "A person at the clinic does it" in client.page(path)
        assert "We have your wish" in words(client.browser.post(path).text)
        assert client.browser.post(path).status_code == 410
        with client.stand.store.reading() as tx:
            assert list(tx.personal.erasures_asked()) == [client.ref]
            assert tx.clients.get(client.ref) is not None


class TestAsking:
    def test_the_answer_is_the_same_whether_anything_was_sent_or_not(self, client: Client) -> None:
        feed = client.feed()
        assert "Your record" in client.page(f"/my/ask/{feed}")
        said = [words(client.browser.post(f"/my/ask/{feed}", data={"purpose": RECORD}).text)]
        assert client.letters == []
        press = LinkPress((b"k" * 32,), "https://care.example")
        wanted = Wanted(INTAKE, "kim", "email", "anna@example.com", confirmed=True)
        make_link(client.stand.deps.flow, press, client.ref, wanted)
        for _ in range(4):
            said.append(words(client.browser.post(f"/my/ask/{feed}", data={"purpose": RECORD}).text))
        assert len(set(said)) == 1
        assert [letter.purpose for letter in client.letters] == [RECORD, RECORD]
        opened = client.letters[-1].link.removeprefix("http://localhost")
        assert "Anna Berg" in client.page(opened)

    def test_nothing_is_asked_with_a_token_that_opens_no_feed(self, client: Client) -> None:
        for token in ("x", "A" * 43):
            assert client.browser.get(f"/my/ask/{token}").status_code == 404
            assert client.browser.post(f"/my/ask/{token}", data={"purpose": RECORD}).status_code == 404
        assert client.browser.post(f"/my/ask/{client.feed()}", data={"purpose": "x"}).status_code == 404
