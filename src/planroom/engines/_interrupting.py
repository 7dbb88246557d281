"""Work in a driver that does not look out for the user's interrupt."""

from __future__ import annotations

import threading
from concurrent.futures import Future, wait
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["interruptible"]

T = TypeVar("T")
_PATIENCE_S = 0.05  # between two attempts: one that comes before the statement has begun has no effect


def interruptible(work: Callable[[], T], cancel: Callable[[], object]) -> T:
    """Return what ``work`` returns; on an interrupt, cancel it, wait for its end, and raise the interrupt.

    Python delivers interrupts to the main thread alone, and only between two steps of Python: not while that thread is
    inside a driver. So the work has a thread of its own, and the main thread waits.
    """
    if threading.current_thread() is not threading.main_thread():
        return work()
    done: Future[T] = Future()
    thread = threading.Thread(target=_run, args=(work, done), name="planroom-work", daemon=True)
    try:
        thread.start()
        return done.result()
    except KeyboardInterrupt:
        while thread.is_alive() and wait([done], timeout=_PATIENCE_S).not_done:
            cancel()
        raise


def _run(work: Callable[[], T], done: Future[T]) -> None:
    try:
        done.set_result(work())
    except BaseException as error:  # noqa: BLE001, RUF100  (it is raised again where it is waited for)
        done.set_exception(error)
