"""planroom adr reject: mark a decision as rejected."""

from __future__ import annotations

from planroom.cli.adr._shared import status_command

__all__ = ["command"]


command = status_command("reject", "rejected")
