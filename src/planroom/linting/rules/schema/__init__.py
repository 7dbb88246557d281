"""Rules about a schema as a whole, one file each."""
