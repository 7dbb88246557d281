"""Plans at production scale without its data: a server that believes in rows that are not there."""
