"""The double itself: a server and its controls (the package's docstring lists them)."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from tests.google_double import seeding
from tests.google_double.accounts import Account
from tests.google_double.answering import Answering
from tests.google_double.calls import Call, Quirks
from tests.google_double.channels import Channels
from tests.google_double.clock import Clock
from tests.google_double.controlling import control
from tests.google_double.counting import Log, Request, by_account, by_method
from tests.google_double.discovery import methods
from tests.google_double.failing import Faults
from tests.google_double.ordering import Ordering
from tests.google_double.people import Person
from tests.google_double.pushing import Pusher
from tests.google_double.refusals import Json
from tests.google_double.schemas import check_body
from tests.google_double.serving import Server, mounted
from tests.google_double.signing_in import SigningIn
from tests.google_double.state import Shelf, State
from tests.google_double.verbs import verbs

ROOM = "room1@clinic.example"
READ_ONLY = "readonly@clinic.example"


class GoogleDouble(Ordering):
    """A Google Calendar of the tests' own. Use it as a context, or `start` and `stop` it."""

    def __init__(self, port: int = 0, quirks: Quirks | None = None) -> None:
        self.clock = Clock()
        self.quirks, self._usual = Quirks(), quirks or Quirks()
        self._state = State(self.clock)
        self._log, self._faults, self._pusher = Log(), Faults(), Pusher()
        self._channels = Channels(self._state, self._pusher.send, self._pusher.send_now, self._pusher.expect)
        self._state.changed = self._channels.changed
        self._verbs = verbs(self._channels)
        self._answering = Answering(self._state, self.quirks, self._log, self._faults, self._verbs)
        self.signing_in = SigningIn(self._state)
        app = mounted(self._answering)
        self.signing_in.mount(app)
        app.add_url_rule("/_control/<name>", "control", lambda name: control(self, name), methods=["POST"])
        self._server = Server(app, port)
        self.address = f"http://127.0.0.1:{self._server.port}"
        self.endpoint = f"{self.address}/calendar/v3/"
        self.signing_in.address = self.address
        self.reset()

    def __enter__(self) -> "GoogleDouble":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._faults.release()
        self._pusher.close()
        self._server.stop()

    def reset(self) -> None:
        self._faults.forget()
        self._channels.forget()
        self._pusher.forget()
        with self._state.lock:
            self._state.forget()
            self.clock.reset()
            for name in Quirks.__slots__:
                setattr(self.quirks, name, getattr(self._usual, name))
            self.push_backoff(*self._usual.push_backoff)
            self._log.forget()
            self._answering.own_faults.clear()
            self.signing_in.forget()
            self.account("bot", "bot@clinic.example", "bot")
            self.account("anna", "anna@clinic.example", "anna")
            self.account("robot", "robot@project.iam.gserviceaccount.com", "robot", service=True)
            self.calendar(ROOM, acl={"anna": "owner", "bot": "writer", "robot": "writer"})
            self.calendar(READ_ONLY, acl={"anna": "owner", "bot": "reader", "robot": "reader"})

    # who and where

    def account(
        self, name: str, email: str | None = None, token: str | None = None, service: bool = False
    ) -> str:
        account = Account(name, email or f"{name}@clinic.example", service)
        self._state.accounts.add(account, token or name)
        self.calendar(account.email, acl={account.email: "owner"})
        return token or name

    def calendar(
        self,
        calendar: str,
        zone: str | None = "Europe/London",
        acl: dict[str, str] | None = None,
        summary: str | None = None,
        labels: Iterable[Json] = (),
    ) -> str:
        roles = {self._email(who): role for who, role in (acl or {"anna": "owner", "bot": "writer"}).items()}
        with self._state.lock:
            shelf = Shelf(calendar, summary or calendar.partition("@")[0], zone, roles, list(labels))
            self._state.shelves[calendar] = shelf
        return calendar

    def share(self, calendar: str, who: str, role: str) -> None:
        with self._state.lock:
            self._state.shelves[calendar].acl[self._email(who)] = role

    def unshare(self, calendar: str, who: str) -> None:
        with self._state.lock:
            self._state.shelves[calendar].acl.pop(self._email(who), None)

    def label(self, calendar: str, name: str, colour: str = "#d50000") -> str:
        with self._state.lock:
            label = f"00000000-0000-4000-8000-{self._state.next_number():012d}"
            self._state.shelves[calendar].labels.append(
                {"id": label, "name": name, "backgroundColor": colour}
            )
        return label

    def person(self, name: str) -> Person:
        return Person(self._state.accounts.named(name), self._act, lambda name: self._state.shelves[name])

    def seed(self, calendar: str, events: Iterable[Json]) -> int:
        with self._state.lock:
            return seeding.seed(self._state, self._state.shelves[calendar], events)

    def event(self, calendar: str, event_id: str) -> Json:
        with self._state.lock:
            return self._state.shelves[calendar].rows[event_id].event()

    def events(self, calendar: str) -> list[Json]:
        with self._state.lock:
            return [row.event() for row in self._state.shelves[calendar].order if not row.cancelled]

    # what was asked

    @property
    def faults_of_its_own(self) -> list[str]:
        return self._answering.own_faults

    def mark(self) -> int:
        return len(self._log.requests)

    def requests_since(self, mark: int = 0) -> list[Request]:
        return self._log.since(mark)

    def counts(self, since: int = 0) -> Counter[str]:
        return by_method(self._log.since(since))

    def counts_by_account(self, since: int = 0) -> Counter[str]:
        return by_account(self._log.since(since))

    def units(self, since: int = 0) -> int:
        return sum(request.units for request in self._log.since(since))

    def _email(self, who: str) -> str:
        try:
            return self._state.accounts.named(who).email
        except KeyError:
            return who

    def _act(self, account: Account, method: str, path: dict[str, str], given: Json, body: Json) -> Json:
        told = next(each for each in methods() if each.id == method)
        if told.request is not None:
            check_body(told.request, body, nulls=True)
        with self._state.lock:
            answer = self._verbs[method](Call(self._state, self.quirks, told, path, given, body, account))
        found: Any = answer.body
        return found if isinstance(found, dict) else {}
