"""Bytes as programs write them, made into plain UTF-8 with as little loss as possible."""

import codecs
from collections.abc import Iterator

CP1252_BYTES = "calendar-files-cp1252-bytes"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    # UTF-32's mark begins with UTF-16's: the longer one is asked for first.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def _as_windows_wrote_it(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that are no UTF-8 as Windows-1252, those it leaves undefined as Latin-1."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(_WINDOWS[byte] for byte in wrong), error.end


_WINDOWS = [bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256)]
codecs.register_error(CP1252_BYTES, _as_windows_wrote_it)


def text(raw: bytes) -> str:
    """UTF-8 where it is UTF-8, Windows-1252 where it is not: byte by byte, so nothing is lost.

    Old Outlook versions and hand-made exports mix both in one file.
    """
    return raw.decode("utf-8", CP1252_BYTES)


def encoding_of(head: bytes) -> tuple[str, int]:
    """The encoding a file begins in, and how many bytes its byte order mark takes.

    UTF-16 without a mark is told by its zero bytes: calendar keywords are plain ASCII.
    """
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name, len(mark)
    start = head[:200]
    odd, even = start[1::2].count(0), start[::2].count(0)
    if start and max(odd, even) > len(start) * 0.4 and min(odd, even) == 0:
        return ("utf-16-le" if odd else "utf-16-be"), 0
    return "utf-8", 0


def utf8_chunks(chunks: Iterator[bytes], head: bytes) -> Iterator[bytes]:
    """The same text without byte order mark or zero bytes; UTF-16 and UTF-32 become UTF-8.

    head is the beginning of the file, some hundred bytes of it, and is not consumed. Bytes that are
    no UTF-8 stay as they are, for `text` to read.
    """
    encoding, mark = encoding_of(head)
    decoder = None if encoding == "utf-8" else codecs.getincrementaldecoder(encoding)("replace")
    for chunk in chunks:
        if mark:
            cut = min(mark, len(chunk))
            chunk, mark = chunk[cut:], mark - cut
        if decoder is not None:
            chunk = decoder.decode(chunk).encode("utf-8", "replace")
        if b"\0" in chunk:
            chunk = chunk.replace(b"\0", b"")
        if chunk:
            yield chunk
