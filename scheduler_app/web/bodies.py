"""Bodies as they came, before anything parses them.

Read from the environ where that is plain: Werkzeug's wrappers cost a check a tenth of its time.
"""

from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.wrappers import Request

LIMIT = 256 * 1024
# One byte more than is taken: where a sender names no length, Werkzeug cuts the body off at its limit
# without a word (LimitedStream.readall), and only the byte too many tells that there was more.
READ_AT_MOST = LIMIT + 1
LONGEST_LENGTH = 20  # digits: what fits 64 bits
JSON = "application/json"


def whole_body(request: Request) -> bytes:
    """The raw bytes. Raises RequestEntityTooLarge (413) beyond 256 KiB."""
    length = request.environ.get("CONTENT_LENGTH", "")
    if length.isascii() and length.isdigit():
        # int() refuses thousands of digits, and that is a stranger's fault, not ours
        if len(length) > LONGEST_LENGTH or int(length) > LIMIT:
            raise RequestEntityTooLarge
        return _exactly(request, int(length))
    body = request.get_data(cache=False)
    if len(body) > LIMIT:
        raise RequestEntityTooLarge
    return body


def _exactly(request: Request, length: int) -> bytes:
    stream = request.environ["wsgi.input"]
    body: bytes = stream.read(length)
    while len(body) < length and (more := stream.read(length - len(body))):
        body += more
    return body


def require_json(request: Request) -> None:
    """Raise UnsupportedMediaType (415) for a body that does not say it is JSON."""
    require_type(request, JSON)


def require_type(request: Request, wanted: str) -> None:
    """Raise UnsupportedMediaType (415) for a body that does not say it is of the type."""
    if request.environ.get("CONTENT_TYPE") != wanted and request.mimetype != wanted:
        raise UnsupportedMediaType
