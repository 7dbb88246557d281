"""A diagram as an object of mermaid-py, for those who already use it.

Only its ``Graph`` is made, which holds a title and a text. Its ``Mermaid`` is never: the constructor sends the text to
a web service. Importing mermaid-py in a notebook registers a magic that does the same; here it is imported without one.
"""

from __future__ import annotations

import contextlib
import io
import sys
from importlib import import_module, util
from typing import TYPE_CHECKING, Any

from planroom.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mermaid.graph import Graph

__all__ = ["mermaid_graph"]


def mermaid_graph(title: str, script: str) -> Graph:
    """Return a ``mermaid.graph.Graph``; nothing is sent anywhere.

    Raises:
        MissingExtraError: mermaid-py is not installed.
    """
    if util.find_spec("mermaid") is None:
        raise MissingExtraError.of("A Graph of mermaid-py", "mermaid-py", "icons")
    with _no_magic(), contextlib.redirect_stdout(io.StringIO()):  # it prints when there is no IPython
        graph: Graph = import_module("mermaid.graph").Graph(title, script)
    return graph


@contextlib.contextmanager
def _no_magic() -> Iterator[None]:
    """Let an import find no running shell; one that was imported before has done what it does."""
    shell: Any = sys.modules.get("IPython")
    if shell is None or "mermaid" in sys.modules:
        yield
        return
    found = shell.get_ipython
    shell.get_ipython = lambda: None
    try:
        yield
    finally:
        shell.get_ipython = found
