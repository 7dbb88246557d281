"""The kinds of lines of a catalog in words: each module yields those of what is alike."""
