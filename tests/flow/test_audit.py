"""What an audit reports of a book: each clash once, past visits in hindsight, nothing dropped."""

from datetime import date

from scheduler_app.domain.events import Unreadable
from scheduler_app.domain.outcome import Outcome
from tests.flow.audited_books import TODAY, audited, event, told

ANNA = "Anna Smith <anna@x.example>"
AFTER_BOTOX = "microneedling-after-botulinum-toxin"
AFTER_NEEDLING = "botulinum-toxin-after-microneedling"


def test_a_pair_is_reported_once_at_the_later_visit() -> None:
    found = audited(
        event("b", "Botox - Anna Smith", "2026-01-05", ANNA),
        event("m", "Microneedling - Anna Smith", "2026-01-18", ANNA),
    )
    assert told(found.clients) == [("m", "blocked", AFTER_BOTOX, "b")]
    (visit,) = found.clients[0].visits
    assert (visit.client, visit.event.start) == ("Anna Smith", "2026-01-18T10:00:00+00:00")
    assert visit.earliest == date(2026, 1, 19).toordinal()
    assert visit.findings[0].finding.until == date(2026, 1, 19).toordinal()
    assert not found.possible


def test_on_the_day_the_gap_ends_no_rule_is_broken() -> None:
    found = audited(
        event("b", "Botox - Anna Smith", "2026-01-05", ANNA),
        event("m", "Microneedling - Anna Smith", "2026-01-19", ANNA),
    )
    assert not found.clients
    assert not found.blocked


def test_a_past_visit_that_broke_a_rule_still_counts_for_what_came_after_it() -> None:
    found = audited(
        event("b1", "Botox - Anna Smith", "2026-01-05", ANNA),
        event("m", "Microneedling - Anna Smith", "2026-01-12", ANNA),
        event("b2", "Botox - Anna Smith", "2026-01-26", ANNA),
    )
    assert told(found.clients) == [
        ("b2", "blocked", AFTER_NEEDLING, "m"),
        ("m", "blocked", AFTER_BOTOX, "b1"),
    ]


def test_days_are_counted_where_the_clinic_is() -> None:
    # 00:30 in Auckland is the day before in Greenwich: thirteen days there, fourteen here.
    found = audited(
        event("b", "Botox - Anna Smith", "2026-01-05T23:30", ANNA, zone="Pacific/Auckland"),
        event("m", "Microneedling - Anna Smith", "2026-01-19T00:30", ANNA, zone="Pacific/Auckland"),
    )
    assert not found.clients


def test_of_two_visits_ahead_the_one_booked_later_gives_way() -> None:
    found = audited(
        event("b", "Botox - Anna Smith", "2026-03-10", ANNA, created="2026-02-20"),
        event("m", "Microneedling - Anna Smith", "2026-03-15", ANNA, created="2026-02-10"),
    )
    assert told(found.clients) == [("b", "blocked", AFTER_BOTOX, "m")]
    (visit,) = found.clients[0].visits
    assert visit.findings[0].finding.direction == "before"
    assert visit.findings[0].finding.until is None
    assert visit.earliest == date(2026, 4, 5).toordinal()


def test_without_booking_times_the_order_in_the_file_counts() -> None:
    needling = event("m", "Microneedling - Anna Smith", "2026-03-15", ANNA)
    botox = event("b", "Botox - Anna Smith", "2026-03-10", ANNA)
    assert told(audited(needling, botox).clients) == [("b", "blocked", AFTER_BOTOX, "m")]
    assert told(audited(botox, needling).clients) == [("m", "blocked", AFTER_BOTOX, "b")]


def test_a_booking_without_a_time_ranks_before_those_with_one() -> None:
    undated = event("m", "Microneedling - Anna Smith", "2026-03-15", ANNA)
    dated = event("b", "Botox - Anna Smith", "2026-03-10", ANNA, created="2020-01-01")
    assert told(audited(dated, undated).clients) == [("b", "blocked", AFTER_BOTOX, "m")]


