"""Icons of the package ``diagrams``, found by name and inlined: no path is left in a picture, nothing twice.

The icons are PNG files of 256 pixels, made smaller to 64; drawn at 28, they are sharp on a screen of twice the density.
They are trademarks of their owners.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from planroom.diagrams.pixels import smaller
from planroom.drawing import svg

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Icon", "definitions", "icon_called", "icon_in"]

# Where a bare name is looked for, the likeliest first; whatever else there is comes after, by name.
_PREFERRED = ("onprem", "programming", "elastic", "saas", "generic", "k8s", "aws", "gcp", "azure")
_PIXELS = 64
_WORD = re.compile(r"[a-z0-9]+")
_BY_ANOTHER_NAME = {
    "nginx": "onprem/network/nginx", "kafka": "onprem/queue/kafka", "redis": "onprem/inmemory/redis",
    "s3": "aws/storage/simple-storage-service-s3", "postgres": "onprem/database/postgresql",
    "elasticsearch": "elastic/elasticsearch/elasticsearch", "ses": "aws/engagement/simple-email-service-ses",
    "golang": "programming/language/go", "kubernetes": "k8s/infra/master",
}  # fmt: skip


class Icon:
    """A picture: its bytes, and the id under which a document holds it.

    Attributes:
        id: Made of its bytes, so that two documents in one page agree.
    """

    __slots__ = ("content", "id")

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.id = f"icon-{hashlib.sha256(content).hexdigest()[:16]}"

    @property
    def uri(self) -> str:
        """The picture as a data URI."""
        return f"data:image/png;base64,{base64.b64encode(self.content).decode()}"


@cache
def _folder() -> Path | None:
    """Return where the package keeps its icons, without importing it; None where it is not installed."""
    found = importlib.util.find_spec("diagrams")
    folder = Path(found.origin).parent.parent / "resources" if found and found.origin else None
    return folder if folder and folder.is_dir() else None


@cache
def _index() -> Mapping[str, str]:
    """Return the path below the folder of each icon's bare name and of each whole name."""
    folder = _folder()
    if folder is None:
        return {}
    paths = sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.png"))
    rank = {name: at for at, name in enumerate(_PREFERRED)}
    paths.sort(key=lambda path: (rank.get(path.partition("/")[0], len(rank)), path))
    found: dict[str, str] = {}
    for path in paths:
        found.setdefault(path.rpartition("/")[2].lower(), path)
    return found | {path: path for path in paths}


@lru_cache(maxsize=1024)
def icon_called(name: str) -> Icon | None:
    """Return the icon that a technology's or an icon's name means; None where there is none.

    A name is a whole one, ``onprem/database/postgresql``, or a technology, ``PostgreSQL 18``: its words are tried
    together and one by one.
    """
    folder, index = _folder(), _index()
    if folder is None or not name or name == "none":
        return None
    words = _WORD.findall(name.lower())
    tried = [name.lower(), "-".join(words), "".join(words), *words]
    for each in tried:
        path = _BY_ANOTHER_NAME.get(each) or index.get(each, "")
        if path in index and len(each) > 1:
            return _read(folder / f"{path}.png")
    return None


def icon_in(path: str) -> Icon | None:
    """Return the icon in a PNG file; None where it cannot be read."""
    try:
        return _read(Path(path))
    except OSError:
        return None


@lru_cache(maxsize=256)
def _read(path: Path) -> Icon | None:
    content = path.read_bytes()
    return Icon(smaller(content, _PIXELS)) if content.startswith(b"\x89PNG") else None


def definitions(icons: Iterable[Icon]) -> str:
    """Return the icons as definitions that a document uses by their ids, each once; empty for none."""
    known = {icon.id: icon for icon in icons}
    images = (
        svg.element("image", {"id": each, "width": 28.0, "height": 28.0, "href": known[each].uri})
        for each in sorted(known)
    )
    content = "".join(images)
    return svg.element("defs", {}, content) if content else ""
