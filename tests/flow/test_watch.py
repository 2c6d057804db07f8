"""Channels: asked for, renewed, refused, stopped, and what remains after kill -9 at any line of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler_app.errors import Conflict, Disconnected, Invalid, Unavailable
from scheduler_app.flow.flow import WATCH
from scheduler_app.flow.hearing import hearing
from scheduler_app.flow.polling import trusted
from scheduler_app.flow.sweep import begin
from scheduler_app.flow.watch import keep_watched
from tests.flow.calendars import failing
from tests.flow.clinic_at_work import DESK, NOW, ClinicAtWork
from tests.flow.conftest import Opened
from tests.flow.fragile import FragileStore, Fuse, Killed
from tests.flow.watched import FragileWatched, WatchedCalendar, channels, hear, known_by, watched

ADDRESS = "https://care.clinic.example/hooks/google"
HALF_A_WEEK = timedelta(days=3.5)


def kept_elsewhere(clinic: ClinicAtWork) -> ClinicAtWork:
    """Its calendar is kept by a program that can tell us of changes."""
    gateway = WatchedCalendar(clinic.calendar, clinic.clock)
    clinic.flow = replace(clinic.flow, gateways={DESK: gateway}, push_address=ADDRESS)
    return clinic


@pytest.fixture
def clinic(open_clinic: Callable[..., ClinicAtWork]) -> ClinicAtWork:
    return kept_elsewhere(open_clinic())


def live(clinic: ClinicAtWork) -> list[str]:
    """Ids of the channels that may bring notices, by our own books."""
    return [channel.id for channel in channels(clinic) if channel.live(clinic.clock.now)]


def pass_days(clinic: ClinicAtWork, days: float, *, heard: bool = True, step: float = 1.0) -> None:
    """Hour by hour, the house at work; every channel speaks as soon as it is there."""
    for _ in range(int(days * 24 / step)):
        clinic.clock.pass_by(hours=step)
        clinic.settle()
        for channel in channels(clinic) if heard else []:
            if channel.live(clinic.clock.now) and channel.heard_at is None:
                hear(clinic, channel)
        clinic.clock.pass_by(minutes=2)
        clinic.settle()
        clinic.clock.pass_by(minutes=-2)


def test_a_calendar_is_watched_from_the_start_and_the_answer_is_kept(clinic: ClinicAtWork) -> None:
    begin(clinic.flow)
    clinic.settle()

    (channel,) = channels(clinic)
    ((id, promised),) = watched(clinic).promised.items()
    assert (channel.id, channel.resource, channel.expires_at) == (id, promised.resource, promised.expires_at)
    assert promised.address == ADDRESS
    assert known_by(promised.token, channel)


def test_it_is_written_down_before_it_is_asked_for_because_a_notice_may_come_before_the_answer(
    clinic: ClinicAtWork,
) -> None:
    watched(clinic).before["watch"] = lambda: hear(clinic)
    keep_watched(clinic.flow, DESK)

    (channel,) = channels(clinic)
    assert channel.heard_at == clinic.clock.now  # and the answer did not wipe that out
    assert channel.live(clinic.clock.now)
    assert trusted([channel], clinic.clock.now)


def test_only_the_hash_of_the_token_is_kept(clinic: ClinicAtWork) -> None:
    keep_watched(clinic.flow, DESK)
    (promised,) = watched(clinic).promised.values()
    clinic.close()
    assert promised.token.encode() not in clinic.file.read_bytes()


def test_every_channel_has_an_id_and_a_token_of_its_own(clinic: ClinicAtWork) -> None:
    begin(clinic.flow)
    pass_days(clinic, 8, step=6)
    promised = watched(clinic).promised
    assert len(promised) >= 3
    assert len({each.token for each in promised.values()}) == len(promised)


def test_it_is_renewed_at_half_its_life_and_the_old_one_ends_once_the_new_one_spoke(
    clinic: ClinicAtWork,
) -> None:
    begin(clinic.flow)
    clinic.settle()
    hear(clinic)
    (first,) = live(clinic)
    clinic.clock.pass_by(days=3.4)
    clinic.settle()
    assert live(clinic) == [first]

    clinic.clock.pass_by(days=0.2)
    clinic.settle()
    old, new = live(clinic)  # an overlap: nothing is missed meanwhile
    assert old == first
    clinic.clock.pass_by(minutes=2)
    clinic.settle()
    assert live(clinic) == [old, new]  # the new one never spoke yet

    hear(clinic)
    clinic.clock.pass_by(minutes=2)
    clinic.settle()
    assert live(clinic) == [new]
    assert set(watched(clinic).live) == {new}


def test_there_is_always_a_channel_that_spoke_and_never_more_than_two(clinic: ClinicAtWork) -> None:
    begin(clinic.flow)
    clinic.settle()
    hear(clinic)
    for _ in range(24):
        pass_days(clinic, 1, step=6)
        assert trusted(channels(clinic), clinic.clock.now)
        assert 1 <= len(watched(clinic).live) <= 2
    assert len(watched(clinic).promised) <= 8
    assert len(channels(clinic)) <= 5  # those that ended are forgotten in time


def test_the_expiry_that_counts_is_the_one_the_program_answered_with(clinic: ClinicAtWork) -> None:
    watched(clinic).life = timedelta(hours=2)
    begin(clinic.flow)
    clinic.settle()
    hear(clinic)
    clinic.clock.pass_by(minutes=61)
    clinic.settle()
    assert len(channels(clinic)) == 2


def test_a_program_that_refuses_is_polled_shown_so_and_asked_again_after_hours(clinic: ClinicAtWork) -> None:
    watched(clinic).before["watch"] = failing(Invalid("push-address", "the address is not authorised"))
    begin(clinic.flow)
    pass_days(clinic, 1)
    (heard,) = hearing(clinic.flow)
    assert (heard.how, heard.trouble, heard.fault) == ("polling", "push-refused", "")
    assert 4 <= watched(clinic).calls.count("watch") <= 5
    with clinic.store.reading() as tx:
        assert tx.work.parked() == []

    del watched(clinic).before["watch"]
    pass_days(clinic, 0.5)
    (heard,) = hearing(clinic.flow)
    assert (heard.how, heard.trouble) == ("push", "")


def test_a_refused_renewal_leaves_the_old_channel_alone(clinic: ClinicAtWork) -> None:
    begin(clinic.flow)
    clinic.settle()
    hear(clinic)
    watched(clinic).before["watch"] = failing(Invalid("push-address", "no"))
    pass_days(clinic, 5, step=4)
    assert hearing(clinic.flow)[0].how == "push"
    pass_days(clinic, 3, step=4)
    assert hearing(clinic.flow)[0].how == "polling"  # it expired, and nobody took its place


def test_a_program_that_does_not_answer_is_asked_again(clinic: ClinicAtWork) -> None:
    watched(clinic).before["watch"] = failing(Unavailable("503", retry_in=5.0))
    with clinic.store.transaction() as tx:
        tx.work.touch(WATCH, DESK)
    clinic.settle()
    assert live(clinic) == []
    del watched(clinic).before["watch"]
    clinic.clock.pass_by(seconds=6)
    clinic.settle()
    assert len(live(clinic)) == 1


def test_a_channel_that_never_speaks_is_replaced_after_hours(clinic: ClinicAtWork) -> None:
    begin(clinic.flow)
    pass_days(clinic, 1, heard=False)
    assert 4 <= len(watched(clinic).promised) <= 5
    assert len(watched(clinic).live) == 1


def test_a_channel_that_cannot_be_stopped_is_left_to_expire(clinic: ClinicAtWork) -> None:
    begin(clinic.flow)
    clinic.settle()
    hear(clinic)
    watched(clinic).before["stop"] = failing(Disconnected("access-withdrawn", "made by another sign-in"))
    pass_days(clinic, 4)
    assert len(live(clinic)) == 1
    assert len(watched(clinic).live) == 2


def test_a_stop_that_failed_for_a_moment_is_tried_again(clinic: ClinicAtWork) -> None:
    begin(clinic.flow)
    clinic.settle()
    hear(clinic)
    watched(clinic).before["stop"] = failing(Conflict("busy"))
    pass_days(clinic, 3.7)
    assert len(live(clinic)) == 2
    del watched(clinic).before["stop"]
    pass_days(clinic, 0.3)
    assert len(live(clinic)) == len(watched(clinic).live) == 1


def test_when_nobody_can_reach_us_any_more_what_was_promised_is_stopped(clinic: ClinicAtWork) -> None:
    begin(clinic.flow)
    clinic.settle()
    clinic.flow = replace(clinic.flow, push_address="")
    begin(clinic.flow)
    clinic.settle()
    assert live(clinic) == []
    assert not watched(clinic).live
    assert hearing(clinic.flow)[0].how == "polling"


def test_a_clinic_nobody_can_reach_asks_for_nothing(clinic: ClinicAtWork) -> None:
    clinic.flow = replace(clinic.flow, push_address="")
    begin(clinic.flow)
    pass_days(clinic, 1)
    assert "watch" not in watched(clinic).calls
    assert channels(clinic) == []


def test_a_calendar_of_our_own_is_not_watched(open_clinic: Callable[..., ClinicAtWork]) -> None:
    ours = open_clinic()
    ours.flow = replace(ours.flow, push_address=ADDRESS)
    begin(ours.flow)
    ours.settle()
    assert keep_watched(ours.flow, DESK) is None
    assert channels(ours) == []
    assert hearing(ours.flow)[0].how == "embedded"


def renew_until_killed(clinic: ClinicAtWork, kill_at: int) -> bool:
    """One renewal with everything in it, through rows of work; whether it was killed."""
    fuse = Fuse(kill_at)
    whole, held = clinic.flow, clinic.store
    store = FragileStore(held, fuse)
    clinic.flow = replace(whole, store=store, gateways={DESK: FragileWatched(watched(clinic), fuse)})
    try:
        for _ in range(2):
            keep_watched(clinic.flow, DESK)
            hear(clinic)
            clinic.clock.pass_by(minutes=2)
    except Killed:
        return True
    finally:
        clinic.flow, clinic.store = whole, held
    return False


def test_killed_at_any_line_of_a_renewal_it_ends_with_one_channel_that_speaks(opened: Opened) -> None:
    kill_at, killed = 0, True
    while killed:
        kill_at += 1
        with opened() as each:
            clinic = kept_elsewhere(each)
            keep_watched(clinic.flow, DESK)
            hear(clinic)
            (first,) = live(clinic)
            clinic.clock.now = NOW + HALF_A_WEEK
            killed = renew_until_killed(clinic, kill_at)
            clinic.clock.pass_by(minutes=2)
            begin(clinic.flow)
            pass_days(clinic, 0.25)

            (left,) = live(clinic)
            assert left != first, f"killed at point {kill_at}"
            assert trusted(channels(clinic), clinic.clock.now)
            assert watched(clinic).promised[first].stopped
            known = {channel.id: channel for channel in channels(clinic)}
            for id, promised in watched(clinic).live.items():
                assert known_by(promised.token, known[id])  # whatever speaks is known
            assert len(watched(clinic).live) <= 2, "one answer may be lost, and lives until it expires"
    assert kill_at > 10, kill_at
