"""Cal.com's adapter is held to the contract of all platforms, over HTTP."""

from tests.contracts.booking_platform import BookingPlatformContract


class TestCalcomPlatform(BookingPlatformContract):
    moves_keep_id = False
