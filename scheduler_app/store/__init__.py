"""The only home of SQL: one schema, SQLite by default, PostgreSQL for many machines."""
