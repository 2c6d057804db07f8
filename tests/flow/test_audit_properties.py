"""What holds for every book: its order changes nothing, people never mix, nothing is lost or invented."""

from datetime import date, timedelta
from itertools import combinations
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.events import CalendarEvent
from scheduler_app.domain.identity import compatible
from scheduler_app.domain.judging import judge_story
from scheduler_app.domain.story import Story, Visit
from scheduler_app.flow.auditing.people import people
from scheduler_app.flow.auditing.whose import Whose
from tests.flow.audited_books import TODAY, audited, event, shipped, told

TITLES = {
    "Botox": "botulinum_toxin",
    "Microneedling": "microneedling",
    "Plasma pen": "plasma_pen",
    "Lip filler": "dermal_filler",
    "Facial": "beauty_treatment",
}
NAMES = ("Anna Smith", "A Smith", "Alan Smith", "Ben Jones", "Anna", "Mrs Smith", "")
CONTACTS = ("one@x.example", "two@x.example", "")

days = st.integers(-60, 60).map(lambda days: (TODAY + timedelta(days=days)).isoformat())


@st.composite
def books(draw: st.DrawFn) -> list[CalendarEvent]:
    """Few names and contacts over four months, so that they clash and mix often."""
    size = draw(st.integers(0, 10))
    booked = draw(st.permutations(range(size)))
    return [
        event(
            f"e{number}",
            f"{draw(st.sampled_from([*TITLES, 'Lunch', 'Zorbing', 'no Botox', 'DNA Botox']))}"
            f" - {draw(st.sampled_from(NAMES))}",
            draw(days),
            *filter(None, [draw(st.sampled_from(CONTACTS))]),
            description=draw(st.sampled_from(["", "Tel 020 7946 0018", "#C123"])),
            status=draw(st.sampled_from(["confirmed", "confirmed", "cancelled", "tentative"])),
            created=(date(2025, 1, 1) + timedelta(days=booked[number])).isoformat(),
        )
        for number in range(size)
    ]


@given(books(), st.randoms(use_true_random=False))
def test_the_order_of_the_files_changes_nothing(book: list[CalendarEvent], chance: Random) -> None:
    shuffled = list(book)
    chance.shuffle(shuffled)
    assert audited(*shuffled) == audited(*book)


@given(books())
def test_every_event_is_accounted_for(book: list[CalendarEvent]) -> None:
    found = audited(*book)
    counts = found.counts
    assert counts.events == len(book)
    assert counts.events == counts.visits + len(found.unrecognised) + counts.cancelled + counts.idle
    assert counts.blocked + counts.caution + counts.review <= counts.visits


@given(books())
def test_each_visit_rule_and_event_in_the_way_is_told_once(book: list[CalendarEvent]) -> None:
    found = audited(*book)
    for clients in (found.clients, found.possible):
        assert len(told(clients)) == len(set(told(clients)))
    gaps = {one for one in told(found.clients) if one[3]}
    assert gaps.isdisjoint(told(found.possible))


@given(st.lists(st.tuples(st.sampled_from([*TITLES]), days, st.integers(0, 2)), max_size=9))
def test_clients_with_contacts_of_their_own_are_judged_as_everywhere_else(
    bookings: list[tuple[str, str, int]],
) -> None:
    clients = ("Anna Smith", "Ben Jones", "Cleo Park")
    book = [
        event(f"e{n}", f"{title} - {clients[who]}", day, f"client{who}@x.example", created="2025-01-01")
        for n, (title, day, who) in enumerate(bookings)
    ]
    today = TODAY.toordinal()
    expected = set()
    for who in range(3):
        visits = tuple(
            Visit(f"e{n}", (TITLES[title],), on, on * 86400.0, 0.0, "fulfilled" if on < today else "booked")
            for n, (title, day, whose) in enumerate(bookings)
            if whose == who and (on := date.fromisoformat(day).toordinal())
        )
        for ref, verdict in judge_story(Story(visits=visits), shipped().rulebook, today).items():
            expected |= {(ref, f.rule, f.other.ref if f.other else "") for f in verdict.findings}
    assert {(uid, rule, other) for uid, _, rule, other in told(audited(*book).clients)} == expected


@given(
    st.lists(
        st.builds(
            Whose,
            st.sampled_from([*NAMES[:-1], None]),
            st.sets(st.sampled_from(["e:a", "e:b", "p:1", "p:2", "c:C1"]), max_size=3).map(sorted).map(tuple),
        ),
        max_size=12,
    )
)
def test_people_never_mix(bookings: list[Whose]) -> None:
    folk, nobody = people(bookings)
    placed = sorted([*nobody, *(place for person in folk for place in person.sightings)])
    assert placed == list(range(len(bookings)))
    assert all(bookings[place] == Whose(None, ()) for place in nobody)
    for person in folk:
        if person.certain:
            assert all(compatible(one, other) for one, other in combinations(person.names, 2))
            assert all(bookings[place].contacts for place in person.sightings)
        for other in folk:
            if person is not other and person.certain and other.certain:
                shared = set(person.contacts) & set(other.contacts)
                mixed = all(compatible(a, b) for a in person.names for b in other.names)
                assert not (shared and mixed and person.names and other.names)
