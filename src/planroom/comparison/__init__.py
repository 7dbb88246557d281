"""Two models compared: what changed, what follows from it, and what cannot be told; as words and as a picture.

>>> from planroom.comparison import compare
>>> from planroom.model import Model
>>> compare(Model(), Model()).outcome
'equal'
"""

from planroom.comparison.changes import Change, ChangeState, Facet, Impact, Judgement, Unknown
from planroom.comparison.comparing import compare
from planroom.comparison.difference import Difference

__all__ = ["Change", "ChangeState", "Difference", "Facet", "Impact", "Judgement", "Unknown", "compare"]
