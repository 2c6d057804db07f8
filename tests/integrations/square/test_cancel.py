"""Calling off: once, the version that was judged, whatever happens to the answer."""

from typing import Any

import pytest

from integrations.square import SquarePlatform
from scheduler_app.domain.platforms import Act
from scheduler_app.errors import Conflict, Disconnected, Invalid, NotFound, Unavailable, Unsure
from tests.contracts.booking_platform import LATER, MESSAGE, WHEN
from tests.integrations.square.fake_seller import NO_TRANSITION, Square, refusal
from tests.integrations.square.outside import AtSquare
from tests.integrations.vendor_server import Answered

KEY = "k" * 40
PLAIN = [refusal(409, "CONFLICT"), refusal(400, "VERSION_MISMATCH"), refusal(412, "CONFLICT")]


def act(booking: str, version: int | None = 0, key: str = KEY) -> Act:
    return Act(booking, key, version, MESSAGE)


def posted(square: Square) -> list[Any]:
    return [body for _, path, _, body in square.asked if path.endswith("/cancel")]


def test_what_is_sent_is_our_key_and_the_version_judged_and_never_the_message(
    platform: SquarePlatform, outside: AtSquare
) -> None:
    booking = outside.book(WHEN)
    outside.move(booking, LATER)
    platform.cancel(act(booking, 1))
    assert posted(outside.square) == [{"idempotency_key": f"{KEY}-1", "booking_version": 1}]
    assert outside.square.bookings[booking]["status"] == "CANCELLED_BY_SELLER"


def test_decided_about_no_version_it_goes_by_the_one_just_read(
    platform: SquarePlatform, outside: AtSquare
) -> None:
    booking = outside.book(WHEN)
    platform.cancel(act(booking, None))
    assert posted(outside.square) == [{"idempotency_key": f"{KEY}-0", "booking_version": 0}]


@pytest.mark.parametrize("status", ["CANCELLED_BY_CUSTOMER", "CANCELLED_BY_SELLER", "DECLINED"])
def test_what_is_over_is_not_called_off_again(
    platform: SquarePlatform, outside: AtSquare, status: str
) -> None:
    booking = outside.book(WHEN)
    outside.square.change(booking, status=status)
    platform.cancel(act(booking))
    assert posted(outside.square) == []


@pytest.mark.parametrize("change", [{"start_at": "2026-03-27T11:00:00Z"}, {"status": "NO_SHOW"}])
def test_what_was_moved_or_missed_since_it_was_judged_stays(
    platform: SquarePlatform, outside: AtSquare, change: dict[str, str]
) -> None:
    booking = outside.book(WHEN)
    outside.square.change(booking, **change)
    with pytest.raises(Conflict):
        platform.cancel(act(booking))
    assert posted(outside.square) == []


def test_what_was_missed_is_not_called_off_even_at_its_own_version(
    platform: SquarePlatform, outside: AtSquare
) -> None:
    booking = outside.book(WHEN)
    outside.square.change(booking, status="NO_SHOW")
    with pytest.raises(Conflict):
        platform.cancel(act(booking, 1))


def test_what_waits_for_acceptance_is_left_to_people_in_plain_words(
    platform: SquarePlatform, outside: AtSquare
) -> None:
    booking = outside.book(WHEN, pending=True)
    assert platform.fetch(booking)[0].status == "pending"
    for ask in (platform.cancel, platform.confirm, platform.decline):
        with pytest.raises(Invalid) as fault:
            ask(act(booking))
        assert "declin" in str(fault.value)
    assert posted(outside.square) == []
    assert outside.is_waiting(booking)


@pytest.mark.parametrize("stale", PLAIN)
def test_a_client_who_moves_it_in_the_same_moment_wins(
    platform: SquarePlatform, outside: AtSquare, stale: Answered
) -> None:
    booking, square = outside.book(WHEN), outside.square
    square.stale = stale
    square.before_cancel = lambda: square.change(booking, start_at="2026-03-27T11:00:00Z")
    with pytest.raises(Conflict):
        platform.cancel(act(booking))
    assert not outside.is_over(booking)


@pytest.mark.parametrize("stale", PLAIN)
def test_what_was_refused_for_its_version_is_called_off_at_the_next_one(
    platform: SquarePlatform, outside: AtSquare, stale: Answered
) -> None:
    """Nobody wrote down whether a key is spent by a request that was refused."""
    booking, square = outside.book(WHEN), outside.square
    square.stale = stale
    square.before_cancel = lambda: square.change(booking, seller_note="window seat")
    with pytest.raises(Conflict):
        platform.cancel(act(booking))
    square.before_cancel = lambda: None
    platform.cancel(act(booking, 1))
    assert outside.is_over(booking)


