"""What the readers of formats with a grammar of their own have in common: words, places, what is broken."""
