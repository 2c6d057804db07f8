"""What a client's feed holds: every row of the design's table, and every reason to leave one out."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from scheduler_app.domain.care import entries
from scheduler_app.domain.clinic import PLAIN
from scheduler_app.domain.entries import instant
from scheduler_app.domain.verdict import Verdict
from tests.domain.care_cases import (
    BLOCKED,
    CAUTION,
    CLEAR,
    COMPACT_TERMS,
    FULL_TERMS,
    HOUR,
    LINES,
    NOW,
    OVERRIDDEN,
    REVIEW,
    TODAY,
    ZERO,
    feed_of,
    line,
    madrid,
    visit,
)

START = madrid(2026, 7, 10, 17, 0)
VISIT = visit("v1", START)


def test_a_full_feed_holds_every_row_of_the_table_at_its_hours() -> None:
    feed = feed_of(VISIT)
    start, end = datetime(2026, 7, 10, 15, tzinfo=UTC), datetime(2026, 7, 10, 16, tzinfo=UTC)
    assert {kind.removesuffix(".v1"): (entry.start, entry.end) for kind, entry in feed.items()} == {
        "appointment": (start, end),
        "retinoids-before": (start - 24 * HOUR, start),
        "avoid-sun-before": (start - 24 * HOUR, start),
        "no-face-washing": (end, end + 5 * HOUR),
        "better-no-face-washing": (end + 5 * HOUR, end + 12 * HOUR),
        "what-to-expect": (end, end + 5 * HOUR),
        "no-makeup": (end, end + 48 * HOUR),
        "no-direct-sun": (end, end + 48 * HOUR),
        "hyaluronic-serum": (end, end + 72 * HOUR),
        "first-week-care": (date(2026, 7, 10), date(2026, 7, 17)),
    }


def test_a_compact_feed_holds_one_entry_a_group_from_its_first_start_to_its_last_end() -> None:
    feed = feed_of(VISIT, terms=COMPACT_TERMS)
    groups = ("appointment", "before", "first-hours", "two-days", "serum", "first-week")
    assert set(feed) == {f"{group}.v1" for group in groups}
    first_hours = feed["first-hours.v1"]
    end = datetime(2026, 7, 10, 16, tzinfo=UTC)
    assert (first_hours.start, first_hours.end) == (end, end + 12 * HOUR)


def test_a_compact_entrys_text_is_in_order_of_time_and_says_from_when_later_parts_count() -> None:
    entry = feed_of(VISIT, terms=COMPACT_TERMS)["first-hours.v1"]
    assert entry.title == "no-face-washing · what-to-expect · better-no-face-washing"
    assert entry.text.split("\n\n") == [
        "no-face-washing until 23:00",
        "what-to-expect until 23:00",
        "23:00 – 2026-07-11 06:00: better-no-face-washing until 06:00",
    ]


def test_uids_are_made_of_the_code_the_opaque_ref_and_the_host_and_entries_name_their_appointment() -> None:
    feed = feed_of(VISIT)
    assert feed["no-makeup.v1"].uid == "no-makeup.v1@feeds.example"
    assert feed["no-makeup.v1"].related == feed["appointment.v1"].uid == "appointment.v1@feeds.example"
    assert feed["appointment.v1"].related is None


@pytest.mark.parametrize(
    ("start", "washing_until"),
    [
        (madrid(2026, 3, 28, 21, 30), madrid(2026, 3, 29, 4, 30)),  # the night has 23 hours
        (madrid(2026, 10, 24, 21, 30), madrid(2026, 10, 25, 2, 30)),  # and here 25
    ],
)
def test_hours_are_elapsed_time_across_both_clock_changes(start: datetime, washing_until: datetime) -> None:
    feed = feed_of(visit("v1", start), now=start - timedelta(days=9))
    entry = feed["no-face-washing.v1"]
    assert instant(entry.end) - instant(entry.start) == 5 * HOUR
    assert instant(entry.end).astimezone(start.tzinfo).replace(tzinfo=None) == washing_until.replace(
        tzinfo=None
    )
    assert entry.text.endswith(f"{washing_until:%H:%M}")
    week = feed["first-week-care.v1"]
    assert (week.start, week.end) == (start.date(), start.date() + timedelta(days=7))


@pytest.mark.parametrize(
    ("zone", "day"), [("Pacific/Kiritimati", date(2026, 7, 11)), ("Pacific/Pago_Pago", date(2026, 7, 10))]
)
def test_days_are_local_to_the_visits_own_zone(zone: str, day: date) -> None:
    start = datetime(2026, 7, 10, 15, tzinfo=UTC)
    assert feed_of(visit("v1", start, zone=zone))["first-week-care.v1"].start == day


def test_only_the_appointment_shows_the_client_as_busy() -> None:
    assert [kind for kind, entry in feed_of(VISIT).items() if entry.busy] == ["appointment.v1"]


def test_a_blocked_visit_ahead_has_only_its_appointment_marked_as_not_confirmed() -> None:
    feed = feed_of(VISIT, verdicts={"v1": BLOCKED})
    assert list(feed) == ["appointment.v1"]
    entry = feed["appointment.v1"]
    assert entry.tentative
    assert (entry.title, entry.text) == ("Not confirmed: appointment", "Not confirmed. Call us.")


def test_a_visit_nobody_has_judged_yet_is_not_confirmed_either() -> None:
    feed = feed_of(VISIT, verdicts={})
    assert list(feed) == ["appointment.v1"]
    assert feed["appointment.v1"].tentative


@pytest.mark.parametrize("verdict", [CLEAR, CAUTION, REVIEW, OVERRIDDEN])
def test_what_is_not_blocked_or_was_overridden_yields_everything(verdict: Verdict) -> None:
    feed = feed_of(VISIT, verdicts={"v1": verdict})
    assert len(feed) == 10
    assert not feed["appointment.v1"].tentative


@pytest.mark.parametrize("status", ["arrived", "fulfilled"])
def test_a_blocked_visit_that_took_place_yields_everything(status: str) -> None:
    assert len(feed_of(replace(VISIT, status=status), verdicts={"v1": BLOCKED})) == 10


def test_a_blocked_visit_that_is_past_yields_everything() -> None:
    assert len(feed_of(VISIT, verdicts={"v1": BLOCKED}, now=START + timedelta(days=1))) == 10


@pytest.mark.parametrize("status", ["cancelled", "noshow", "entered-in-error"])
def test_a_visit_called_off_yields_nothing(status: str) -> None:
    assert feed_of(replace(VISIT, status=status)) == {}


@pytest.mark.parametrize("status", ["proposed", "pending"])
def test_a_visit_only_asked_for_is_marked_as_not_confirmed(status: str) -> None:
    entry = feed_of(replace(VISIT, status=status))["appointment.v1"]
    assert entry.tentative
    assert entry.text == "Not confirmed."


def test_past_entries_stay_sixty_days() -> None:
    other = visit("v2", madrid(2026, 12, 1, 10, 0))
    makeup_ends = START + timedelta(hours=49)
    before = feed_of(VISIT, other, now=makeup_ends + timedelta(days=60, seconds=-1))
    after = feed_of(VISIT, other, now=makeup_ends + timedelta(days=60))
    assert "no-makeup.v1" in before
    assert "no-makeup.v1" not in after
    assert "hyaluronic-serum.v1" in after


def test_a_client_whose_entries_are_all_long_over_still_has_the_last_one() -> None:
    older = visit("v0", START - timedelta(days=300))
    feed = feed_of(older, VISIT, now=START + timedelta(days=500))
    assert list(feed) == ["first-week-care.v1"]


def test_entries_begin_to_show_eighteen_months_ahead_by_the_calendar() -> None:
    far, too_far = visit("far", madrid(2028, 1, 1, 10, 0)), visit("more", madrid(2028, 1, 3, 10, 0))
    feed = feed_of(VISIT, far, too_far)
    assert "appointment.far" in feed
    assert "appointment.more" not in feed


def test_an_entry_moved_beyond_the_horizon_stays_because_it_was_not_called_off() -> None:
    far = visit("far", madrid(2028, 6, 1, 10, 0))
    uid = "appointment.far@feeds.example"
    made = entries([VISIT, far], {"v1": CLEAR, "far": CLEAR}, FULL_TERMS, NOW, TODAY, published={uid})
    assert uid in {entry.uid for entry in made}


def test_while_invitations_are_on_the_appointment_is_left_out() -> None:
    feed = feed_of(VISIT, terms=replace(FULL_TERMS, invitations=True))
    assert "appointment.v1" not in feed
    assert len(feed) == 9


def test_discreet_titles_and_texts_never_name_the_treatment_and_plain_ones_do() -> None:
    words = [entry.title + entry.text for entry in feed_of(VISIT).values()]
    assert not any("microneedling" in said.lower() for said in words)
    plain = feed_of(VISIT, terms=replace(FULL_TERMS, privacy=PLAIN))
    assert plain["no-makeup.v1"].title == "no-makeup for microneedling"


def test_blanks_are_filled_with_local_dates_and_times() -> None:
    spelled = replace(
        LINES[6],
        discreet_title="{date} {time}, {from_date} {from_time} to {until_date} {until_time}",
        discreet_text="{clinic}, {location}, {phone}",
    )
    entry = feed_of(VISIT, terms=replace(FULL_TERMS, lines=(spelled,)))["no-makeup.v1"]
    assert entry.title == "2026-07-10 17:00, 2026-07-10 18:00 to 2026-07-12 18:00"
    assert entry.text == "Clínica Sol, Calle Mayor, +34 600 000 000"


def test_an_all_day_line_is_said_to_last_until_its_last_day() -> None:
    spelled = replace(LINES[9], discreet_title="from {from_date} until {until_date}")
    entry = feed_of(VISIT, terms=replace(FULL_TERMS, lines=(spelled,)))["first-week-care.v1"]
    assert entry.title == "from 2026-07-10 until 2026-07-16"


def test_texts_nobody_signed_are_not_published_and_a_bare_appointment_remains() -> None:
    unsigned = replace(FULL_TERMS, lines=tuple(replace(each, approved_by=None) for each in LINES))
    feed = feed_of(VISIT, terms=unsigned)
    assert list(feed) == ["appointment.v1"]
    assert (feed["appointment.v1"].title, feed["appointment.v1"].text) == ("Appointment", "")


def test_the_demo_shows_unsigned_texts_under_a_banner() -> None:
    lines = tuple(replace(each, approved_by=None) if each.code == "no-makeup" else each for each in LINES)
    feed = feed_of(VISIT, terms=replace(COMPACT_TERMS, lines=lines, publish_unapproved=True))
    assert feed["two-days.v1"].text.startswith("DEMO\n\n")
    assert not feed["serum.v1"].text.startswith("DEMO")


def test_treatments_without_care_lines_have_just_the_appointment() -> None:
    assert list(feed_of(visit("v1", START, treatments=["consultation"]))) == ["appointment.v1"]


def test_a_line_that_two_treatments_bring_along_is_there_once_at_its_longest() -> None:
    longer = line("no-makeup", "two-days", "end", ZERO, 60 * HOUR, treatment="plasma_pen")
    both = visit("v1", START, treatments=["microneedling", "plasma_pen"])
    feed = feed_of(both, terms=replace(FULL_TERMS, lines=(*LINES, longer)))
    assert instant(feed["no-makeup.v1"].end) - instant(feed["no-makeup.v1"].start) == 60 * HOUR


def test_a_visit_without_length_still_has_a_place_in_the_calendar() -> None:
    entry = feed_of(visit("v1", START, minutes=0))["appointment.v1"]
    assert instant(entry.end) > instant(entry.start)


def test_an_alarm_is_that_of_what_begins_with_the_entry_and_never_lies_after_its_start() -> None:
    first = line("a", "g", "end", ZERO, HOUR, alarm=30)
    sooner = line("b", "g", "end", ZERO, HOUR, alarm=90)
    later = line("c", "g", "end", HOUR, 2 * HOUR, alarm=600)
    nothing = line("d", "h", "end", ZERO, HOUR, alarm=-5)
    feed = feed_of(VISIT, terms=replace(COMPACT_TERMS, lines=(first, sooner, later, nothing)))
    assert feed["g.v1"].alarm == 90
    assert feed["h.v1"].alarm is None
