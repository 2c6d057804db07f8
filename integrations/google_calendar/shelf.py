"""Where a person's sign-in is kept: one encrypted file, readable by the owner only."""

import base64
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from scheduler_app.errors import Invalid

_PURPOSE = b"kept sign-ins"


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a person's sign-in left us with.

    refresh gets new access tokens; access is the last one, good until `access_until`. refresh_until: when
    Google withdraws it by itself (apps in Testing: seven days), None where it does not. All aware, UTC.
    """

    client_id: str
    client_secret: str
    token_uri: str
    refresh: str
    access: str = ""
    access_until: datetime | None = None
    refresh_until: datetime | None = None
    signed_in_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    def __repr__(self) -> str:
        return "SignIn(...)"  # secrets never print


_DECODER = msgspec.json.Decoder(SignIn)


class TokenShelf:
    """One sign-in in one file. Threads and processes may share it.

    keys: secrets of any form, the newest first; what was kept under an older one is still read.
    """

    def __init__(self, path: Path, keys: Sequence[bytes]) -> None:
        if not keys:
            raise Invalid("key-empty", "sign-ins are kept under a key, and none was given", "token_keys")
        self._path = path
        self._fernet = MultiFernet([Fernet(_derived(key)) for key in keys])

    def get(self) -> SignIn | None:
        """What is kept, or None where nobody signed in. Raises Invalid where no key opens it."""
        try:
            sealed = self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            fault = f"the kept sign-in cannot be read: {error.strerror}"
        else:
            try:
                return _DECODER.decode(self._fernet.decrypt(sealed))
            except (InvalidToken, msgspec.MsgspecError):
                fault = "no key opens the kept sign-in: give the key it was kept under, or sign in again"
        raise Invalid("sign-in-unreadable", fault, self._path.name)

    def put(self, kept: SignIn) -> None:
        """Keep this one, whole or not at all."""
        sealed = self._fernet.encrypt(msgspec.json.encode(kept))
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_name(f"{self._path.name}.{secrets.token_hex(8)}")
        try:
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._path)
        finally:
            draft.unlink(missing_ok=True)


def _derived(key: bytes) -> bytes:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(key)
    return base64.urlsafe_b64encode(made)
