"""What a calendar's event names: links to one booking, and nothing else."""

import pytest

from integrations.square.translate import carried_in


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("Manage: https://squareup.com/appointments/reservations/i2id2g3enyspi7", "i2id2g3enyspi7"),
        ("https://app.squareup.com/dashboard/appointments/bookings/i2id2g3enyspi7?x=1", "i2id2g3enyspi7"),
        ("https://app.squareup.com/appointments/buyer/widget/ol8bykxt9qhyl1/L76HQK2G7GC0R", None),
        ("https://squareup.com/appointments/book/ol8bykxt9qhyl1/L76HQK2G7GC0R/start", None),
        ("https://squareup.com.evil.example/bookings/i2id2g3enyspi7", None),
        ("http://squareup.com/bookings/i2id2g3enyspi7", None),
        ("https://squareup.com/bookings/i2id2g3enyspi7/i2id2g3enyspi8", None),
        ("https://squareup.com/bookings/i2id", None),
        ("i2id2g3enyspi7", None),
        ("https://squareup.com/bookings/i2id2g3enyspi7 https://squareup.com/bookings/i2id2g3enyspi8", None),
    ],
)
def test_only_links_to_one_booking_name_one(text: str, id: str | None) -> None:
    assert carried_in(text) == id
