"""The clinic's own rules as shipped in config/, loaded once for the tests."""

from functools import lru_cache
from pathlib import Path

from scheduler_app.rulebook import Loaded, require

CONFIG = Path(__file__).parent.parent / "config"


@lru_cache(maxsize=1)
def house() -> Loaded:
    """Catalogue, rulebook, care lines and clinic as the product ships them."""
    return require(CONFIG)
