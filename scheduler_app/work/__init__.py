"""The only home of huey: leases, wake-ups, the tick."""
