"""The words of a client's own pages: the health questions, the record, being forgotten, in their language."""

from scheduler_app.texts.intake.tongues import Tongue, languages, tongue

__all__ = ["Tongue", "languages", "tongue"]
