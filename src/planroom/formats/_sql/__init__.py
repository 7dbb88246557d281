"""DDL of dialects other than PostgreSQL's, read statement by statement and written."""
