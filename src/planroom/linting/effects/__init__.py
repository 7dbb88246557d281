"""What a statement does to the tables of a live database, told from the catalog before it and its syntax tree."""

from planroom.linting.effects.foreseeing import effects
from planroom.linting.effects.values import Cause, Effects, Key, Lock, Work, WorkKind

__all__ = ["Cause", "Effects", "Key", "Lock", "Work", "WorkKind", "effects"]
