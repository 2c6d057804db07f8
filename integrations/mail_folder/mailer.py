"""Letters as .eml files in a folder. Mail programs open them as they would have arrived."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from integrations.mime import mime
from scheduler_app.domain.mail import OutgoingMail
from scheduler_app.errors import Unavailable
from scheduler_app.ports import Send


class FolderMailer:
    """Implements ports.Mailer. A letter that is sent again replaces its own file and no other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def sending(self) -> Iterator[Send]:
        """As the port says; there is no connection to share."""
        yield self._write

    def _write(self, mail: OutgoingMail) -> str:
        message = mime(mail)
        # names sort by time, and tell nobody who looks over a shoulder whom a letter is for
        name = f"{mail.at:%Y-%m-%d-%H%M%S}-{sha256(mail.id.encode()).hexdigest()[:12]}.eml"
        draft = self._folder / f".{name}.{os.getpid()}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(message)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._folder / name)
        except OSError as fault:
            raise Unavailable(f"the folder for letters cannot be written to: {fault.strerror}") from None
        return name
