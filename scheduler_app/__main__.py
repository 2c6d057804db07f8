"""`python -m scheduler_app` and the console script `scheduler`."""

from scheduler_app.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