@pytest.mark.parametrize("again", [*PLAIN, NO_TRANSITION, refusal(403, "FORBIDDEN")])
def test_a_client_who_calls_it_off_in_the_same_moment_makes_it_success(
    platform: SquarePlatform, outside: AtSquare, again: Answered
) -> None:
    booking, square = outside.book(WHEN), outside.square
    square.stale = square.again = again
    square.before_cancel = lambda: outside.call_off(booking)
    platform.cancel(act(booking))
    assert square.bookings[booking]["status"] == "CANCELLED_BY_CUSTOMER"


def test_a_refusal_without_a_reason_we_know_is_told_by_squares_word_alone(
    platform: SquarePlatform, outside: AtSquare
) -> None:
    booking = outside.book(WHEN)
    outside.square.replies[f"/v2/bookings/{booking}/cancel"] = NO_TRANSITION
    with pytest.raises(Invalid) as fault:
        platform.cancel(act(booking))
    assert "BAD_REQUEST" in str(fault.value)
    assert "Ann" not in str(fault.value)


@pytest.mark.parametrize("words", [b"", b"<html>", b"\xff", b'{"errors": [{"code": "ann lee"}]}'])
def test_a_refusal_in_any_other_form_is_told_too(
    platform: SquarePlatform, outside: AtSquare, words: bytes
) -> None:
    booking = outside.book(WHEN)
    outside.square.replies[f"/v2/bookings/{booking}/cancel"] = (422, words)
    with pytest.raises(Invalid, match="unknown"):
        platform.cancel(act(booking))


def test_a_conflict_about_an_unchanged_booking_is_judged_again(
    platform: SquarePlatform, outside: AtSquare
) -> None:
    booking = outside.book(WHEN)
    outside.square.replies[f"/v2/bookings/{booking}/cancel"] = refusal(409, "CONFLICT")
    with pytest.raises(Conflict):
        platform.cancel(act(booking))


def test_a_plan_that_cannot_call_off_is_told_and_closes_nothing(
    platform: SquarePlatform, outside: AtSquare
) -> None:
    booking = outside.book(WHEN)
    outside.square.plus = False
    with pytest.raises(Invalid, match="Appointments Plus"):
        platform.cancel(act(booking))


def test_a_key_withdrawn_meanwhile_closes_everything(platform: SquarePlatform, outside: AtSquare) -> None:
    booking = outside.book(WHEN)
    outside.square.before_cancel = outside.close_door
    outside.square.plus = False
    with pytest.raises(Disconnected):
        platform.cancel(act(booking))


def test_an_unknown_booking_cannot_be_called_off(platform: SquarePlatform) -> None:
    with pytest.raises(NotFound):
        platform.cancel(act("i2id2g3enyspi9"))


def test_an_id_that_is_a_path_is_never_asked_for(platform: SquarePlatform, square: Square) -> None:
    for id in ("../customers/x", "a/b", "a?b", "", "a b", "ä"):
        with pytest.raises(Invalid):
            platform.cancel(act(id))
        with pytest.raises(Invalid):
            platform.fetch(id)
    assert square.asked == []


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_square_that_cannot_answer_now_is_asked_again(
    platform: SquarePlatform, outside: AtSquare, status: int
) -> None:
    booking = outside.book(WHEN)
    outside.square.faults.append(("/cancel", status, 9))
    with pytest.raises(Unavailable) as fault:
        platform.cancel(act(booking))
    assert fault.value.retry_in in (9, None)
    platform.cancel(act(booking))
    assert outside.is_over(booking)


@pytest.mark.parametrize(("when", "done"), [("before", False), ("after", True)])
def test_a_lost_answer_is_unsure_and_asking_again_does_it_once(
    platform: SquarePlatform, outside: AtSquare, when: str, done: bool
) -> None:
    booking = outside.book(WHEN)
    outside.square.faults.append(("/cancel", when, None))
    with pytest.raises(Unsure):
        platform.cancel(act(booking))
    assert outside.is_over(booking) is done
    platform.cancel(act(booking))
    assert outside.is_over(booking)
    assert outside.square.bookings[booking]["version"] == 1


def test_a_key_that_was_used_before_is_no_success(platform: SquarePlatform, outside: AtSquare) -> None:
    one, other = outside.book(WHEN), outside.book(LATER)
    platform.cancel(act(one))
    with pytest.raises(Invalid, match="IDEMPOTENCY_KEY_REUSED"):
        platform.cancel(act(other))
    assert not outside.is_over(other)
