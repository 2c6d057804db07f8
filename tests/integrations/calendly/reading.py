"""What was asked for a reading."""

from tests.integrations.calendly.account import Account


def lists(account: Account) -> list[dict[str, str]]:
    return [query for _, path, query in account.asked if path == "/scheduled_events"]


def invited(account: Account) -> list[str]:
    return [path for _, path, _ in account.asked if path.endswith("/invitees")]
