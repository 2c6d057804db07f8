"""The only place that names an adapter, reads the clock or opens the database.

Each file opens one thing that a command needs and is imported by that command alone, so that `check`
waits for neither Flask nor a database.
"""
