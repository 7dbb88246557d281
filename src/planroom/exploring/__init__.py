"""The explorer: a design as one HTML page that needs no server, no host and no planroom.

Everything that takes judgement is done here, in Python, once: what belongs together, where each table stands, which
way each relation takes. The page only shows it.
"""

from planroom.exploring.content import Decision
from planroom.exploring.explorer import Explorer

__all__ = ["Decision", "Explorer"]
