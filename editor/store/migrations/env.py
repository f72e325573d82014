"""What Alembic runs: our connection, inside the transaction that `store.migrating` began."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transaction_per_migration=False)
context.run_migrations()
