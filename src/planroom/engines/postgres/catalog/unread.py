"""What the catalog has and the model has no place for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planroom.engines.postgres.catalog.session import Session
    from planroom.model import Unread

__all__ = ["unread"]


def unread(session: Session) -> tuple[Unread, ...]:
    return ()
