"""The rules, one file each: a file's name is its rule's slug."""
