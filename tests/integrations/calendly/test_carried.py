"""The links Calendly writes into the events of a Google calendar."""

import pytest

from integrations.calendly.translate import carried_in
from tests.contracts.booking_platform import WHEN
from tests.integrations.calendly.account import Account

ID = "38153610-b859-4b5f-b9bc-1f8eab4922fa"
CANCEL, MOVE = f"https://calendly.com/cancellations/{ID}", f"https://calendly.com/reschedulings/{ID}"


@pytest.mark.parametrize(
    "text",
    [
        f"Event Name: Laser\n\nNeed to make changes to this event?\nCancel: {CANCEL}\nReschedule: {MOVE}\n",
        f'Cancel: <a href="{CANCEL}">{CANCEL}</a><br>Reschedule: <a href="{MOVE}?x=1&amp;y=2">{MOVE}</a>',
        f"({CANCEL})",
        f"{MOVE}.",
        "https://calendly.com/cancellations/AAAAAAAAAAAAAAAA".replace("A" * 16, ID),
    ],
)
def test_the_links_under_an_event_carry_the_invitee(text: str) -> None:
    assert carried_in(text) == ID


@pytest.mark.parametrize(
    "text",
    [
        "https://calendly.com/cancellations/",
        "https://calendly.com/cancellations/1234567",
        f"https://calendly.com.example/cancellations/{ID}",
        f"https://notcalendly.com/cancellations/{ID}",
        f"https://calendly.com/clinic/laser?month=2026-03 {ID}",
        f"https://calendly.com/events/{ID}/google_meet",
        f"http://calendly.com/cancellations/{ID}",
        f"xhttps://calendly.com/cancellations/{ID}",
        f"https://calendly.com/cancellations/{ID}{'a' * 40}",
        f"Where did you book? https://calendly.com/cancellations/BBBBBBBBBBBBBBBB\nCancel: {CANCEL}",
    ],
)
def test_anything_else_carries_none(text: str) -> None:
    assert carried_in(text) is None


def test_what_is_carried_is_the_id_of_the_booking(account: Account) -> None:
    booking = account.add(WHEN)
    row = account.invitees[booking]
    assert carried_in(f"Cancel: {row['cancel_url']}\nReschedule: {row['reschedule_url']}") == booking
