"""Calendly: webhooks that name an invitee, bookings asked for, and called off (API v2)."""

from integrations.calendly.platform import CalendlyPlatform

__all__ = ["CalendlyPlatform"]
