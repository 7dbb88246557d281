"""What the linter says: one report, and the forms that people and machines take it in, one file each."""

from planroom.linting.reporting.report import Report, Taken

__all__ = ["Report", "Taken"]
