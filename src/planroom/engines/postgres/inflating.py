"""Files as long as a planner is to see them, made of holes: a relation of a terabyte takes no room on the disk.

The server keeps a relation in segments of 1 GiB, ``16384``, ``16384.1``, ``16384.2`` ... and takes the first that is
not full for the last (src/backend/storage/smgr/md.c). All full segments after the first are one file of holes under
many names: a name costs a third of a file. Beyond the last one, what a larger size left stays for the next.

The server must not hold pages of these files in its buffers, nor a session have them open, while they change.
"""

from __future__ import annotations

import contextlib
import errno
import os
from typing import TYPE_CHECKING

from planroom.errors import EngineError, ServerUnavailableError
from planroom.quantities import format_bytes
from planroom.scaling.pages import BLOCK_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from planroom.engines.postgres.accounts import Account

__all__ = ["SEGMENT_PAGES", "SparseFiles"]

SEGMENT_PAGES = 131_072
"""Pages of a segment, RELSEG_SIZE; the embedded server is built with the usual 1 GiB."""

_SEGMENT_BYTES = SEGMENT_PAGES * BLOCK_BYTES
_PROBE_BYTES = 16 << 20
_ROOM_WITHOUT_HOLES_BYTES = 1 << 30
_HOLE = "planroom_hole"  # DROP DATABASE removes the folder whatever is in it
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.ENOSYS})


class SparseFiles:
    """The relations' files of one database of planroom's own, whose lengths planroom sets.

    Args:
        data: The server's data directory.
        folder: The database's folder in it, such as ``base/16384``.
        account: The account that runs the server, to whom the files belong.
    """

    def __init__(self, data: Path, folder: str, account: Account) -> None:
        self._data = data
        self._folder = data / folder
        self._account = account
        self._holes = 0
        self._hole = ""
        self._reach: dict[str, int] = {}  # by file: the segments 1 ... n are names of the hole
        self._cuts: dict[str, set[int]] = {}  # by file: but for these, which are files of their own or none
        self._bytes: dict[str, int] = {}
        with self._explained():
            self.sparse = self._keeps_holes()

    def read(self, file: str, pages: int) -> bytes:
        """Return the first ``pages`` pages of a file, or fewer where it is shorter."""
        with self._explained(), (self._data / file).open("rb") as content:
            return content.read(pages * BLOCK_BYTES)

    def resize(self, file: str, pages: int, head: bytes) -> None:
        """Make a relation's file ``pages`` pages long, beginning with ``head``, with holes after it.

        Raises:
            EngineError: The disk or the file system does not let it.
        """
        with self._explained():
            if not self.sparse:
                self._refuse_much(file, pages)
            self._resize_first(file, min(pages, SEGMENT_PAGES), head)
            self._resize_others(file, pages)

    @property
    def disk_bytes(self) -> int:
        """What the database's folder takes on the disk, the server's own catalog included."""
        seen: dict[int, int] = {}
        with self._explained(), os.scandir(self._folder) as entries:
            for entry in entries:
                found = entry.stat(follow_symlinks=False)
                seen[found.st_ino] = found.st_blocks * 512
        return sum(seen.values())

    def _resize_first(self, file: str, pages: int, head: bytes) -> None:
        handle = os.open(self._data / file, os.O_RDWR | os.O_CLOEXEC)
        try:
            os.ftruncate(handle, pages * BLOCK_BYTES)
            if head and pages:
                os.pwrite(handle, head[: pages * BLOCK_BYTES], 0)
        finally:
            os.close(handle)

    def _resize_others(self, file: str, pages: int) -> None:
        base = f"{self._data / file}."
        last, rest = divmod(pages, SEGMENT_PAGES)  # the server looks no further than the segment that is not full
        reach, cuts = self._reach.get(file, 0), self._cuts.setdefault(file, set())
        again = {segment for segment in cuts if segment < last}
        for segment in again:
            _remove(f"{base}{segment}")
        for segment in again | set(range(reach + 1, last)):
            self._link(f"{base}{segment}")
        cuts -= again
        if last:
            if last <= reach or last in cuts:
                _remove(f"{base}{last}")
            if rest:
                self._make(f"{base}{last}", rest * BLOCK_BYTES)
            cuts.add(last)
        self._reach[file] = max(reach, last - 1)

    def _link(self, name: str) -> None:
        try:
            os.link(self._hole, name)
        except OSError as error:
            if error.errno == errno.EMLINK:  # ext4 gives a file 65,000 names
                self._dig()
                os.link(self._hole, name)
            elif error.errno in _NO_LINKS:
                self._make(name, _SEGMENT_BYTES)
            else:
                raise

    def _dig(self) -> None:
        """Make one more full segment of holes, for the names to come."""
        self._holes += 1
        self._hole = str(self._folder / f"{_HOLE}_{self._holes}")
        self._make(self._hole, _SEGMENT_BYTES)

    def _make(self, name: str, size: int) -> None:
        handle = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.ftruncate(handle, size)
            if self._account.borrowed:
                os.fchown(handle, self._account.uid, self._account.gid)
        finally:
            os.close(handle)

    def _keeps_holes(self) -> bool:
        probe = str(self._folder / f"{_HOLE}_probe")
        self._make(probe, _PROBE_BYTES)
        found = os.stat(probe).st_blocks * 512 < _PROBE_BYTES // 2  # noqa: PTH116
        os.unlink(probe)  # noqa: PTH108
        if found:
            self._dig()
        return found

    def _refuse_much(self, file: str, pages: int) -> None:
        self._bytes[file] = pages * BLOCK_BYTES
        wanted = sum(self._bytes.values())
        if wanted > _ROOM_WITHOUT_HOLES_BYTES:
            raise EngineError(
                f"Relations of {format_bytes(wanted)} do not fit here.",
                why=f"the file system of {self._data} keeps no holes: each byte would take room on the disk.",
                fix="set PLANROOM_SERVER_DIR to a directory on ext4, xfs, btrfs, APFS or tmpfs.",
            )

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._failure(error) from None

    def _failure(self, error: OSError) -> EngineError:
        reason = error.strerror or str(error)
        if error.errno == errno.ENOENT:
            return ServerUnavailableError(
                "The embedded PostgreSQL has ended, and this database with it.",
                why="its files are gone.",
                fix="open the database again: a fresh server starts by itself.",
            )
        if error.errno in _NO_ROOM:
            fix = "free some space, or set PLANROOM_SERVER_DIR to a directory on another disk."
        elif error.errno == errno.EFBIG:
            fix = "raise the limit of file sizes (`ulimit -f unlimited`): the files are long, though they take no room."
        else:
            fix = "open it again: a fresh server starts by itself if this one has ended."
        return EngineError("The relations could not be given their sizes.", why=f"{reason} ({self._data}).", fix=fix)


def _remove(name: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(name)  # noqa: PTH108  (a Path for each of 28,000 segments is what would take the time)
