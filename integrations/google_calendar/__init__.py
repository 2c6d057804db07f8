"""Clinic calendars that are kept at Google (Calendar API v3)."""

from integrations.google_calendar.client import GoogleClient
from integrations.google_calendar.gateway import GoogleCalendarGateway
from integrations.google_calendar.reading import GoogleCalendar

__all__ = ["GoogleCalendar", "GoogleCalendarGateway", "GoogleClient"]
