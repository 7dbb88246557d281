"""A folder of planroom's own for as long as an engine is open: gone when it is closed, or when Python ends."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

from planroom.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

__all__ = ["OwnFolder"]


class OwnFolder:
    """A folder that nobody else may look into.

    Raises:
        EngineError: There is no room for it.
    """

    def __init__(self) -> None:
        with _explained():
            self.path = Path(tempfile.mkdtemp(prefix="planroom-")).resolve()
        self._end = weakref.finalize(self, _remove, self.path, os.getpid())

    def write(self, name: str, data: bytes) -> Path:
        """Write a file in it, and return its path.

        Raises:
            EngineError: The disk is full.
        """
        with _explained():
            (self.path / name).write_bytes(data)
        return self.path / name

    def remove(self) -> None:
        """Remove it with all that is in it; removing it twice is fine."""
        self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()


def _remove(path: Path, owner: int) -> None:
    if os.getpid() == owner:  # a forked child leaves its parent's folder alone
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EngineError(
            "planroom cannot write the footers that DuckDB is to plan on.",
            why=f"{error.strerror or error}.",
            fix=f"make room in {tempfile.gettempdir()}, or set TMPDIR.",
        ) from None
