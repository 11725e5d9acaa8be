"""What Alembic runs for every command: migrations on the connection that `migrate` hands over.

In: `config.attributes["connection"]`. Out: migrated tables, in the caller's transaction.
"""

from alembic import context

from caseroom.adapters.sqlstore.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
)
context.run_migrations()
