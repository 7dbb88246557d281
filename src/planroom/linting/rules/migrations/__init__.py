"""Rules about migrations, one file each."""
