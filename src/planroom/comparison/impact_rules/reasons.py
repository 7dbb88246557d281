"""The reasons that several rules give in the same words."""

from __future__ import annotations

__all__ = ["KEY_GIVES", "LEFT_OUT", "NAME", "NAME_ONLY", "OLD_NAME", "REMARK", "TUNING"]

LEFT_OUT = "an INSERT that does not name it is refused: it is NOT NULL without a default"
KEY_GIVES = "INSERT ... ON CONFLICT that relies on it fails"
NAME_ONLY = "only DDL and ON CONFLICT ON CONSTRAINT use the name"
TUNING = "it changes speed or storage, not answers"
REMARK = "it is for people"
NAME = "only DDL uses the name"
OLD_NAME = "what uses the old name fails"
