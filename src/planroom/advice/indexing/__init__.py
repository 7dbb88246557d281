"""Which indexes a workload wants: candidates from its queries, and the choice among them under a budget.

Everything here is calculation. What a query costs with which indexes comes from whoever can tell, through `Costs`.
"""

from planroom.advice.indexing.advising import advised
from planroom.advice.indexing.candidate import CandidateIndex
from planroom.advice.indexing.candidates import candidate_indexes
from planroom.advice.indexing.costs import Costs
from planroom.advice.indexing.existing import ExistingIndex, existing_indexes
from planroom.advice.indexing.results import AdvisedQuery, ChosenIndex, DroppedIndex, IndexAdvice

__all__ = [
    "AdvisedQuery",
    "CandidateIndex",
    "ChosenIndex",
    "Costs",
    "DroppedIndex",
    "ExistingIndex",
    "IndexAdvice",
    "advised",
    "candidate_indexes",
    "existing_indexes",
]
