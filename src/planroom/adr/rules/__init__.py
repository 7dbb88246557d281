"""Rules about decision logs: one file each."""

from planroom.adr.rules.base import RECORD_RULES, RecordRule, Surroundings, lint_log

__all__ = ["RECORD_RULES", "RecordRule", "Surroundings", "lint_log"]
