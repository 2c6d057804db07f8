"""The whole house in one process: store, flow, crew; what `serve`, `worker`, `sync` and the rest stand on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from scheduler_app.bootstrap.calendars import calendars_elsewhere, push_address
from scheduler_app.bootstrap.configuration import load_config, now
from scheduler_app.bootstrap.mailing import post_of
from scheduler_app.bootstrap.platforms import platforms_of, sources_of
from scheduler_app.bootstrap.secrets import feed_keys, wake_key
from scheduler_app.domain.titles import Reader
from scheduler_app.flow.flow import FETCH, RECONCILE, SEND, Flow
from scheduler_app.flow.publish import Press, publish
from scheduler_app.flow.runs import runs
from scheduler_app.flow.sweep import begin
from scheduler_app.rulebook import Loaded
from scheduler_app.settings import Settings
from scheduler_app.store import EmbeddedCalendar, SqlStore, open_store
from scheduler_app.work.crew import Crew
from scheduler_app.work.leases import Leases
from scheduler_app.work.runner import Runner
from scheduler_app.work.wakeups import Wakeups

EMBEDDED = "embedded"
FAR = (SEND, FETCH, RECONCILE)  # no page waits for a mail server or a platform to be read
SETTLED_WITHIN = timedelta(seconds=5)  # a page never waits longer for the work behind it


@dataclass(frozen=True, slots=True)
class House:
    """Everything composed. close() gives it back."""

    settings: Settings
    loaded: Loaded
    store: SqlStore
    calendar: EmbeddedCalendar
    flow: Flow
    press: Press
    leases: Leases

    def runner(self, tally: Callable[[str, int], None] | None = None) -> Runner:
        """Does the work of the flow in the caller's thread."""
        verbs = runs(self.flow) if tally is None else runs(self.flow, tally)
        return Runner(self.store, verbs, self.leases)

    def settle(self) -> None:
        """Do what is due now, until nothing is left or a page has waited long enough."""
        runner = self.runner()
        kinds = [kind for kind in runner.kinds if kind not in FAR]
        until = now() + SETTLED_WITHIN
        while runner.run_next(kinds) and now() < until:
            pass

    def crew(self, threads: int = 4) -> Crew:
        """The threads that work behind the page."""
        wakeups = Wakeups(self.settings.data / "wakeups.db", wake_key(self.settings))
        return Crew(
            self.store, self.runner(), self.leases, wakeups, threads=threads, prepare=lambda: begin(self.flow)
        )

    def close(self) -> None:
        """Give the connections back."""
        self.store.close()


def prepare(settings: Settings) -> None:
    """Have the database migrated and the keys at hand before any process is started that needs them.

    Raises as open_house does, so that whoever starts the program reads it as a sentence, once.
    """
    load_config(settings.config)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    store = open_store(settings.database_url, now)
    try:
        store.migrate()
    finally:
        store.close()
    feed_keys(settings)
    wake_key(settings)


def open_house(settings: Settings) -> House:
    """Load the configuration, open and migrate the database, compose the flow.

    Raises BadConfig with every mistake; Invalid or Unavailable for a database that cannot be used.
    """
    loaded = load_config(settings.config)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    store = open_store(settings.database_url, now)
    store.migrate()
    calendar = EmbeddedCalendar(store)
    clinic = loaded.clinic
    embedded = [each.id for each in clinic.calendars.values() if each.kind == EMBEDDED]
    for each in embedded:
        calendar.keep(each)
    press = Press(
        clinic,
        loaded.catalogue,
        loaded.rulebook,
        loaded.care,
        feed_keys(settings),
        loaded.precedence,
        settings.demo,
    )
    flow = Flow(
        store,
        now,
        clinic,
        loaded.catalogue,
        loaded.rulebook,
        Reader(loaded.catalogue),
        dict.fromkeys(embedded, calendar) | calendars_elsewhere(settings, clinic, store),
        sources_of(settings, clinic),
        lambda client: publish(store, press, client, now()),
        push_address=push_address(settings),
        desk_url=settings.desk_url,
        post=post_of(settings, press),
        platforms=platforms_of(settings, clinic),
    )
    return House(settings, loaded, store, calendar, flow, press, Leases(store))


@contextmanager
def opened(settings: Settings) -> Iterator[House]:
    """A house for one command."""
    house = open_house(settings)
    try:
        yield house
    finally:
        house.close()
