"""Sources as they were: files and folders of a git revision, ``main:schemas/shop.sql``.

git is asked as a program, without a shell, a pager, hooks or the network; a revision is first resolved to the hash of
its commit, and nothing of the user's reaches git as an option.
"""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from planroom.errors import SourceError, nearest
from planroom.formats import Document
from planroom.values import dataclass
from planroom.workbench.directions import up_only
from planroom.workbench.files import SCRIPTS, in_order, no_scripts, text_of
from planroom.workbench.secrets import without_secrets

if TYPE_CHECKING:
    import subprocess

__all__ = ["Revision", "changed_files", "changed_lines", "documents_at", "notes_at", "revision_of", "top_folder"]

_TIMEOUT_S = 60
_LOOKS_LIKE = re.compile(r"(?P<revision>[^\s:][^:\n]*):(?P<path>[^\n]*)")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_OPTIONS = ("--no-pager", "--literal-pathspecs", "-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")
_QUIET = {
    "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none",
    "LC_ALL": "C",
}  # fmt: skip
_LARGE_FILE = b"version https://git-lfs.github.com/spec/"
_MOST_SHOWN = 200
_HUNK = re.compile(rb"@@ -\S+ \+(\d+)(?:,(\d+))? @@")


@dataclass(frozen=True)
class Revision:
    """A path in a commit.

    Attributes:
        text: As the user wrote it, such as ``HEAD~3:migrations``.
        name: The revision's part of that.
        commit: The hash of the commit that it means.
        path: The path from the top of the repository; empty for all of it.
        files: The blobs at the path or below it, by their paths from the top.
        is_folder: The path is a folder.
    """

    text: str
    name: str
    commit: str
    path: str
    files: dict[str, str]
    is_folder: bool

    def shown(self, path: str) -> str:
        """Return how a file of it is called: ``main:schemas/shop.sql``."""
        return f"{self.name}:{path}"

    @property
    def stem(self) -> str:
        """What people call the model in it."""
        path = PurePosixPath(self.path)
        return (path.name if self.is_folder else path.stem) or Path.cwd().name


def revision_of(text: str) -> Revision | None:
    """Return what ``REVISION:PATH`` means in the repository of the working directory; None when it says no such thing.

    Raises:
        SourceError: git is missing, this is no repository, or there is no such revision or path.
    """
    found = _LOOKS_LIKE.fullmatch(text)
    if not found or _DRIVE.match(text) or text.startswith("-") or "\0" in text or without_secrets(text) != text:
        return None
    name, path = found["revision"], _from_top(found["path"], text)
    commit = _commit(name, text)
    files = _files(commit, path)
    if not files:
        raise _no_path(text, name, commit, path)
    return Revision(text, name, commit, path, files, is_folder=path not in files)


def _from_top(path: str, text: str) -> str:
    """Return a path from the top of the repository; as git has it, one that starts with ``./`` is meant from here."""
    prefix = ""
    if path.startswith(("./", "../")) or path in {".", ".."}:
        prefix = _git("rev-parse", "--show-prefix", text=text).decode("utf-8", "surrogateescape").strip("\n")
    parts: list[str] = []
    for part in f"{prefix}{path}".split("/"):
        if part == ".." and parts:
            parts.pop()
        elif part not in {"", ".", ".."}:
            parts.append(part)
    return "/".join(parts)


def _commit(name: str, text: str) -> str:
    answer = _ask("rev-parse", "--quiet", "--verify", "--end-of-options", f"{name}^{{commit}}", text=text)
    if answer.returncode == 0:
        return answer.stdout.decode("ascii").strip()
    _git("rev-parse", "--git-dir", text=text)  # says what is wrong when this is no repository
    close = nearest(name, _references(text))
    raise SourceError(
        f"There is no revision {_cut(name)!r}.",
        where=_cut(text),
        fix=f"did you mean {close!r}?" if close else "`git branch --all` and `git tag` list what there is.",
    )


def _references(text: str) -> list[str]:
    listed = _git("for-each-ref", "--format=%(refname:short)", text=text).decode("utf-8", "replace")
    return ["HEAD", *listed.splitlines()]


def _files(commit: str, path: str) -> dict[str, str]:
    """Return the hashes of the files at a path of a commit, or below it, by path; links and submodules are left out."""
    listed = _git("ls-tree", "-r", "-z", "--full-tree", commit, "--", *([path] if path else []), text=path or commit)
    files = {}
    for line in listed.split(b"\0"):
        facts, _, name = line.partition(b"\t")
        mode, _, blob = facts.decode("ascii").partition(" blob ")
        if blob and mode != "120000":
            files[name.decode("utf-8", "surrogateescape")] = blob
    return files


def _no_path(text: str, name: str, commit: str, path: str) -> SourceError:
    everything = _files(commit, "")
    folders = {str(parent) for each in everything for parent in PurePosixPath(each).parents if str(parent) != "."}
    close = nearest(path, [*everything, *folders])
    return SourceError(
        f"The revision {_cut(name)!r} has no file or folder {_cut(path)!r}.",
        where=_cut(text),
        why="paths in a revision start at the top of the repository, and after ./ where you are.",
        fix=f"did you mean {f'{name}:{close}'!r}?"
        if close
        else f"`git ls-tree -r --name-only {_cut(name)}` lists them.",
    )


