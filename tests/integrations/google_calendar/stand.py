"""The gateway in front of the tests' own Google Calendar."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from google.oauth2.credentials import Credentials

from integrations.google_calendar import GoogleCalendar, GoogleCalendarGateway, GoogleClient
from scheduler_app.domain.clinic import MarkTerms
from scheduler_app.domain.events import CalendarEvent
from tests.contracts.calendar_program import CALENDAR, HOUR, PAGE, TEN, TITLE
from tests.google_double import ROOM, GoogleDouble
from tests.google_double.people import Person

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


class Spent:
    """Implements ports.RequestBudget: lets everything pass and remembers it."""

    def __init__(self) -> None:
        self.units: list[tuple[str, int]] = []

    def spend(self, account: str, units: int = 1) -> None:
        """Remembered."""
        self.units.append((account, units))


class Napping:
    """Waits between tries, told instead of waited."""

    def __init__(self) -> None:
        self.naps: list[float] = []
        self.meanwhile: Callable[[], None] = lambda: None

    def __call__(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.meanwhile()


def fixed_token(token: str) -> Any:
    """A sign-in that never changes."""
    making: Any = Credentials
    return making(token)


class Stand:
    """A clinic calendar at the double, its people, and the gateway that asks as the account `who`."""

    def __init__(
        self,
        double: GoogleDouble,
        who: str = "bot",
        terms: MarkTerms | None = None,
        timeout: float = 5,
        endpoint: str = "",
        charged: str = "",
    ) -> None:
        self.double, self.budget, self.nap = double, Spent(), Napping()
        self.client = GoogleClient(
            fixed_token(who),
            "clinic",
            self.budget,
            endpoint=endpoint or double.endpoint,
            charged=charged,
            timeout=timeout,
            sleep=self.nap,
            chance=lambda: 0.5,
        )
        self.gateway = GoogleCalendarGateway(
            self.client,
            {CALENDAR: GoogleCalendar(ROOM, terms or MarkTerms())},
            lambda: NOW,
            page_size=PAGE,
        )

    @property
    def anna(self) -> Person:
        """The receptionist."""
        return self.double.person("anna")

    def books(
        self, title: str = TITLE, start: datetime = TEN, hours: int = 1, **fields: Any
    ) -> CalendarEvent:
        """Anna books; the event as the gateway reads it."""
        id = self.anna.book(ROOM, title, start, start + hours * HOUR, **fields)
        return self.gateway.event(CALENDAR, id)

    def read(self, event_id: str) -> CalendarEvent:
        """As the gateway reads it."""
        return self.gateway.event(CALENDAR, event_id)

    def stored(self, event_id: str) -> dict[str, Any]:
        """As Google has it."""
        return self.double.event(ROOM, event_id)

    def requests(self, act: Callable[[], object]) -> list[str]:
        """The requests that come of an act, by method."""
        mark = self.double.mark()
        act()
        return [request.method for request in self.double.requests_since(mark)]


def asked_of(stand: Stand) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Every write from now on: its method, its body and its query."""
    seen: list[tuple[str, dict[str, Any], dict[str, Any]]] = []
    ask = stand.client._ask

    def noting(method: str, *more: Any, **query: Any) -> bytes:
        if method in ("patch", "delete"):
            seen.append((method, query.get("body", {}), query))
        return ask(method, *more, **query)

    stand.client._ask = noting  # type: ignore[method-assign]
    return seen
