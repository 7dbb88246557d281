"""Work that an interrupt may abandon and must not tear apart."""

from __future__ import annotations

import threading
from concurrent.futures import Future, InvalidStateError
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["whole_or_undone"]

T = TypeVar("T")


def whole_or_undone(make: Callable[[], T], undo: Callable[[T], None]) -> T:
    """Return what ``make`` makes; when an interrupt comes first, let it finish in the background and undo it.

    Python delivers interrupts to the main thread alone, between any two steps: one inside ``Popen`` loses the
    process. Here the work runs in a thread of its own, and the main thread only waits.
    """
    if threading.current_thread() is not threading.main_thread():
        return make()
    made: Future[T] = Future()
    threading.Thread(target=_work, args=(make, undo, made), name="planroom-start").start()
    try:
        return made.result()
    except KeyboardInterrupt:
        if not made.cancel() and made.exception() is None:
            undo(made.result())
        raise


def _work(make: Callable[[], T], undo: Callable[[T], None], made: Future[T]) -> None:
    try:
        result = make()
    except BaseException as error:  # noqa: BLE001, RUF100  (it is raised again where it is waited for)
        if not made.cancelled():
            made.set_exception(error)
        return
    try:
        made.set_result(result)
    except InvalidStateError:
        undo(result)
