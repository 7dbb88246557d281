"""Pure calculation from a model: what could be so, with its reasons; nothing here asks a database."""