def documents_at(revision: Revision) -> list[Document]:
    """Return the file of a revision, or the SQL files of its folder in natural order, as documents.

    Raises:
        SourceError: A file is not text, or the folder holds no SQL.
    """
    paths = in_order(revision.files, revision.path) if revision.is_folder else [revision.path]
    if not paths:
        raise no_scripts(revision.text)
    return [_document(revision, path) for path in paths]


def notes_at(revision: Revision) -> Document | None:
    """Return the annotations that belong to a file or folder, as they were at the same revision."""
    here = PurePosixPath(revision.path)
    names = (
        [here / f"{here.name}.notes.yml", here / "notes.yml"]
        if revision.is_folder
        else [here.with_suffix("").with_suffix(f".notes{suffix}") for suffix in (".yml", ".yaml")]
    )
    for name in map(str, names):
        found = _files(revision.commit, name).get(name)
        if found:
            return _document(revision, name, found)
    return None


def _document(revision: Revision, path: str, blob: str = "") -> Document:
    data = _git("cat-file", "blob", blob or revision.files[path], text=revision.text)
    shown = Path(revision.shown(path))
    if data.startswith(_LARGE_FILE):
        raise SourceError(
            f"{str(shown)!r} is kept in Git LFS.", why="git holds only a pointer to it.", fix="name the file."
        )
    text = text_of(shown, data)
    return Document(revision.shown(path), up_only(text) if shown.suffix.lower() in SCRIPTS else text)


def changed_lines(revision: str) -> dict[str, list[tuple[int, int]]]:
    """Return the first and last line of each run of lines that is new since a revision, by absolute path.

    Files that git does not know yet are new as a whole; those that it ignores are left out.

    Raises:
        SourceError: This is no repository, or there is no such revision.
    """
    commit = _commit(revision, revision)
    top = top_folder(revision)
    changed: dict[str, list[tuple[int, int]]] = {}
    options = ("--no-color", "--no-ext-diff", "--no-textconv", "--unified=0", "--no-prefix", "--no-renames")
    path = ""
    for line in _git("-c", "core.quotePath=off", "diff", *options, commit, text=revision).splitlines():
        if line.startswith(b"+++ "):
            path = str(top / line[4:].decode("utf-8", "surrogateescape").rstrip("\t"))
        elif hunk := _HUNK.match(line):
            first, count = int(hunk[1]), int(hunk[2] or 1)
            changed.setdefault(path, []).append((first, first + count - 1))
    unknown = _git("ls-files", "--others", "--exclude-standard", "-z", "--full-name", str(top), text=revision)
    for name in filter(None, unknown.decode("utf-8", "surrogateescape").split("\0")):
        changed[str(top / name)] = [(1, 1 << 62)]
    return changed


def changed_files(revision: str) -> dict[str, str]:
    """Return ``added``, ``removed`` or ``changed`` by the absolute path of each file that is not as it was.

    Files that git does not know yet are added; those that it ignores are left out.

    Raises:
        SourceError: This is no repository, or there is no such revision.
    """
    commit, top = _commit(revision, revision), top_folder(revision)
    options = ("--name-status", "-z", "--no-ext-diff", "--no-renames")
    words = _git("diff", *options, commit, text=revision).decode("utf-8", "surrogateescape").split("\0")
    states = {"A": "added", "D": "removed"}
    found = {
        str(top / path): states.get(state, "changed") for state, path in zip(words[::2], words[1::2], strict=False)
    }
    unknown = _git("ls-files", "--others", "--exclude-standard", "-z", "--full-name", str(top), text=revision)
    names = filter(None, unknown.decode("utf-8", "surrogateescape").split("\0"))
    return found | {str(top / name): "added" for name in names}


def top_folder(text: str) -> Path:
    """Return the top of the repository that the working directory belongs to.

    Raises:
        SourceError: It belongs to none.
    """
    return Path(_git("rev-parse", "--show-toplevel", text=text).decode("utf-8", "surrogateescape").strip("\n"))


def _git(*arguments: str, text: str) -> bytes:
    """Return what git answers.

    Raises:
        SourceError: It could not; the message is git's own.
    """
    answer = _ask(*arguments, text=text)
    if answer.returncode == 0:
        return answer.stdout
    said = answer.stderr.decode("utf-8", "replace").strip().splitlines()
    reason = said[0].removeprefix("fatal: ") if said else f"git ended with {answer.returncode}"
    if "not a git repository" in reason:
        reason = "the folder that you are in belongs to no git repository"
    raise SourceError(f"{_cut(text)!r} cannot be read.", why=f"{reason}.", fix="name a file, or go to the repository.")


def _ask(*arguments: str, text: str) -> subprocess.CompletedProcess[bytes]:
    import subprocess

    environment = {**os.environ, **_QUIET}
    try:
        return subprocess.run(
            ["git", *_OPTIONS, *arguments],
            env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_TIMEOUT_S,
        )  # fmt: skip
    except FileNotFoundError:
        raise SourceError(
            f"{_cut(text)!r} cannot be read.", why="it names a git revision, and git is not installed."
        ) from None
    except subprocess.TimeoutExpired:
        raise SourceError(f"{_cut(text)!r} cannot be read.", why=f"git gave no answer in {_TIMEOUT_S} s.") from None


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."
