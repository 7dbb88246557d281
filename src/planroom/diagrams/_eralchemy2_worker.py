"""The child process that runs eralchemy2: ``.er`` text comes in, SVG or nothing goes out; it knows nothing of planroom.

eralchemy2 writes into a file that it is given the name of, prints what it cannot parse, and its layout holds the GIL.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from pathlib import Path


def _main() -> None:
    text = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8").read()
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # whatever others print must not mix with the picture
    from eralchemy2 import render_er

    with tempfile.TemporaryDirectory(prefix="planroom-er-") as folder:
        target = Path(folder) / "picture.svg"
        render_er(text.splitlines(), str(target), mode="graph")
        answer.write(target.read_text(encoding="utf-8"))
    answer.flush()


if __name__ == "__main__":
    _main()
