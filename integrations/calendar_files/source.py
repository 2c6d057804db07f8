"""Where the bytes come from: a file, a member of an archive, or an address; each readable twice."""

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from typing import IO
from urllib.parse import urlsplit

from integrations import http_client
from scheduler_app.errors import Invalid

CHUNK = 256 * 1024
HEAD = 64 * 1024
FROM_ADDRESS = "calendar address"
"""What places are called in a calendar fetched from an address: the address itself is a secret."""

_ADDRESS = re.compile(r"\s*(?:https?|webcals?)://", re.IGNORECASE)

OnBytes = Callable[[int, int], None]


class Progress:
    """Tells how far the reading is, in bytes of the source, although it is read twice."""

    def __init__(self, on_bytes: OnBytes | None, total: int) -> None:
        self._on_bytes = on_bytes
        self._total = total
        self._done = 0.0

    def metered(self, chunks: Iterator[bytes], share: float) -> Iterator[bytes]:
        """The same chunks, each counted for its share of the work."""
        for chunk in chunks:
            yield chunk
            self._done += len(chunk) * share
            if self._on_bytes is not None:
                self._on_bytes(min(round(self._done), self._total), self._total)


def is_address(source: str) -> bool:
    """Whether a source is an address rather than a path."""
    return _ADDRESS.match(source) is not None


def open_source(source: str, on_bytes: OnBytes | None) -> tuple[str, IO[bytes]]:
    """Its name for people, and its bytes, seekable; what is fetched is kept in memory or an unnamed file.

    Raises Invalid for a path that cannot be opened or an address that cannot be a calendar, Unavailable
    when the other side does not answer.
    """
    if is_address(source):
        return FROM_ADDRESS, http_client.fetch(_https(source), on_bytes=on_bytes)
    name = os.path.basename(source)
    try:
        opened: IO[bytes] = open(source, "rb")  # noqa: SIM115  closed by the reader
    except FileNotFoundError:
        raise Invalid("source-missing", f"There is no file {name!r} here", "source") from None
    except IsADirectoryError:
        raise Invalid("source-folder", f"{name!r} is a folder: name the files in it", "source") from None
    except (OSError, ValueError):
        raise Invalid("source-closed", f"{name!r} cannot be opened for reading", "source") from None
    return name, opened if opened.seekable() else _kept(opened)


def _https(address: str) -> str:
    scheme, _, rest = address.strip().partition("://")
    if not scheme.lower().startswith("webcal"):
        return address
    # webcal names the program to open it with; every host but this very machine speaks https.
    try:
        host = urlsplit(f"//{rest}").hostname or ""
    except ValueError:
        host = ""
    return f"{'http' if http_client.is_loopback(host) else 'https'}://{rest}"


def _kept(pipe: IO[bytes]) -> IO[bytes]:
    """A pipe can be read once only."""
    kept: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=16 * 1024 * 1024)  # noqa: SIM115
    with pipe:
        shutil.copyfileobj(pipe, kept, CHUNK)
    kept.seek(0)
    return kept


def size_of(stream: IO[bytes]) -> int:
    """How many bytes a seekable stream holds."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    return size


def chunks_of(stream: IO[bytes]) -> Iterator[bytes]:
    """What is left of a stream."""
    while chunk := stream.read(CHUNK):
        yield chunk
