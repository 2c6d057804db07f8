"""The clinic's configuration: TOML in; catalogue, rules, care and clinic out, or all mistakes at once."""

from scheduler_app.rulebook.loading import Loaded, load, require

__all__ = ["Loaded", "load", "require"]
