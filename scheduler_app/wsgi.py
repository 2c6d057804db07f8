"""The door for WSGI servers: `granian --interface wsgi --factory scheduler_app.wsgi:application`.

`scheduler serve` uses it too; gunicorn and others can, so that the operator may choose.
"""

from typing import TYPE_CHECKING

from scheduler_app.bootstrap.serving import log_to_stderr, stay_loaded
from scheduler_app.bootstrap.site import open_site
from scheduler_app.settings import settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def application() -> "WSGIApplication":
    """The application, from the environment. Raises BadConfig, Invalid, Unavailable."""
    log_to_stderr()
    site = open_site(settings())
    stay_loaded()
    return site
