"""reach: what goes to a client by mail and therefore not into their feed."""

from dataclasses import replace
from typing import TYPE_CHECKING

from scheduler_app.domain.carewords import CareTerms
from scheduler_app.domain.clients import Client
from scheduler_app.domain.mail import EVERYTHING, INVITATIONS, NOTHING, chosen
from scheduler_app.ports import Transaction

if TYPE_CHECKING:
    from scheduler_app.flow.publish import Press


def terms_of(tx: Transaction, press: "Press", client: Client) -> CareTerms:
    """On what terms the client's feed is written.

    What was sent as an invitation stays out of the feed for good, so that nothing shows twice; what
    nobody can be written to about stays in it, or it would stand nowhere.
    """
    by_mail = chosen(tx.mails.choice(client.ref), client, press.clinic)
    mailed = tx.mails.invited(client.ref)
    if not mailed and by_mail not in (INVITATIONS, EVERYTHING):
        return press.terms(client)
    if by_mail == NOTHING or tx.mails.address(client.ref) is None:
        return press.terms(client)
    return replace(
        press.terms(client),
        invitations=by_mail in (INVITATIONS, EVERYTHING),
        care_by_mail=by_mail == EVERYTHING,
        mailed=frozenset(mailed),
    )
