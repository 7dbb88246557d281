"""All rules, whatever they judge: found by code or slug, chosen, and told as a page."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from planroom.errors import UnknownNameError
from planroom.linting.base import LintRule, Subject
from planroom.linting.migrations import MIGRATION_RULES
from planroom.linting.schemas import SCHEMA_RULES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from planroom.registry import Registry

__all__ = ["all_rules", "chosen", "known_names", "rule_called", "rule_page"]


def _registries() -> Mapping[Subject, Registry[LintRule]]:
    from planroom.linting.queries import QUERY_RULES

    found: dict[Subject, Registry[LintRule]] = {}
    for subject, registry in (
        (Subject.SCHEMA, SCHEMA_RULES),
        (Subject.MIGRATIONS, MIGRATION_RULES),
        (Subject.QUERIES, QUERY_RULES),
    ):
        found[subject] = registry  # type: ignore[assignment]  (a registry only hands out)
    return found


def all_rules() -> tuple[LintRule, ...]:
    """Return every rule, sorted by code."""
    rules = (rule for registry in _registries().values() for rule in registry)
    return tuple(sorted(rules, key=lambda each: each.code))


def known_names() -> tuple[str, ...]:
    """Return the codes and slugs of all rules."""
    return tuple(name for rule in all_rules() for name in (rule.code, rule.slug))


def rule_called(name: str) -> LintRule:
    """Return the rule with a code or slug.

    Raises:
        UnknownNameError: There is none.
    """
    wanted = name.lower()
    for rule in all_rules():
        if wanted in {rule.code.lower(), rule.slug}:
            return rule
    raise UnknownNameError.of("rule", name, known_names(), listing="planroom rules")


def chosen(select: Collection[str], ignore: Collection[str]) -> frozenset[str]:
    """Return the codes of the rules that are meant: those selected (all, where none is) but those ignored.

    Args:
        select: Codes, slugs, or the letters that codes begin with, such as ``MIG``.
        ignore: Likewise.

    Raises:
        UnknownNameError: A name means no rule.
    """
    rules = all_rules()
    wanted = _codes(rules, select) if select else frozenset(each.code for each in rules)
    return wanted - _codes(rules, ignore)


def _codes(rules: Iterable[LintRule], names: Collection[str]) -> frozenset[str]:
    found: set[str] = set()
    for name in names:
        wanted = name.strip().lower()
        meant = {
            each.code
            for each in rules
            if wanted in {each.code.lower(), each.slug, each.code.rstrip("0123456789").lower()}
        }
        if not meant:
            raise UnknownNameError.of("rule", name, known_names(), listing="planroom rules")
        found |= meant
    return frozenset(found)


def rule_page(rule: LintRule) -> str:
    """Return what a rule is about, generated from the rule: what, why, examples, what to do, and what it rests on."""
    words = inspect.cleandoc(type(rule).__doc__ or "")
    first, _, rest = words.partition("\n")
    lines = [f"{rule.code} {rule.slug}", "", first]
    lines += ["", rest.strip()] if rest.strip() else []
    lines += ["", f"severity  {rule.severity}", f"effect    {rule.effect}", f"judges    {rule.subject}"]
    lines += ["", f"fix: {rule.fix}"] if rule.fix else []
    for title, examples in (("given", (rule.before,)), ("found in", rule.bad), ("not found in", rule.good)):
        shown = [each for each in examples if each.strip()]
        lines += (
            ["", f"{title}:", *(f"    {line}" for each in shown for line in inspect.cleandoc(each).splitlines())]
            if shown
            else []
        )
    proof = (
        f"not tried on a server: {rule.unproven}"
        if rule.unproven
        else "its examples are tried on a PostgreSQL server by planroom's tests"
    )
    lines += ["", f"proof: {proof}"]
    lines += [f"source: {rule.source}"] if rule.source else []
    return "\n".join(lines)
