"""What a design is: frozen values with a stable order, equality and identity, and no I/O.

Readers build a `Model`, writers and views consume it; nothing mutates it.
"""

from planroom.model.annotations import Annotations
from planroom.model.columns import Column, Generated, Identity
from planroom.model.constraints import Check, Exclusion, ExclusionElement, ForeignKey, PrimaryKey, Unique
from planroom.model.facts import Facts, PersonalValues
from planroom.model.indexes import ExtendedStatistics, Index, IndexColumn
from planroom.model.model import Model
from planroom.model.names import ObjectId, qualified, quote_identifier
from planroom.model.relations import Cardinality, Relation
from planroom.model.routines import Argument, Policy, Routine, Trigger
from planroom.model.schemas import Extension, Schema, Unread
from planroom.model.selection import annotate, annotations_from
from planroom.model.tables import Partition, Partitioning, Table, View
from planroom.model.types import CompositeType, Domain, Enum, Field, RangeType, Sequence, SequenceOptions

__all__ = [
    "Annotations",
    "Argument",
    "Cardinality",
    "Check",
    "Column",
    "CompositeType",
    "Domain",
    "Enum",
    "Exclusion",
    "ExclusionElement",
    "ExtendedStatistics",
    "Extension",
    "Facts",
    "Field",
    "ForeignKey",
    "Generated",
    "Identity",
    "Index",
    "IndexColumn",
    "Model",
    "ObjectId",
    "Partition",
    "Partitioning",
    "PersonalValues",
    "Policy",
    "PrimaryKey",
    "RangeType",
    "Relation",
    "Routine",
    "Schema",
    "Sequence",
    "SequenceOptions",
    "Table",
    "Trigger",
    "Unique",
    "Unread",
    "View",
    "annotate",
    "annotations_from",
    "qualified",
    "quote_identifier",
]
