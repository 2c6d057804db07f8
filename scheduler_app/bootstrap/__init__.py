"""The only place that names an adapter, reads the clock or opens the database.

Each file opens one thing a command needs; nothing is imported before it is asked for, so that `check`
waits for neither Flask nor a database.
"""

from scheduler_app.bootstrap.configuration import check_config, check_lines, load_config, now, open_checker

__all__ = ["check_config", "check_lines", "load_config", "now", "open_checker"]
