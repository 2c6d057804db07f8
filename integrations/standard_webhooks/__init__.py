"""Bookings from any system that can sign a webhook: Standard Webhooks with our documented JSON."""

from integrations.standard_webhooks.source import StandardWebhooksSource

__all__ = ["StandardWebhooksSource"]
