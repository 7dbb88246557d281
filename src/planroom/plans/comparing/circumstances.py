"""What was different around two plans, so that a change explains itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.comparing.naming import product
from planroom.sqltext.identity import query_fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.plans.plan import Plan

__all__ = ["circumstances", "setting_changes"]

_GENERIC = ("plan_cache_mode", "force_generic_plan")


def circumstances(old: Plan, new: Plan) -> tuple[str, ...]:
    """Return what differs in the statement, the engine and its settings, in words."""
    return tuple(_differing(old, new))


def _differing(old: Plan, new: Plan) -> Iterator[str]:
    if old.sql and new.sql and query_fingerprint(old.sql) != query_fingerprint(new.sql):
        yield "the statements differ, not only in their constants"
    if old.engine != new.engine:
        yield f"{_version(old)} and {_version(new)}: operators are compared by what they do, estimates as each has them"
        return
    if old.version and new.version and old.version != new.version:
        yield f"{_version(old)} → {new.version}"
    generic = [dict(plan.settings).get(_GENERIC[0]) == _GENERIC[1] for plan in (old, new)]
    if generic[0] != generic[1]:
        yield f"the {'old' if generic[0] else 'new'} plan is generic: the one for any values of the parameters"
    settings = [{key: value for key, value in plan.settings if (key, value) != _GENERIC} for plan in (old, new)]
    yield from setting_changes(settings[0], settings[1])
    if old.analyzed != new.analyzed:
        yield f"only the {'old' if old.analyzed else 'new'} plan was run"


def setting_changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    """Yield the settings that differ; one that a plan does not name has its default."""
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name, "default"), new.get(name, "default")
        if before != after:
            yield f"{name}: {before} → {after}"


def _version(plan: Plan) -> str:
    return f"{product(plan.engine)} {plan.version}".rstrip()
