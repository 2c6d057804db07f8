"""Clinic calendars and a booking platform in memory, for trying things out. Held to the same contracts."""

from integrations.memory.gateway import MemoryCalendarGateway
from integrations.memory.platform import MemoryBooking, MemoryPlatform

__all__ = ["MemoryBooking", "MemoryCalendarGateway", "MemoryPlatform"]
