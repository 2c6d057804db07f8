"""revise, held against the strictest subscriber we know of, through any sequence of events."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler_app import ics
from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.care import entries
from scheduler_app.domain.entries import PublishedEntry
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.domain.verdict import Verdict
from scheduler_app.flow.revision import Moment, Revision, revise
from tests.domain.care_cases import BLOCKED, CLEAR, COMPACT_TERMS, FULL_TERMS, NOW, PHRASES, madrid, visit
from tests.rfc5545 import feed_checked

START = madrid(2026, 7, 10, 17, 0)
DAY = timedelta(days=1)


@dataclass
class Subscriber:
    """Takes an event it has only when its SEQUENCE and LAST-MODIFIED both rose, as Evolution and ICSx5 do."""

    sees: dict[str, tuple[int, datetime, bytes]] = field(default_factory=dict)

    def poll(self, shown: dict[str, PublishedEntry]) -> None:
        """One look at the feed."""
        for uid in set(self.sees) - set(shown):
            del self.sees[uid]
        for uid, entry in shown.items():
            held = self.sees.get(uid)
            if held is None or (entry.sequence > held[0] and entry.changed_at > held[1]):
                self.sees[uid] = (entry.sequence, entry.changed_at, entry.block)


@dataclass
class World:
    """One client's visits, what is published of them, and somebody who subscribed."""

    visits: dict[str, Appointment] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    rows: dict[str, PublishedEntry] = field(default_factory=dict)
    now: datetime = NOW
    full: bool = False
    subscriber: Subscriber = field(default_factory=Subscriber)

    def revision(self) -> Revision:
        """What would have to change now."""
        terms = FULL_TERMS if self.full else COMPACT_TERMS
        shown = {uid for uid, row in self.rows.items() if row.block}
        today = self.now.toordinal()
        wanted = entries(list(self.visits.values()), self.verdicts, terms, self.now, today, published=shown)
        live = {ref for ref, each in self.visits.items() if each.status not in NOT_HELD}
        return revise(self.rows, wanted, live, Moment(self.now, today, 60 * DAY), PHRASES)

    def publish(self) -> dict[str, PublishedEntry]:
        """Apply the revision; what is shown from now on."""
        for row in self.revision().rows():
            before = self.rows.get(row.uid)
            assert before is None or row.sequence >= before.sequence
            if before is not None and row.block:
                assert row.sequence > before.sequence
                assert row.changed_at > before.changed_at
            self.rows[row.uid] = row
        return {uid: row for uid, row in self.rows.items() if row.block}


refs = st.sampled_from(["v1", "v2", "v3"])
steps = st.one_of(
    st.tuples(st.just("book"), refs, st.integers(-20, 600)),
    st.tuples(st.just("cancel"), refs, st.just(0)),
    st.tuples(st.just("block"), refs, st.just(0)),
    st.tuples(st.just("clear"), refs, st.just(0)),
    st.tuples(st.just("delete"), refs, st.just(0)),
    st.tuples(st.just("detail"), st.just(""), st.just(0)),
    st.tuples(st.just("wait"), st.just(""), st.integers(0, 100)),
)


def take(world: World, what: str, ref: str, number: int) -> None:
    """Something happens."""
    if what == "book":
        world.visits[ref] = visit(ref, START + number * DAY)
        world.verdicts.setdefault(ref, CLEAR)
    elif what == "cancel" and ref in world.visits:
        world.visits[ref] = replace(world.visits[ref], status="cancelled")
    elif what in ("block", "clear") and ref in world.visits:
        world.verdicts[ref] = BLOCKED if what == "block" else CLEAR
    elif what == "delete":
        world.visits.pop(ref, None)
    elif what == "detail":
        world.full = not world.full
    elif what == "wait":
        world.now += number * DAY


@given(st.lists(st.tuples(steps, st.booleans()), max_size=25))
def test_whatever_happens_a_subscriber_ends_up_with_exactly_the_feed(
    story: list[tuple[tuple[str, str, int], bool]],
) -> None:
    world = World()
    for (what, ref, number), polled in story:
        take(world, what, ref, number)
        had_entries = any(row.block for row in world.rows.values())
        shown = world.publish()
        assert shown or not had_entries, "a feed that had entries keeps one"
        assert world.revision() == Revision((), ()), "publishing twice is publishing once"
        if shown:
            feed_checked(ics.join(ics.head("Sol", 4), [row.block for row in shown.values()]))
        if polled:
            world.subscriber.poll(shown)
            assert {uid: sight[2] for uid, sight in world.subscriber.sees.items()} == {
                uid: row.block for uid, row in shown.items()
            }


@given(st.lists(st.tuples(refs, st.integers(0, 90)), min_size=1, max_size=12))
def test_a_visit_that_stands_is_always_shown_and_never_as_cancelled(moves: list[tuple[str, int]]) -> None:
    world = World()
    for ref, offset in moves:
        take(world, "book", ref, offset)
        shown = world.publish()
        for held in world.visits:
            entry = shown[f"appointment.{held}@feeds.example"]
            assert not entry.cancelled
            assert b"STATUS:CONFIRMED" in entry.block
