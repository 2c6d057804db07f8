"""Doors of private links: each opens its own page and no other, and nothing passes a link on."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler_app.domain.private_links import INTAKE, PURPOSES, RECORD
from scheduler_app.flow.private_links import LinkLetter, LinkPress, Wanted, make_link
from scheduler_app.ports import Transaction
from tests.web.at_the_desk import words
from tests.web.stand import Stand
from tests.web.with_links import NOTHING, Client


@pytest.fixture
def client(stand: Stand) -> Client:
    return Client(stand)


class TestDoors:
    def test_a_feeds_token_opens_none_of_these_pages(self, client: Client) -> None:
        feed = client.feed()
        for purpose in PURPOSES:
            assert "This link opens nothing" in client.page(f"/my/{purpose}/{feed}", 404)

    def test_a_link_opens_no_other_purpose(self, client: Client) -> None:
        token = client.path(RECORD).rpartition("/")[2]
        for purpose in PURPOSES:
            assert client.browser.get(f"/my/{purpose}/{token}").status_code == (
                200 if purpose == RECORD else 404
            )
        assert client.browser.get(f"/feeds/{token}.ics").status_code == 404

    @pytest.mark.parametrize("purpose", PURPOSES)
    def test_one_that_is_over_says_how_to_get_a_new_one_and_nothing_else(
        self, client: Client, purpose: str
    ) -> None:
        path = client.path(purpose)
        client.stand.clock.now += timedelta(days=8)
        for answer in (client.browser.get(path), client.browser.post(path, data=NOTHING)):
            assert answer.status_code == 410
            told = words(answer.text)
            assert "This link has ended" in told
            assert "For a new link, call us on +44 20 7946 0000" in told
            assert "Anna" not in told
        assert client.facts() == 0

    def test_one_that_was_replaced_says_so(self, client: Client) -> None:
        old = client.path(RECORD)
        client.path(RECORD)
        assert "This link was replaced" in client.page(old, 410)

    def test_no_page_and_no_header_passes_the_link_on(
        self, client: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("DEBUG")
        client.feed()
        paths = [client.path(purpose) for purpose in PURPOSES]
        answers = [client.browser.get(path) for path in paths]
        answers += [client.browser.post(paths[PURPOSES.index(INTAKE)], data=NOTHING)]
        answers += [client.browser.post(path) for path in paths if "/intake/" not in path]
        answers += [client.browser.get("/my/record/nothing"), client.browser.get("/my/what/ever")]
        answers += [client.browser.put(paths[0]), client.browser.get("/my")]
        for answer in answers:
            if answer.status_code == 308:
                continue
            headers = answer.headers
            assert headers["Referrer-Policy"] == "same-origin"
            assert headers["Cache-Control"] == "no-store"
            assert headers["X-Robots-Tag"] == "noindex, nofollow"
            policy = headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'; ")
            assert "script-src 'none'; " in policy
            assert "form-action 'self'; " in policy
            for path in paths:
                token = path.rpartition("/")[2]
                assert token.encode() not in answer.data
                assert token not in str(headers)
        logged = " ".join(record.getMessage() for record in caplog.records)
        assert not any(path.rpartition("/")[2] in logged for path in paths)

    def test_nothing_is_loaded_from_elsewhere_and_there_is_no_script(self, client: Client) -> None:
        for purpose in PURPOSES:
            page = client.browser.get(client.path(purpose)).text
            assert "<script" not in page
            assert not re.search(r"""(src|href|action)=["']?(https?:)?//""", page)


def failing_send(tx: Transaction, letter: LinkLetter) -> None:
    raise ValueError(letter.link)


def test_a_fault_tells_the_log_no_link(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    press = LinkPress((b"k" * 32,), "https://care.example")
    wanted = Wanted(INTAKE, "kim", "email", "anna@example.com", confirmed=True)
    make_link(client.stand.deps.flow, press, client.ref, wanted)
    browser = client.stand.client(replace(client.stand.deps, send_link=failing_send))
    answer = browser.post(f"/my/ask/{client.feed()}", data={"purpose": RECORD})
    assert answer.status_code == 500
    assert "/my/" not in caplog.text + answer.text
    assert "ValueError" in caplog.text
