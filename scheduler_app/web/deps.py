"""What the web asks for: handed in once by bootstrap, so that no page opens a database or reads a clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from scheduler_app.domain.catalogue import Catalogue
from scheduler_app.domain.clinic import Clinic
from scheduler_app.domain.rules import Rulebook
from scheduler_app.flow.check import Checker
from scheduler_app.flow.flow import Flow
from scheduler_app.flow.private_links import SendLink
from scheduler_app.flow.publish import Press
from scheduler_app.ports import BookableCalendar, Clock, Inbox, KeyShelf, Receiver, Store
from scheduler_app.web.access import AccessTerms
from scheduler_app.web.counters import Counters


@dataclass(frozen=True, slots=True)
class Deps:
    """Everything the app stands on.

    settle: run the work that is due now, until nothing is left or it has taken too long; the pages call
    it after every change so that the next one shows what came of it. nudge: a wake-up for deliveries,
    best effort. press: what feeds are made with; None where there are none. public_url: how clients
    reach the feeds, "https://care.clinic.example"; "" for the address the desk was asked under.
    send_link: has private links sent; None leaves them at the desk to be handed over.
    overdue_limit: seconds after which /readyz calls the work late.
    """

    flow: Flow
    inbox: Inbox
    keys: KeyShelf
    calendar: BookableCalendar
    checker: Checker
    settle: Callable[[], None]
    press: Press | None = None
    public_url: str = ""
    send_link: SendLink | None = None
    nudge: Callable[[], None] = lambda: None
    counters: Counters = field(default_factory=Counters)
    access: AccessTerms = field(default_factory=AccessTerms)
    overdue_limit: float = 300.0

    @property
    def store(self) -> Store:
        """The database."""
        return self.flow.store

    @property
    def clock(self) -> Clock:
        """The time."""
        return self.flow.clock

    @property
    def clinic(self) -> Clinic:
        """The clinic."""
        return self.flow.clinic

    @property
    def catalogue(self) -> Catalogue:
        """Treatments by code."""
        return self.flow.catalogue

    @property
    def rulebook(self) -> Rulebook:
        """What the clinic signed."""
        return self.flow.rulebook

    @property
    def sources(self) -> Mapping[str, Receiver]:
        """Senders of webhooks by name."""
        return {**self.flow.sources, **self.flow.platforms}
