"""Calendars as files and addresses: what Google Calendar, Outlook, Apple and booking systems export."""

from integrations.calendar_files.files import CalendarFiles

__all__ = ["CalendarFiles"]
