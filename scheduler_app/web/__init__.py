"""The only home of Flask: hooks, feeds, api, desk, health."""
