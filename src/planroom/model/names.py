"""Names: what identifies an object of a model."""

from __future__ import annotations

from planroom.sqltext import ObjectId, qualified, quote_identifier

__all__ = ["DEFAULT_SCHEMA", "ObjectId", "qualified", "quote_identifier"]

DEFAULT_SCHEMA = "public"
"""Where PostgreSQL puts what is made without a schema."""
