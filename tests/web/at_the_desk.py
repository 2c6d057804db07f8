"""What somebody at the desk does, through the forms of the pages."""

import re
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.stand import SAME_ORIGIN, Stand

BOOKING = {
    "client": "Anna Berg",
    "email": "anna@example.com",
    "treatment": "Microneedling",
    "date": "2026-03-14",
    "time": "10:00",
    "minutes": "45",
    "calendar": "desk",
}


class Receptionist:
    """Opens pages and sends their forms."""

    def __init__(self, stand: Stand) -> None:
        self.stand = stand
        self.browser: FlaskClient = stand.client()

    def page(self, path: str, status: int = 200) -> str:
        """The words on a page."""
        answer = self.browser.get(path)
        assert answer.status_code == status
        return words(answer.text)

    def send(self, path: str, **typed: str) -> TestResponse:
        """Send a form from our own page."""
        return self.browser.post(path, data=typed, headers=SAME_ORIGIN)

    def book(self, **changes: str) -> str:
        """Book; the ref of the appointment that came of it."""
        answer = self.send("/desk/book", **(BOOKING | changes))
        assert answer.status_code == 303, words(answer.text)
        return answer.headers["Location"].partition("#a-")[2]

    def botox_then_microneedling(self) -> tuple[str, str]:
        """The main story: Botox on 4 March, microneedling booked for day ten."""
        return self.book(treatment="Botox", date="2026-03-04"), self.book()

    def client_of(self, ref: str) -> str:
        """Whose appointment it is."""
        with self.stand.store.reading() as held:
            found = held.appointments.get(ref)
        assert found is not None
        assert found.client is not None
        return found.client

    def outcome(self, ref: str) -> str:
        """How the appointment stands."""
        with self.stand.store.reading() as held:
            known = held.verdicts.get(ref)
        assert known is not None
        return known.verdict.outcome.word

    def event(self, ref: str) -> Any:
        """The appointment's event as the calendar has it."""
        with self.stand.store.reading() as held:
            found = held.appointments.get(ref)
        assert found is not None
        return self.stand.calendar.event("desk", found.source_id)


def words(html: str) -> str:
    """A page as it is read: no tags, single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
