"""The resources of a dbt project: what its files say of each model, seed, snapshot and source table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from planroom.errors import ModelError, nearest
from planroom.findings import Location
from planroom.formats._dbt.jinja import Reference, has_jinja, unescaped
from planroom.formats._dbt.nodes import Node
from planroom.model import Annotations, Unread, annotations_from, qualified
from planroom.model.names import DEFAULT_SCHEMA

__all__ = ["Project", "Resource", "annotations_of", "project", "tests_of"]

_TABLES = {"models": "model", "seeds": "seed", "snapshots": "snapshot"}
_REST = {"version", "anchors"}  # they say nothing of tables
_OTHERS = {
    "analyses", "data_tests", "exposures", "functions", "macros", "metrics", "saved_queries", "semantic_models",
    "unit_tests",
}  # fmt: skip
_RESOURCE_KEYS = {
    "name", "identifier", "description", "columns", "tests", "data_tests", "constraints", "config", "meta", "group",
    "versions", "latest_version",
}  # fmt: skip
_CONFIG_KEYS = {"contract", "schema", "alias", "meta", "group"}
_VERSION_KEYS = {"v", "columns", "description", "tests", "data_tests", "constraints", "config"}
_TABLE_LIKE = {"table", "incremental"}


@dataclass(frozen=True)
class Resource:
    """A table as dbt describes it.

    Attributes:
        kind: ``model``, ``seed``, ``snapshot`` or ``source``.
        schema: The custom schema as written; dbt's own macro puts the target's before it.
        columns: What stands for each column, in order.
        contracted: Its contract is enforced, so that the database holds it to its constraints.
        owner: The name of its group's owner.
    """

    kind: str
    schema: str
    table: str
    location: Location
    description: str
    columns: tuple[Node, ...]
    tests: tuple[Node, ...]
    constraints: tuple[Node, ...]
    metas: tuple[Node, ...]
    contracted: bool = False
    owner: str = ""

    @property
    def id(self) -> str:
        """The id of its table."""
        return qualified(self.schema, self.table)


@dataclass
class Project:
    """What is known of a project; ``unread`` grows while it is read.

    Attributes:
        resources: By the id of their table.
        schemas: What is said of the schema of each source.
    """

    resources: dict[str, Resource] = field(default_factory=dict)
    schemas: dict[str, str] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    _by_name: dict[tuple[str, ...], str] = field(default_factory=dict)
    _owners: dict[str, str] = field(default_factory=dict)

    def note(self, kind: str, what: str, reason: str, node: Node) -> None:
        """Keep what the model does not hold."""
        self.unread.append(Unread(kind=kind, what=what, reason=reason, text=node.verbatim, location=node.location))

    def target(self, call: Reference) -> tuple[str, str]:
        """Return the id of the table that a call means, or an empty one and the reason why there is none."""
        key = (call.function, *call.names, *([call.version] if call.version else []))
        if key in self._by_name:
            return self._by_name[key], ""
        if call.package:
            return "", f"the package {call.package!r} is not part of what was read"
        wanted = ".".join(call.names) + (f" (version {call.version})" if call.version else "")
        known = {".".join(each[1:]) for each in self._by_name if each[0] == call.function}
        close = nearest(".".join(call.names), known)
        kind = "source table" if call.function == "source" else "model, seed or snapshot"
        return "", f"no {kind} is called {wanted!r}" + (f"; did you mean {close!r}?" if close else "")

    def owner(self, group: str) -> str:
        """Return who owns a group; the group's name where it does not say."""
        return self._owners.get(group, group)

    def add(self, resource: Resource, node: Node, *names: tuple[str, ...]) -> None:
        """Take a resource in under the names by which others refer to it."""
        if resource.id in self.resources:
            self.note("broken", f"{resource.kind} {resource.id}", "something else is described by that name", node)
            return
        self.resources[resource.id] = resource
        for name in names:
            self._by_name.setdefault(name, resource.id)

    def add_group(self, node: Node) -> None:
        """Take in who owns a group."""
        owner = node.get("owner")
        self._owners[node.get("name").text] = owner.get("name").text or owner.get("email").text


def project(roots: Sequence[Node]) -> Project:
    """Return the resources that YAML trees describe, and what of the trees is none."""
    found = Project()
    for root in roots:
        for group in root.get("groups").items:
            found.add_group(group)
    for root in roots:
        _add_file(found, root)
    return found


def _add_file(found: Project, root: Node) -> None:
    """Take in what one properties file says; a file with none of dbt's keys is another program's."""
    if not root.fields.keys() & {*_TABLES, "sources", "groups", *_OTHERS}:
        found.note("session", root.location.source, "it is no properties file of dbt's", root)
        return
    for key, value in root.fields.items():
        if key in _TABLES:
            for node in value.items:
                _add_resource(found, _TABLES[key], node)
        elif key == "sources":
            for node in value.items:
                _add_source(found, node)
        elif key not in _REST | {"groups"}:
            found.note("query", key, "it describes no table", value)


# -- models, seeds, snapshots ------------------------------------------------------------------------------------------


def _add_resource(found: Project, kind: str, node: Node) -> None:
    name = node.get("name").text
    if not name:
        found.note("broken", kind, "it has no name", node)
        return
    _note_rest(found, f"{kind} {name}", node, _RESOURCE_KEYS)
    versions = node.get("versions").items
    if not versions:
        found.add(_resource(found, kind, name, node, node, tuple(node.get("columns").items)), node, ("ref", name))
        return
    latest = node.get("latest_version").text or max((each.get("v").text for each in versions), key=_version_order)
    for each in versions:
        version = each.get("v").text
        _note_rest(found, f"{kind} {name}.v{version}", each, _VERSION_KEYS)
        resource = _resource(found, kind, f"{name}_v{version}", node, each, _columns_of_version(node, each))
        names = [("ref", name, version), *([("ref", name)] if version == latest else [])]
        found.add(resource, each, *names)


