"""Keys that nobody has to invent: made once, kept beside the data, readable by the owner only."""

import os
import secrets
from pathlib import Path

from scheduler_app.domain.tokens import checked_key
from scheduler_app.errors import Invalid
from scheduler_app.settings import Settings

KEY_FILE = "feed-keys"
WAKE_FILE = "wake-key"


def feed_keys(settings: Settings) -> tuple[bytes, ...]:
    """Keys for feed tokens, the newest first: the operator's, else one kept in the data folder.

    Raises Invalid for one too short to be one.
    """
    given = settings.secrets or tuple(kept(settings.data / KEY_FILE).split())
    return tuple(checked_key(key.encode()) for key in given)


def wake_key(settings: Settings) -> str:
    """The key that signs wake-ups. Losing it costs two seconds."""
    return kept(settings.data / WAKE_FILE)


def kept(path: Path) -> str:
    """The contents of the file, which is made of 256 random bits where it is not there yet.

    Written whole beside its place and then linked there, so that two processes that start at once read
    the same one and a crash leaves none that is half written. Raises Invalid where it cannot be read.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    text = path.read_text(encoding="ascii").strip()
    if not text:
        raise Invalid(
            "key-empty", f"{path.name} in the data folder is empty; restore it from your backup", path.name
        )
    return text
