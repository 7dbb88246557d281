"""What a plug-in says that proposes one kind of index."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.advice.indexing.demands import Demand
    from planroom.advice.indexing.known import Known
    from planroom.model import Index

__all__ = ["IndexKind"]


class IndexKind(ABC):
    """A plug-in: one kind of index. Its file's name is its name."""

    @abstractmethod
    def proposed(self, demand: Demand, known: Known, width: int) -> Iterator[Index]:
        """Yield indexes that would serve a demand, without names; some may come twice.

        Args:
            demand: What a query asks of a table.
            known: The statistics, as far as there are any.
            width: The most key parts, >= 1.
        """
