"""Which function folds which kind of statement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from planroom.ddl.catalog import Catalog
from planroom.sqltext import Statement

__all__ = ["HANDLERS", "Handler", "folds"]

Handler = Callable[[Catalog, Any, Statement], None]

HANDLERS: dict[str, Handler] = {}


def folds(*kinds: str) -> Callable[[Handler], Handler]:
    """Register a function for these kinds of statement."""

    def register(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(kinds, handler))
        return handler

    return register
