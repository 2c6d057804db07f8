"""What Alembic runs: the steps, on the connection and in the transaction it was handed."""

from alembic import context

from scheduler_app.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # also on SQLite, where the transaction was begun by our own BEGIN
    render_as_batch=True,  # SQLite cannot alter most things in place
    user_module_prefix="sa.",
)
with context.begin_transaction():
    context.run_migrations()
