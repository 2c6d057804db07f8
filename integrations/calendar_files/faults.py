"""What stops one component from being read."""


class Fault(ValueError):
    """One event, row or zone cannot be read; the rest of the file can.

    The message becomes `Unreadable.why`: it names fields and faults, never a person, a title or
    the rejected value.
    """
