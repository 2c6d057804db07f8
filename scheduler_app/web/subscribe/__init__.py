"""What a client's link opens in a browser: how to subscribe, the plan in words, a card to print."""

from scheduler_app.web.subscribe.routes import subscribe

__all__ = ["subscribe"]
