"""Kinds of index that are proposed, one file each."""

from planroom.advice.indexing.kinds.base import IndexKind
from planroom.registry import Registry

__all__ = ["INDEX_KINDS", "IndexKind"]

INDEX_KINDS: Registry[IndexKind] = Registry(
    "kind of index",
    "planroom.advice.indexing.kinds",
    IndexKind,  # type: ignore[type-abstract]
)
