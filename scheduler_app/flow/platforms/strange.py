"""strange: a platform that knows none of our bookings is another account's, and does not empty the book.

A key that was copied from the wrong account opens a platform like any other. Read whole, it would show none
of what we hold, and each visit ahead would be called off in the book because it is not found there.
"""

from datetime import timedelta
from itertools import islice

from scheduler_app.domain.story import NOT_HELD
from scheduler_app.errors import Disconnected, Invalid, NotFound
from scheduler_app.flow.flow import Flow
from scheduler_app.flow.sync import SUSPICIOUS
from scheduler_app.ports import BookingPlatform

AHEAD = timedelta(days=550)
STRANGE = "platform-knows-no-booking"


def looks_strange(flow: Flow, name: str, platform: BookingPlatform) -> bool:
    """Whether it knows none of the next few bookings that we hold of it, where we hold as many.

    A platform keeps what was called off, so that one known booking is enough; mostly that is one request.
    Raises Unavailable.
    """
    now = flow.clock()
    with flow.store.reading() as tx:
        ahead = (
            held.source_id
            for held in tx.appointments.between(now, now + AHEAD)
            if held.source == name and held.status not in NOT_HELD
        )
        asked = list(islice(ahead, SUSPICIOUS))
    return len(asked) == SUSPICIOUS and not any(_known(platform, id) for id in asked)


def _known(platform: BookingPlatform, booking: str) -> bool:
    try:
        platform.fetch(booking)
    except NotFound:
        return False
    except (Disconnected, Invalid):
        return True  # whatever is wrong there, it is not that nobody knows it
    return True
