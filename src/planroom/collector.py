"""Python's cycle collector, put off while many values are built that all stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["put_off"]


@contextmanager
def put_off() -> Iterator[None]:
    """Keep the cycle collector from running inside the block.

    It walks every value that is alive, again and again, while a large model is built, and finds nothing: reading
    3,600 tables took 1.7 times as long with it. Nothing leaks: it runs as before when the block ends, by an error too.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
