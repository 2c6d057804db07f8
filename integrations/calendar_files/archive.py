"""Zip archives of calendars, such as Google's export: read member by member, never unpacked to disk."""

import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, NamedTuple

from integrations.calendar_files.source import CHUNK, HEAD
from scheduler_app.domain.events import Unreadable

MOST_MEMBERS = 2_000
MOST_UNPACKED = 1024**3  # bytes, all members together
TOO_LARGE = "the archive is too large unpacked: give its calendars one by one"
LOCKED = "it is locked with a password: unpack it first"
DAMAGED = "this part of the archive is damaged: what could be read was read; export it again"
NO_ARCHIVE = "the archive is damaged: export it again"
_ENCRYPTED = 0x1
_SMALL = 4096
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


class Member(NamedTuple):
    """One file inside an archive: its name for people, how large it is, and how it begins."""

    name: str
    size: int
    head: bytes
    entry: zipfile.ZipInfo


class Archive:
    """One zip file. damaged collects the names of members that broke off while being read."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self._name = name
        self._zip: zipfile.ZipFile | None = None
        self.damaged: set[str] = set()

    def members(self) -> Iterator[Member | Unreadable]:
        """The files worth looking into, whatever folder they are in; hidden and macOS' own are passed over.

        Sizes are those the archive declares, and no more than that is ever unpacked.
        """
        try:
            self._zip = zipfile.ZipFile(self._stream)
        except _DAMAGE:
            yield Unreadable(self._name, NO_ARCHIVE)
            return
        entries = [entry for entry in self._zip.infolist() if not entry.is_dir() and not _hidden(entry)]
        if len(entries) > MOST_MEMBERS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            yield Unreadable(self._name, TOO_LARGE)
            return
        for entry in entries:
            name = f"{self._name}/{_shown(entry.filename)}"
            if entry.flag_bits & _ENCRYPTED:
                yield Unreadable(name, LOCKED)
                continue
            try:
                with self._zip.open(entry) as opened:
                    head = opened.read(HEAD)
            except _DAMAGE:
                yield Unreadable(name, DAMAGED)
                continue
            yield Member(name, entry.file_size, head, entry)

    def chunks(self, member: Member) -> Iterator[bytes]:
        """The bytes of a member, as far as they can be unpacked."""
        if self._zip is None:
            return
        try:
            with self._zip.open(member.entry) as opened:
                left = member.size
                # The read that reaches a wrong checksum gives nothing: at the end let it be a small one.
                while chunk := opened.read(CHUNK if left > 2 * CHUNK else _SMALL):
                    left -= len(chunk)
                    yield chunk
        except _DAMAGE:
            self.damaged.add(member.name)


def _hidden(entry: zipfile.ZipInfo) -> bool:
    parts = entry.filename.replace("\\", "/").split("/")
    return "__MACOSX" in parts or parts[-1].startswith(".") or parts[-1] == "Thumbs.db"


def _shown(filename: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in filename)
