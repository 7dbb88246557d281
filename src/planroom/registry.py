"""Plug-ins found by walking a folder: the file's name is the plug-in's name.

Adding a format, an engine, a view or a rule means adding one file. A team's own plug-ins join through
the entry-point group ``planroom.plugins``; an entry point's name is ``<folder>.<plug-in>``, such as
``formats.dbml``, and its value the module.
"""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
import sys
from functools import cache, cached_property
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from planroom.errors import PlanroomError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import ModuleType

__all__ = ["ENTRY_POINT_GROUP", "Registry"]

ENTRY_POINT_GROUP = "planroom.plugins"

T = TypeVar("T")


class Registry(Generic[T]):
    """The plug-ins of one folder, found by file name and imported only when asked for.

    A plug-in module defines exactly one concrete subclass of ``base``; the registry holds one instance
    of it. Files whose name starts with an underscore, and ``base``, are not plug-ins.

    Args:
        kind: What a plug-in is, in messages: ``format``, ``engine``.
        package: The dotted name of the folder.
        base: The class that a plug-in subclasses.
        listing: The command that lists the plug-ins.
    """

    def __init__(self, kind: str, package: str, base: type[T], *, listing: str = "") -> None:
        self.kind = kind
        self.package = package
        self.base = base
        self.listing = listing
        self._loaded: dict[str, T] = {}

    @cached_property
    def _modules(self) -> Mapping[str, str]:
        """Module by plug-in name; nothing is imported but the folder itself."""
        folder = importlib.import_module(self.package)
        found = {
            info.name.replace("_", "-"): f"{self.package}.{info.name}"
            for info in pkgutil.iter_modules(folder.__path__)
            if not info.name.startswith("_") and info.name != "base"
        }
        return dict(sorted({**found, **self._from_entry_points()}.items()))

    def _from_entry_points(self) -> dict[str, str]:
        if not _may_declare(tuple(sys.path)):
            return {}
        from importlib import metadata

        prefix = self.package.rpartition(".")[2] + "."
        points = metadata.entry_points(group=ENTRY_POINT_GROUP)
        return {point.name.removeprefix(prefix): point.value for point in points if point.name.startswith(prefix)}

    def names(self) -> tuple[str, ...]:
        """Return the names of all plug-ins, sorted, without importing them."""
        return tuple(self._modules)

    def __iter__(self) -> Iterator[T]:
        return (self[name] for name in self.names())

    def __contains__(self, name: str) -> bool:
        return name in self._modules

    def __getitem__(self, name: str) -> T:
        """Return the plug-in called ``name``.

        Raises:
            UnknownNameError: Nothing bears that name; the message names the nearest.
            PlanroomError: The plug-in's module does not define exactly one plug-in.
        """
        if name not in self._modules:
            raise UnknownNameError.of(self.kind, name, self.names(), listing=self.listing)
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def _load(self, name: str) -> T:
        module = importlib.import_module(self._modules[name])
        classes = list(self._plugin_classes(module))
        if len(classes) != 1:
            raise PlanroomError(
                f"The {self.kind} {name!r} cannot be loaded.",
                where=module.__name__,
                why=f"its module defines {len(classes)} subclasses of {self.base.__name__}; it must define one.",
                fix="put each plug-in in a file of its own.",
            )
        return classes[0]()

    def _plugin_classes(self, module: ModuleType) -> Iterator[type[T]]:
        for member in vars(module).values():
            if (
                isinstance(member, type)
                and member.__module__ == module.__name__
                and issubclass(member, self.base)
                and not inspect.isabstract(member)
            ):
                yield member


@cache
def _may_declare(places: tuple[str, ...]) -> bool:
    """Whether a package in one of these places may bring plug-ins.

    Told by a look at their files: `importlib.metadata` takes four times as long to load and to ask as a small file
    takes to be judged. What only it can see into (archives, other finders) may.
    """
    if any(hasattr(finder, "find_distributions") and finder is not PathFinder for finder in sys.meta_path):
        return True
    return any(Path(place).is_file() or any(map(_declares, _distributions(place))) for place in places)


def _distributions(place: str) -> Iterator[Path]:
    try:
        with os.scandir(place or ".") as found:
            yield from (Path(each.path) for each in found if each.name.endswith((".dist-info", ".egg-info")))
    except OSError:
        return


def _declares(distribution: Path) -> bool:
    try:
        return ENTRY_POINT_GROUP.encode() in (distribution / "entry_points.txt").read_bytes()
    except OSError:
        return False
