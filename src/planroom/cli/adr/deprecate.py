"""planroom adr deprecate: mark a decision as deprecated."""

from __future__ import annotations

from planroom.cli.adr._shared import status_command

__all__ = ["command"]


command = status_command("deprecate", "deprecated")