def test_a_booking_time_nobody_can_mean_is_none() -> None:
    needling = event("m", "Microneedling - Anna Smith", "2026-03-15", ANNA, created="0001-01-01")
    botox = event("b", "Botox - Anna Smith", "2026-03-10", ANNA, created="0001-01-01")
    assert told(audited(needling, botox).clients) == [("b", "blocked", AFTER_BOTOX, "m")]


def test_a_visit_ahead_that_is_blocked_blocks_nothing_itself() -> None:
    found = audited(
        event("b", "Botox - Anna Smith", "2026-03-02", ANNA, created="2026-01-01"),
        event("m", "Microneedling - Anna Smith", "2026-03-09", ANNA, created="2026-01-02"),
        event("f", "Lip filler - Anna Smith", "2026-03-12", ANNA, created="2026-01-03"),
    )
    assert told(found.clients) == [("m", "blocked", AFTER_BOTOX, "b")]


def test_two_visits_on_one_day_are_told_once() -> None:
    found = audited(
        event("m1", "Microneedling - Anna Smith", "2026-03-09T09:00", ANNA),
        event("m2", "Microneedling - Anna Smith", "2026-03-09T15:00", ANNA),
    )
    assert told(found.clients) == [("m2", "blocked", "microneedling-after-microneedling", "m1")]
    finding = found.clients[0].visits[0].findings[0].finding
    assert (finding.direction, finding.until) == ("after", date(2026, 4, 6).toordinal())


def test_treatments_of_one_visit_that_forbid_each_other_name_the_visit_itself() -> None:
    found = audited(event("v", "Microneedling + Botox - Anna Smith", "2026-03-09", ANNA))
    assert ("v", "blocked", AFTER_BOTOX, "v") in told(found.clients)
    assert found.clients[0].visits[0].earliest is None


def test_what_was_called_off_or_is_no_appointment_is_counted_and_blocks_nothing() -> None:
    found = audited(
        event("b", "Botox - Anna Smith", "2026-01-05", ANNA, status="cancelled"),
        event("t", "Botox training", "2026-01-06", ANNA),
        event("o", "Botox - Anna Smith", "2026-01-06", ANNA, kind="outOfOffice"),
        event("m", "Microneedling - Anna Smith", "2026-01-10", ANNA),
    )
    counts = found.counts
    assert (counts.events, counts.visits, counts.cancelled, counts.idle) == (4, 1, 1, 2)
    assert not found.clients


def test_a_doubtful_title_is_for_a_person() -> None:
    found = audited(
        event("q", "Botox? - Anna Smith", "2026-01-05", ANNA),
        event("n", "no Botox - Anna Smith", "2026-02-05", ANNA),
    )
    assert told(found.clients) == [
        ("n", "review", "title-negated", ""),
        ("q", "review", "title-question", ""),
    ]
    assert (found.counts.review, found.counts.visits) == (2, 2)
    assert not found.blocked


def test_an_appointment_for_nobody_knows_what_is_listed_and_not_judged() -> None:
    found = audited(event("x", "Zorbing - Anna Smith", "2026-01-05", ANNA))
    assert [(one.uid, one.title, one.start) for one in found.unrecognised] == [
        ("x", "Zorbing - Anna Smith", "2026-01-05T10:00:00+00:00")
    ]
    assert (found.counts.visits, found.counts.review) == (0, 0)


def test_what_could_not_be_read_is_passed_on() -> None:
    lost = Unreadable("book.ics line 7", "has no DTSTART: nothing says when it is")
    assert audited(lost).unreadable == (lost,)
    assert audited(lost).counts.events == 0


