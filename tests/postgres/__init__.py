"""What the chain needs: the store, the work and the service on a real PostgreSQL."""
