"""The Flask app: every route of this service but the feeds, which are served in front of it."""

from flask import Flask

from scheduler_app.web import problems
from scheduler_app.web.deps import Deps
from scheduler_app.web.health import health
from scheduler_app.web.hooks import hooks

BODY_LIMIT = 256 * 1024


def create_app(deps: Deps) -> Flask:
    """Compose the routes over what is handed in. Reads no environment, no clock, no global."""
    app = Flask("scheduler_app.web", static_url_path="/desk/static")
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    problems.register(app, deps.counters)
    app.register_blueprint(health(deps))
    app.register_blueprint(hooks(deps))
    return app
