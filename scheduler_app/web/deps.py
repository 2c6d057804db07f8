"""What the web asks for: handed in once by bootstrap, so that no page opens a database or reads a clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from scheduler_app.ports import BookingSource, Clock, Inbox, Store
from scheduler_app.web.access import AccessTerms, Key, no_keys
from scheduler_app.web.counters import Counters


@dataclass(frozen=True, slots=True)
class Deps:
    """Everything the app stands on."""

    store: Store
    inbox: Inbox
    sources: Mapping[str, BookingSource]
    clock: Clock
    rulebook_version: str
    counters: Counters = field(default_factory=Counters)
    nudge: Callable[[], None] = lambda: None
    keys: Callable[[bytes], Key | None] = no_keys
    access: AccessTerms = field(default_factory=AccessTerms)
    overdue_limit: float = 300.0
