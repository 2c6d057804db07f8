"""Clinic calendars in memory, for trying things out. Held to the same contract as all others."""

from integrations.memory.gateway import MemoryCalendarGateway

__all__ = ["MemoryCalendarGateway"]
