"""Acuity is held to the contract of all platforms."""

from typing import ClassVar

from tests.contracts.booking_platform import BookingPlatformContract


class TestAcuity(BookingPlatformContract):
    moves_keep_id: ClassVar[bool] = True
    tells: ClassVar[bool] = True
    # two genuine changes of one appointment are the same bytes: every receipt counts
    changes_have_names: ClassVar[bool] = False
