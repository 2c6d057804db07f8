"""The vendor's published examples, as bytes and as values."""

import json
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parent / "samples"


def sample(name: str) -> bytes:
    """The bytes of an example."""
    return (SAMPLES / f"{name}.json").read_bytes()


def booking(**more: Any) -> dict[str, Any]:
    """The booking within the example of booking.created; more: what is other about it. None takes a field
    away."""
    held: dict[str, Any] = json.loads(sample("booking.created"))["data"]["object"]["booking"]
    return {key: value for key, value in (held | more).items() if value is not None}
