"""The command line: it mirrors the library and holds no logic. Each file here without an underscore is a command."""

from planroom.cli._main import main

__all__ = ["main"]
