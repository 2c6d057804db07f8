"""Acuity Scheduling: webhooks that name an appointment, appointments asked for, and called off."""

from integrations.acuity.platform import AcuityPlatform

__all__ = ["AcuityPlatform"]
