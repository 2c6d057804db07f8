"""Calendly is held to the contract of all platforms."""

from typing import ClassVar

from tests.contracts.booking_platform import BookingPlatformContract


class TestCalendly(BookingPlatformContract):
    moves_keep_id: ClassVar[bool] = False
    tells: ClassVar[bool] = True
    changes_have_names: ClassVar[bool] = True
