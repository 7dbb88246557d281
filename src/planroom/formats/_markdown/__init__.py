"""A data dictionary in GitHub's Markdown."""
