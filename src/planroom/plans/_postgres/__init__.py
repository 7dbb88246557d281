"""How PostgreSQL's plans become a `Plan`: both its formats are brought to one document, and that is built."""
