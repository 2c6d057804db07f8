"""What a private link opens: the health questions, the record, a new calendar address, being forgotten."""

from scheduler_app.web.private.routes import private

__all__ = ["private"]
