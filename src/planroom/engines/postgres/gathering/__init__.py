"""What a live PostgreSQL's planner knows, asked of the catalog: one query a kind, whatever the database's size."""
