"""planroom adr accept: mark a decision as accepted."""

from __future__ import annotations

from planroom.cli.adr._shared import status_command

__all__ = ["command"]


command = status_command("accept", "accepted")
