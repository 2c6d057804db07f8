"""Calling off: the one client's event, once, with the message, whatever happens to the answer."""

import pytest

from integrations.calendly import CalendlyPlatform
from scheduler_app.domain.platforms import Act
from scheduler_app.errors import Conflict, Disconnected, Invalid, NotFound, Unavailable, Unsure
from tests.contracts.booking_platform import LATER, MESSAGE, WHEN
from tests.integrations.calendly.account import CANCELED, INVALID, NOT_FOUND, Account, refusal
from tests.integrations.calendly.outside import AtCalendly
from tests.integrations.vendor_server import Answered


def act(booking: str, message: str = MESSAGE) -> Act:
    return Act(booking, "k" * 40, None, message)


def posts(account: Account) -> list[str]:
    return [path for method, path, _ in account.asked if method == "POST"]


def test_the_client_reads_the_reason(platform: CalendlyPlatform, outside: AtCalendly) -> None:
    booking = outside.book(WHEN)
    platform.cancel(act(booking))
    assert outside.told(booking) == MESSAGE
    assert posts(outside.account) == [f"/scheduled_events/{outside.account.event_of(booking)}/cancellation"]


def test_without_a_message_it_is_called_off_all_the_same(
    platform: CalendlyPlatform, outside: AtCalendly
) -> None:
    booking = outside.book(WHEN)
    platform.cancel(act(booking, ""))
    assert (outside.is_over(booking), outside.told(booking)) == (True, "")


def test_a_message_longer_than_calendly_takes_is_cut(platform: CalendlyPlatform, outside: AtCalendly) -> None:
    booking = outside.book(WHEN)
    platform.cancel(act(booking, "x" * 10_001))
    assert len(outside.told(booking)) == 10_000


@pytest.mark.parametrize("over", ["called off", "missed", "moved"])
def test_what_is_over_is_not_called_off_again(
    platform: CalendlyPlatform, outside: AtCalendly, over: str
) -> None:
    booking = outside.book(WHEN)
    if over == "missed":
        outside.account.invitees[booking]["no_show"] = {"uri": "x"}
    elif over == "moved":
        after = outside.move(booking, LATER)
    else:
        outside.call_off(booking)
    platform.cancel(act(booking))
    assert posts(outside.account) == []
    assert over != "moved" or not outside.is_over(after)


def test_a_group_is_never_called_off_for_one_of_them(platform: CalendlyPlatform, outside: AtCalendly) -> None:
    booking = outside.account.add(WHEN, limit=8)
    other = outside.account.join(outside.account.event_of(booking))
    with pytest.raises(Invalid) as fault:
        platform.cancel(act(booking))
    assert fault.value.code == "several-clients"
    assert posts(outside.account) == []
    outside.call_off(other)
    platform.cancel(act(booking))
    assert outside.is_over(booking)


@pytest.mark.parametrize(
    "counter", [None, {}, {"active": None}, {"active": 2}, {"active": -1}, {"active": "1"}]
)
def test_where_nobody_says_how_many_come_nothing_is_called_off(
    platform: CalendlyPlatform, outside: AtCalendly, counter: object
) -> None:
    booking = outside.book(WHEN)
    outside.account.events[outside.account.event_of(booking)]["invitees_counter"] = counter
    with pytest.raises(Invalid):
        platform.cancel(act(booking))
    assert posts(outside.account) == []


@pytest.mark.parametrize("again", [CANCELED, INVALID, NOT_FOUND, refusal(409, "x", "x")])
def test_somebody_who_was_faster_makes_it_success(
    platform: CalendlyPlatform, outside: AtCalendly, monkeypatch: pytest.MonkeyPatch, again: Answered
) -> None:
    booking, account = outside.book(WHEN), outside.account
    answer = account.answer

    def faster(method: str, *asked: object) -> Answered:
        if method == "POST":
            account.call_off(booking)
            return again
        return answer(method, *asked)  # type: ignore[arg-type]

    monkeypatch.setattr(account, "answer", faster)
    platform.cancel(act(booking))
    assert outside.is_over(booking)


@pytest.mark.parametrize(
    ("status", "fault"), [(400, Invalid), (404, NotFound), (409, Conflict), (401, Invalid), (403, Invalid)]
)
def test_a_refusal_while_it_still_stands_is_raised(
    platform: CalendlyPlatform, outside: AtCalendly, status: int, fault: type[Exception]
) -> None:
    booking = outside.book(WHEN)
    outside.calendly.faults.append(("POST", status, None))
    with pytest.raises(fault):
        platform.cancel(act(booking))
    assert not outside.is_over(booking)


def test_a_key_that_may_read_and_not_cancel_is_told_what_it_needs(
    platform: CalendlyPlatform, outside: AtCalendly
) -> None:
    booking = outside.book(WHEN)
    outside.account.may_cancel = False
    with pytest.raises(Invalid, match="scheduled_events:write"):
        platform.cancel(act(booking))


def test_a_key_that_opens_nothing_any_more_closes_the_platform(
    platform: CalendlyPlatform, outside: AtCalendly, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking = outside.book(WHEN)
    answer = outside.account.answer

    def withdrawn(method: str, *asked: object) -> Answered:
        if method == "POST":
            outside.calendly.open = False
            return refusal(401, "Unauthenticated", "x")
        return answer(method, *asked)  # type: ignore[arg-type]

    monkeypatch.setattr(outside.account, "answer", withdrawn)
    with pytest.raises(Disconnected):
        platform.cancel(act(booking))


def test_a_reason_that_is_refused_calls_nothing_off_behind_the_clients_back(
    platform: CalendlyPlatform, outside: AtCalendly
) -> None:
    booking = outside.book(WHEN)
    outside.account.reason_taken = False
    with pytest.raises(Invalid):
        platform.cancel(act(booking))
    assert not outside.is_over(booking)


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_when_calendly_cannot_it_is_asked_again(
    platform: CalendlyPlatform, outside: AtCalendly, status: int
) -> None:
    booking = outside.book(WHEN)
    outside.calendly.faults.append(("POST", status, 9))
    with pytest.raises(Unavailable) as fault:
        platform.cancel(act(booking))
    assert fault.value.retry_in == 9
    platform.cancel(act(booking))
    assert outside.is_over(booking)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_answer_that_was_lost_leads_to_one_cancelling(
    platform: CalendlyPlatform, outside: AtCalendly, moment: str
) -> None:
    booking = outside.book(WHEN)
    outside.calendly.faults.append(("POST", moment, None))
    with pytest.raises(Unsure):
        platform.cancel(act(booking))
    assert outside.is_over(booking) is (moment == "after")
    platform.cancel(act(booking))
    assert outside.is_over(booking)
    assert len(posts(outside.account)) == 1


def test_a_booking_nobody_knows_is_not_found(platform: CalendlyPlatform, outside: AtCalendly) -> None:
    for booking in ("aa3f7446-d8b6-422c-8414-999999999999", "../me"):
        with pytest.raises(NotFound):
            platform.cancel(act(booking))
    assert posts(outside.account) == []


def test_bookings_never_wait_and_are_neither_confirmed_nor_declined(
    platform: CalendlyPlatform, outside: AtCalendly
) -> None:
    booking = outside.book(WHEN)
    for attempt in (platform.confirm, platform.decline):
        with pytest.raises(Invalid):
            attempt(act(booking))
    assert outside.account.asked == []
