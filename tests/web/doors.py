"""One service with every sender there is: what is sent to it, what it counts and what it keeps."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from tests.senders import SENDERS, Headers, Sender
from tests.web.settling import settling
from tests.web.stand import Stand, standing


class Doors:
    """One service with every sender there is, and what it counts and keeps."""

    def __init__(self, stand: Stand) -> None:
        self.stand = stand
        self.client = stand.client()

    def send(
        self, sender: Sender, body: bytes, headers: Headers | None = None, **changes: Any
    ) -> TestResponse:
        """A body, properly signed unless headers say otherwise."""
        if headers is None:
            headers = sender.signed(body, "msg_1", self.stand.clock.now)
        asked = {"path": sender.path, "content_type": sender.content_type, "data": body} | changes
        return self.client.post(headers=headers, **asked)

    @contextmanager
    def refusing(self, counted: str) -> Iterator[None]:
        """One more is counted so, nothing else, and not a byte is kept."""
        kept, lines = self._kept(), self._counted()
        yield
        assert self._kept() == kept
        (line,) = self._counted() - lines
        assert line.startswith(counted)

    def _counted(self) -> set[str]:
        return {line for line in self.stand.deps.counters.text({}).splitlines() if "_total{" in line}

    def _kept(self) -> list[str]:
        file = self.stand.store.file
        assert file is not None
        with closing(sqlite3.connect(file)) as database:
            return list(database.iterdump())


@contextmanager
def open_doors(folder: Path, template: Path) -> Iterator[Doors]:
    """A stand with all senders."""
    with standing(folder, template) as stand:
        flow = stand.deps.flow
        known = {each.kind: each.platform() for each in SENDERS if each.is_platform}
        clinic = replace(flow.clinic, platforms=known)
        receivers: dict[str, Any] = {each.kind: each.receiver(clinic) for each in SENDERS}
        sources = {name: made for name, made in receivers.items() if name not in known}
        platforms = {name: made for name, made in receivers.items() if name in known}
        flow = replace(flow, clinic=clinic, platforms=platforms, sources=sources)
        stand.deps = replace(stand.deps, flow=flow, settle=settling(flow))
        yield Doors(stand)
