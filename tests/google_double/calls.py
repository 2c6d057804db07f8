"""One request, read; and what is answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.google_double.accounts import Account, demand
from tests.google_double.discovery import Given, Method
from tests.google_double.refusals import Json, Refused
from tests.google_double.state import Shelf, State


@dataclass(slots=True)
class Quirks:
    """What Google leaves open, or a test wants smaller; the defaults are the harsher reading."""

    page_limit: int = 2500  # events on a page at most, however many were asked for
    tombstones_for_exceptions: bool = False  # a deleted series: also list its exceptions as cancelled
    refuse_private_only_patches: bool = False  # a guest's patch of nothing but private properties: 403
    service_may_patch_guests: bool = True  # a service account's patch of an event with guests
    https_only: bool = True  # watch: the address must be https
    check_responses: bool = True
    channel_life: int = 604_800  # seconds, the default and the most
    per_minute: int | None = None  # requests of one account in any minute; more are refused
    push_backoff: tuple[float, ...] = (0.0, 0.0, 0.0)  # seconds before each further attempt of a notice
    recurring_ahead: int = 183  # days in which instances that are gone are told as cancelled


@dataclass(slots=True)
class Call:
    """A request that is allowed to be one: known method, known parameters, known account."""

    state: State
    quirks: Quirks
    method: Method
    path: Mapping[str, str]
    given: Given
    body: Json
    account: Account
    headers: Mapping[str, str] = field(default_factory=dict)
    address: str = ""  # of the API, up to its version
    afterwards: list[Callable[[], None]] = field(default_factory=list)  # once the answer is out

    def shelf(self, least: str) -> tuple[Shelf, str]:
        """The calendar in the path, and the account's role. Raises Refused when that is less."""
        shelf, role = self.state.shelf(self.path["calendarId"], self.account)
        demand(role, least)
        return shelf, role

    def unmodified(self, etag: str) -> None:
        """Raises Refused(412) when If-Match names an older state."""
        wanted = self.headers.get("If-Match")
        if wanted is not None and wanted not in ("*", etag):
            raise Refused(412, "conditionNotMet", location="If-Match")


@dataclass(slots=True)
class Answer:
    """Status, and a JSON object, ready bytes, or nothing."""

    body: Json | bytes | None = None
    status: int = 200
    etag: str | None = None


Verb = Callable[[Call], Answer]
