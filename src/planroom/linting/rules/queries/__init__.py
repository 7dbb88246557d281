"""Rules about queries, one file each."""
