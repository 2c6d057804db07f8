"""SimplyBook.me is held to the contract of all platforms."""

from typing import ClassVar

from tests.contracts.booking_platform import BookingPlatformContract


class TestSimplybook(BookingPlatformContract):
    moves_keep_id: ClassVar[bool] = True
    tells: ClassVar[bool] = False  # our message becomes the booking's comment, which clients do not see
    changes_have_names: ClassVar[bool] = True  # by the moment they were sent, in callbacks of the newer shape
