"""Every step the schema took, as Alembic runs them."""
