"""Cal.com: bookings that wait for confirmation are confirmed or declined, others called off (API v2)."""

from integrations.calcom.platform import CalcomPlatform

__all__ = ["CalcomPlatform"]
