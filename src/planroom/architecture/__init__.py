"""A software system as a model: what it is made of, who uses it, where it runs, and which tables are whose.

One `System` is drawn as many views, written in many languages, and judged by rules; all of them call its parts by the
same names as the design of its data does.

>>> from planroom.architecture import Container, Relation, System
>>> print(System("Shop", containers=[Container("web", kind="web app", technology="React", owner="team-web")]))
Shop: 1 container
container  kind     technology  owner     owns
web        web app  React       team-web
"""

from planroom.architecture.elements import (
    Boundary,
    Component,
    Container,
    DeploymentNode,
    Kind,
    Person,
    Picture,
    Relation,
    Scenario,
    SoftwareSystem,
    Step,
)
from planroom.architecture.flows import Element, Flow
from planroom.architecture.lifting import Lifted, lift, lifted_flows
from planroom.architecture.selection import (
    Chosen,
    Predicate,
    chosen,
    inside,
    kind,
    named,
    owner,
    personal,
    tag,
    technology,
)
from planroom.architecture.system import System, names

__all__ = [
    "Boundary",
    "Chosen",
    "Component",
    "Container",
    "DeploymentNode",
    "Element",
    "Flow",
    "Kind",
    "Lifted",
    "Person",
    "Picture",
    "Predicate",
    "Relation",
    "Scenario",
    "SoftwareSystem",
    "Step",
    "System",
    "chosen",
    "inside",
    "kind",
    "lift",
    "lifted_flows",
    "named",
    "names",
    "owner",
    "personal",
    "tag",
    "technology",
]
