"""myworld, an independent double of the Calendar API, as a process that reaches nothing but this machine.

`python -m tests.integrations.google_calendar.serving_myworld ARGUMENTS` is `myworld ARGUMENTS` with every
other connection refused.
"""

import sys
from typing import Any

_HERE = ("127.0.0.1", "::1", "localhost")


def here_only(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: no connection to, and no question about, any other machine."""
    if event == "socket.connect" and isinstance(arguments[1], tuple) and arguments[1][0] not in _HERE:
        raise PermissionError("not this machine")
    if event == "socket.getaddrinfo" and arguments[0] not in (*_HERE, None, "", b"127.0.0.1"):
        raise PermissionError("not this machine")


if __name__ == "__main__":
    sys.addaudithook(here_only)
    from myworld.cli import main

    main()
