"""Files written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from planroom.errors import SourceError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["write_all_whole", "write_form", "write_whole"]


def write_whole(path: Path, text: str) -> None:
    """Write a text file as UTF-8 with Unix line ends; what was there before stays until all of it is written.

    A link is followed, and a file's permissions stay as they were. A pipe or a device is written to: replacing it,
    as root may, would destroy it.

    Raises:
        SourceError: It cannot be written; what was there before is untouched.
    """
    write_all_whole({path: text})


def write_form(path: str | os.PathLike[str], forms: Mapping[str, Callable[[], str]], *, what: str) -> Path:
    """Write a thing in the form that the file's name ends with, whole or not at all.

    Args:
        path: Where to.
        forms: What makes the text of each form, by suffix in lower case.
        what: What a form is one of, for the message: ``form of a plan``.

    Returns:
        The path that was written.

    Raises:
        UnknownNameError: The suffix is none of these; the message names the nearest.
        SourceError: The file cannot be written.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in forms:
        raise UnknownNameError.of(what, target.suffix or "(no ending)", forms)
    write_whole(target, forms[suffix]())
    return target


def write_all_whole(texts: Mapping[Path, str]) -> None:
    """Write text files that belong together: none takes its place before all of them are written.

    Raises:
        SourceError: One of them cannot be written; the message names it.
    """
    with contextlib.ExitStack() as leftovers:
        ready = [(path, *_prepared(path, text, leftovers)) for path, text in texts.items()]
        for path, temporary, target in ready:
            with _explained(path):
                if temporary:
                    temporary.replace(target)
                else:
                    target.write_text(texts[path], encoding="utf-8", newline="\n")


def _prepared(path: Path, text: str, leftovers: contextlib.ExitStack) -> tuple[Path | None, Path]:
    """Return the temporary file that is to become a path's target, and the target; none for a pipe or a device."""
    import tempfile

    with _explained(path):
        target = path.resolve()
        if target.exists() and not target.is_file() and not target.is_dir():
            return None, target
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask()
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.", suffix=".part")
        temporary = Path(name)
        leftovers.callback(_remove, temporary)  # an interrupt, too, must leave nothing behind
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        temporary.chmod(mode)
        return temporary, target


def _remove(temporary: Path) -> None:
    with contextlib.suppress(OSError):
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SourceError(
            f"{str(path)!r} cannot be written.",
            why=f"{error.strerror or error}.",
            fix="name a file in a folder that exists, that you may write to, and that has room.",
        ) from None


def _umask() -> int:
    """Return the process's file mode mask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
