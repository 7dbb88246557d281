"""Files written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from planroom.errors import SourceError

__all__ = ["write_whole"]


def write_whole(path: Path, text: str) -> None:
    """Write a text file as UTF-8 with Unix line ends; what was there before stays until all of it is written.

    A link is followed, and a file's permissions stay as they were. A pipe or a device is written to: replacing it,
    as root may, would destroy it.

    Raises:
        SourceError: It cannot be written; what was there before is untouched.
    """
    try:
        target = path.resolve()
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_text(text, encoding="utf-8", newline="\n")
        else:
            _replace(target, text)
    except OSError as error:
        raise SourceError(
            f"{str(path)!r} cannot be written.",
            why=f"{error.strerror or error}.",
            fix="name a file in a folder that exists, that you may write to, and that has room.",
        ) from None


def _replace(target: Path, text: str) -> None:
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.", suffix=".part")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        temporary.chmod(mode)
        temporary.replace(target)
    except BaseException:  # an interrupt, too, must leave nothing behind
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def _umask() -> int:
    """Return the process's file mode mask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
