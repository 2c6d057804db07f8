"""Approving, turning down and calling off, and the token that opens the API."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from integrations.simplybook import SimplybookPlatform
from scheduler_app.domain.platforms import Act
from scheduler_app.errors import Conflict, Disconnected, Invalid, NotFound, Unavailable, Unsure
from tests.contracts.booking_platform import LATER, MESSAGE, WHEN
from tests.integrations.simplybook.fake_server import Simplybook, refusal
from tests.integrations.simplybook.outside import AtSimplybook


def act(booking: str, message: str = MESSAGE) -> Act:
    return Act(booking, "k" * 40, None, message)


def changes(simplybook: Simplybook) -> list[tuple[str, str]]:
    return [asked for asked in simplybook.asked if asked[0] in ("PUT", "DELETE")]


def test_our_message_is_added_to_the_comment_once(
    platform: SimplybookPlatform, outside: AtSimplybook
) -> None:
    booking = outside.book(WHEN)
    outside.simplybook.rows[booking]["comment"] = "bring the form"
    outside.simplybook.faults.append(("DELETE", "before", None))
    with pytest.raises(Unsure):
        platform.cancel(act(booking))
    platform.cancel(act(booking))
    assert outside.simplybook.rows[booking]["comment"] == f"bring the form\n{MESSAGE}"
    assert outside.is_over(booking)


def test_a_comment_that_is_refused_lets_no_booking_stand(
    platform: SimplybookPlatform, outside: AtSimplybook
) -> None:
    booking = outside.book(WHEN)
    outside.simplybook.replies[f"/admin/bookings/{booking}/comment"] = refusal(400, "Too long")
    platform.cancel(act(booking))
    assert outside.is_over(booking)


def test_a_cancellation_whose_answer_was_lost_is_not_done_twice(
    platform: SimplybookPlatform, outside: AtSimplybook, simplybook: Simplybook
) -> None:
    booking = outside.book(WHEN)
    simplybook.faults.append(("DELETE", "after", None))
    with pytest.raises(Unsure):
        platform.cancel(act(booking))
    assert outside.is_over(booking)
    before = len(changes(simplybook))
    platform.cancel(act(booking))
    assert len(changes(simplybook)) == before


@pytest.mark.parametrize("status", [400, 404, 409])
def test_a_refused_cancellation_of_what_stands_is_told(
    platform: SimplybookPlatform, outside: AtSimplybook, status: int
) -> None:
    booking = outside.book(WHEN)
    outside.simplybook.faults.append(("DELETE", status, None))
    with pytest.raises((Conflict, NotFound, Invalid)):
        platform.cancel(act(booking))
    assert not outside.is_over(booking)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_cancellation_that_cannot_be_done_now_is_tried_again(
    platform: SimplybookPlatform, outside: AtSimplybook, status: int
) -> None:
    booking = outside.book(WHEN)
    outside.simplybook.faults.append(("DELETE", status, 9))
    with pytest.raises(Unavailable) as fault:
        platform.cancel(act(booking))
    assert fault.value.retry_in == 9
    platform.cancel(act(booking))
    assert outside.is_over(booking)


def test_a_booking_that_was_confirmed_meanwhile_is_not_turned_down(
    platform: SimplybookPlatform, outside: AtSimplybook
) -> None:
    booking = outside.book(WHEN)
    with pytest.raises(Conflict):
        platform.decline(act(booking))
    assert not outside.is_over(booking)


def test_an_approval_somebody_was_faster_with_is_success(
    platform: SimplybookPlatform, outside: AtSimplybook, simplybook: Simplybook
) -> None:
    booking = outside.book(WHEN, pending=True)
    simplybook.faults.append(("PUT", "after", None))
    with pytest.raises(Unsure):
        platform.confirm(act(booking))
    platform.confirm(act(booking))
    assert not outside.is_waiting(booking)


def test_one_of_several_booked_together_is_not_approved_by_us(
    platform: SimplybookPlatform, outside: AtSimplybook
) -> None:
    booking = outside.book(WHEN, pending=True)
    outside.simplybook.rows[booking]["batch_id"] = 4
    with pytest.raises(Invalid) as fault:
        platform.confirm(act(booking))
    assert fault.value.code == "platform-cannot"
    assert outside.is_waiting(booking)


def test_what_is_no_number_is_never_asked_for(platform: SimplybookPlatform, simplybook: Simplybook) -> None:
    for wrong in ("../webhooks", "1/approve", "", "٧", "9" * 19):
        with pytest.raises(NotFound):
            platform.fetch(wrong)
        with pytest.raises(NotFound):
            platform.cancel(act(wrong))
    assert changes(simplybook) == []


# the token


@pytest.mark.parametrize("status", [401, 403, 419])
def test_a_spent_token_is_renewed_once(
    platform: SimplybookPlatform, outside: AtSimplybook, simplybook: Simplybook, status: int
) -> None:
    booking = outside.book(WHEN)
    platform.fetch(booking)
    simplybook.tokens.clear()
    simplybook.spent = refusal(status, "Access denied")
    platform.cancel(act(booking))
    assert (simplybook.given, outside.is_over(booking)) == (2, True)


def test_a_page_that_stays_shut_is_not_knocked_at_for_ever(
    platform: SimplybookPlatform, outside: AtSimplybook, simplybook: Simplybook
) -> None:
    booking = outside.book(WHEN)
    simplybook.replies[f"/admin/bookings/{booking}"] = refusal(403, "Access denied")
    with pytest.raises(Disconnected):
        platform.fetch(booking)
    assert simplybook.given == 2


def test_threads_that_find_the_token_spent_renew_it_once(
    platform: SimplybookPlatform, outside: AtSimplybook, simplybook: Simplybook
) -> None:
    bookings = [outside.book(WHEN), outside.book(LATER)] * 8
    platform.fetch(bookings[0])
    simplybook.tokens.clear()
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(platform.fetch, bookings))
    assert [reports[0].source_id for reports in found] == bookings
    assert simplybook.given == 2


@pytest.mark.parametrize("auth", [{"require2fa": True}, {"token": ""}, {"token": None}, {"token": "a\nb"}])
def test_a_user_who_gets_no_token_is_told_apart(
    platform: SimplybookPlatform, outside: AtSimplybook, simplybook: Simplybook, auth: dict[str, Any]
) -> None:
    booking = outside.book(WHEN)
    simplybook.auth = auth
    with pytest.raises(Disconnected) as fault:
        platform.fetch(booking)
    assert ("second factor" in str(fault.value)) is ("require2fa" in auth)


@pytest.mark.parametrize("status", [200, 400, 403, 422])
@pytest.mark.parametrize("nested", [False, True])
def test_the_hipaa_feature_is_named(
    platform: SimplybookPlatform, outside: AtSimplybook, simplybook: Simplybook, status: int, nested: bool
) -> None:
    booking = outside.book(WHEN)
    said = {"code": -33005, "message": "HIPAA"}
    simplybook.replies[f"/admin/bookings/{booking}"] = (status, {"error": said} if nested else said)
    with pytest.raises(Disconnected) as fault:
        platform.fetch(booking)
    assert fault.value.code == "program-switched-off"
    assert "HIPAA feature" in str(fault.value)
    assert simplybook.given == 1