def _version_order(version: str) -> tuple[int, float, str]:
    try:
        return 1, float(version), version
    except ValueError:
        return 0, 0.0, version


def _columns_of_version(model: Node, version: Node) -> tuple[Node, ...]:
    """Return the columns of a version: all of the model's, unless it says which, then its own."""
    own = version.get("columns").items
    rules = [each for each in own if "include" in each.fields or "exclude" in each.fields]
    included = {each.text for rule in rules for each in rule.get("include").items} or {"all"}
    excluded = {each.text for rule in rules for each in rule.get("exclude").items}
    added = [each for each in own if each.get("name").text]
    hidden = excluded | {each.get("name").text for each in added}
    everything = bool(included & {"all", "*"})
    kept = [
        each
        for each in model.get("columns").items
        if (everything or each.get("name").text in included) and each.get("name").text not in hidden
    ]
    return (*kept, *added)


def _resource(found: Project, kind: str, name: str, model: Node, own: Node, columns: tuple[Node, ...]) -> Resource:
    """Return a model or one version of it; what the version says comes before what the model says."""
    levels = (own,) if own is model else (own, model)
    contract = _first(levels, "config", "contract", "enforced")
    group = _first(levels, "config", "group").text or _first(levels, "group").text
    _note_config(found, f"{kind} {name}", levels)
    return Resource(
        kind=kind,
        schema=_name(found, _first(levels, "config", "schema"), DEFAULT_SCHEMA),
        table=_name(found, _first(levels, "config", "alias"), name),
        location=own.location,
        description=_first(levels, "description").text,
        columns=columns,
        tests=next((tests for level in levels if (tests := tests_of(level))), ()),
        constraints=tuple(_first(levels, "constraints").items),
        metas=tuple(level.get(*path) for level in reversed(levels) for path in (("meta",), ("config", "meta"))),
        contracted=contract.truth is True,
        owner=found.owner(group) if group else "",
    )


def _first(levels: Sequence[Node], *path: str) -> Node:
    """Return what the first level says that says anything."""
    values = [level.get(*path) for level in levels]
    return next((each for each in values if not each.is_null), values[-1])


def _name(found: Project, node: Node, otherwise: str) -> str:
    """Return a name as written; what Jinja makes of it cannot be told, and ``otherwise`` stands for it."""
    if has_jinja(node.text):
        found.note("session", f"the name {node.text!r}", f"Jinja is not run: {otherwise!r} stands for it", node)
        return otherwise
    return unescaped(node.text) or otherwise


def tests_of(node: Node) -> tuple[Node, ...]:
    """Return the data tests of a resource or column, under their new name and their old one."""
    return (*node.get("data_tests").items, *node.get("tests").items)


def _note_config(found: Project, what: str, levels: Sequence[Node]) -> None:
    for level in levels:
        config = level.get("config")
        _note_rest(found, what, config, _CONFIG_KEYS | ({"materialized"} if _is_a_table(config) else set()))


def _is_a_table(config: Node) -> bool:
    return config.get("materialized").text in _TABLE_LIKE


def _note_rest(found: Project, what: str, node: Node, known: set[str]) -> None:
    for key, value in node.fields.items():
        if key not in known:
            found.note("session", f"{key} of {what}", "the model has no place for it", value)


# -- sources -----------------------------------------------------------------------------------------------------------


def _add_source(found: Project, source: Node) -> None:
    name = source.get("name").text
    if not name:
        found.note("broken", "source", "it has no name", source)
        return
    _note_rest(found, f"source {name}", source, {"name", "schema", "description", "tables", "meta", "config"})
    _note_rest(found, f"source {name}", source.get("config"), {"meta"})
    schema = _name(found, source.get("schema"), name)
    found.schemas[schema] = unescaped(source.get("description").text)
    for node in source.get("tables").items:
        table = node.get("name").text
        if not table:
            found.note("broken", f"a table of source {name}", "it has no name", node)
            continue
        what = f"source table {name}.{table}"
        _note_rest(found, what, node, _RESOURCE_KEYS)
        _note_rest(found, what, node.get("config"), {"meta"})
        found.add(_source_table(found, source, node, schema, table), node, ("source", name, table))


def _source_table(found: Project, source: Node, node: Node, schema: str, name: str) -> Resource:
    return Resource(
        kind="source",
        schema=schema,
        table=_name(found, node.get("identifier"), name),
        location=node.location,
        description=node.get("description").text,
        columns=tuple(node.get("columns").items),
        tests=tests_of(node),
        constraints=(),
        metas=tuple(level.get(*path) for level in (source, node) for path in (("meta",), ("config", "meta"))),
    )


# -- meta --------------------------------------------------------------------------------------------------------------


def annotations_of(found: Project, what: str, metas: Sequence[Node], owner: str = "") -> Annotations:
    """Return the annotations that ``meta`` holds: planroom's own, an owner, and every other key as it is written."""
    values: dict[str, str] = {"owner": owner} if owner else {}
    for meta in metas:
        values |= _scalars(found, what, meta, {"planroom"})
        values |= _scalars(found, what, meta.get("planroom"), set())
    try:
        return annotations_from(values)
    except ModelError as error:
        found.note("broken", f"meta of {what}", error.why or error.fix, metas[-1])
        return Annotations(owner=owner)


def _scalars(found: Project, what: str, meta: Node, without: set[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for key, value in meta.fields.items():
        if value.kind == "scalar":
            values[key] = unescaped(value.text)
        elif key not in without:
            found.note("session", f"meta.{key} of {what}", "an annotation holds one value", value)
    return values
