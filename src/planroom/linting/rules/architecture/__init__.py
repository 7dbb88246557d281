"""Rules about a system, one file each."""
