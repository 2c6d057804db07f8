"""Bodies as they came, before anything parses them."""

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request

LIMIT = 256 * 1024
# One byte more than is taken: where a sender names no length, Werkzeug cuts the body off at its limit
# without a word (LimitedStream.readall), and only the byte too many tells that there was more.
READ_AT_MOST = LIMIT + 1


def whole_body(request: Request) -> bytes:
    """The raw bytes. Raises RequestEntityTooLarge (413) beyond 256 KiB."""
    body = request.get_data(cache=False)
    if len(body) > LIMIT:
        raise RequestEntityTooLarge
    return body
