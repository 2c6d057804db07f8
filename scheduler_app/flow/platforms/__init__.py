"""Booking platforms in the flow: hints are followed, bookings read, decided about, acted on, prevented."""
