"""For how long what is held about clients is kept."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RetentionTerms:
    """Months, but for clients_years. What judging still needs is kept longer, whatever these say.

    delivery_bodies: what a sender sent that could not be read. deliveries: that it came, and why it was
    not read. settled: work, actions and deliveries that are done. mails: what was mailed. links: private
    links after they are over. clients_years: clients without a visit; None keeps them.
    """

    delivery_bodies: int = 3
    deliveries: int = 12
    settled: int = 3
    mails: int = 12
    links: int = 1
    clients_years: int | None = None
