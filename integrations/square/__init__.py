"""Square Appointments: signed webhooks, bookings read in windows of days, and called off by their version."""

from integrations.square.platform import SquarePlatform

__all__ = ["SquarePlatform"]