def test_a_title_that_claims_the_visit_was_missed_blocks_nobody_for_certain() -> None:
    found = audited(
        event("b", "DNA - Botox - Anna Smith", "2026-01-05", ANNA),
        event("m", "Microneedling - Anna Smith", "2026-01-12", ANNA),
    )
    assert told(found.clients) == [("b", "review", "title-cancelled", "")]
    assert told(found.possible) == [("m", "blocked", AFTER_BOTOX, "b")]
    assert (found.counts.clients, found.counts.blocked) == (1, 0)


def test_an_event_in_two_files_is_one_and_its_newest_version_counts() -> None:
    old = event("b", "Botox - Anna Smith", "2026-01-05", ANNA, updated="2025-12-01")
    new = event("b", "Botox - Anna Smith", "2025-11-05", ANNA, updated="2025-12-02")
    needling = event("m", "Microneedling - Anna Smith", "2026-01-10", ANNA)
    for order in ((old, new, needling), (new, old, needling)):
        found = audited(*order)
        assert found.counts.events == 2
        assert not found.clients


def test_a_cancellation_in_another_file_ends_the_event() -> None:
    booked = event("b", "Botox - Anna Smith", "2026-01-05", ANNA)
    off = event("b", "Botox - Anna Smith", "2026-01-05", ANNA, status="cancelled")
    needling = event("m", "Microneedling - Anna Smith", "2026-01-10", ANNA)
    for order in ((booked, off, needling), (off, booked, needling)):
        assert not audited(*order).clients


def test_instances_of_a_series_are_visits_of_their_own() -> None:
    found = audited(
        event("s_20260105", "Microneedling - Anna Smith", "2026-01-05", ANNA),
        event("s_20260112", "Microneedling - Anna Smith", "2026-01-12", ANNA),
    )
    (visit,) = found.clients[0].visits
    assert (visit.event.uid, visit.event.start[:10], visit.outcome) == ("s", "2026-01-12", Outcome.CAUTION)


def test_a_whole_day_shows_its_date_alone() -> None:
    found = audited(
        event("b", "Botox - Anna Smith", "2026-01-05T00:00", ANNA, all_day=True),
        event("m", "Microneedling - Anna Smith", "2026-01-12T00:00", ANNA, all_day=True),
    )
    assert found.clients[0].visits[0].event.start == "2026-01-12"


def test_a_period_limits_what_is_reported_and_not_what_counts() -> None:
    book = (
        event("b", "Botox - Anna Smith", "2026-01-05", ANNA),
        event("m", "Microneedling - Anna Smith", "2026-01-12", ANNA),
        event("f", "Facial - Anna Smith", "2026-01-14", ANNA),
    )
    found = audited(*book, since=date(2026, 1, 13), until=TODAY)
    assert told(found.clients) == [("f", "blocked", "beauty-treatment-after-microneedling", "m")]
    assert (found.counts.events, found.counts.visits, found.counts.blocked) == (1, 1, 1)
    assert not audited(*book, until=date(2026, 1, 11)).clients


def test_each_visit_counts_under_its_worst_finding() -> None:
    found = audited(
        event("p", "Plasma pen - Anna Smith", "2026-01-05", ANNA),
        event("b", "Botox - Anna Smith", "2026-01-20", ANNA),
        event("m", "Microneedling - Anna Smith", "2026-01-25", ANNA),
    )
    assert {outcome for _, outcome, _, _ in told(found.clients)} == {"blocked", "caution"}
    assert (found.counts.blocked, found.counts.caution) == (1, 0)


def test_the_worst_comes_first() -> None:
    ben = "Ben Jones <ben@x.example>"
    found = audited(
        event("p", "Plasma pen - Ben Jones", "2025-11-05", ben),
        event("n", "Microneedling - Ben Jones", "2025-12-05", ben),
        event("b", "Botox - Anna Smith", "2026-01-05", ANNA),
        event("m", "Microneedling - Anna Smith", "2026-01-12", ANNA),
    )
    assert [(client.name, client.outcome.word) for client in found.clients] == [
        ("Anna Smith", "blocked"),
        ("Ben Jones", "caution"),
    ]
