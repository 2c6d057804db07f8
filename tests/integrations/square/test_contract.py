"""Square is held to the contract of all platforms."""

from typing import ClassVar

from tests.contracts.booking_platform import BookingPlatformContract


class TestSquare(BookingPlatformContract):
    moves_keep_id: ClassVar[bool] = True
    tells: ClassVar[bool] = False  # Square has no words for the client with a cancellation
    changes_have_names: ClassVar[bool] = True
