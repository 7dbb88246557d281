"""All rules, whatever they judge: found by code or slug, chosen, and told as a page."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from planroom.errors import UnknownNameError
from planroom.linting.base import LintRule
from planroom.linting.migrations import MIGRATION_RULES
from planroom.linting.queries import QUERY_RULES
from planroom.linting.schemas import SCHEMA_RULES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

__all__ = ["all_rules", "chosen", "known_names", "rule_called", "rule_page"]


def all_rules() -> tuple[LintRule, ...]:
    """Return every rule, sorted by code."""
    rules: tuple[LintRule, ...] = (*SCHEMA_RULES, *MIGRATION_RULES, *QUERY_RULES)
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
        meant = {each.code for each in rules if name.strip().lower() in _called(each)}
        if not meant:
            raise UnknownNameError.of("rule", name, known_names(), listing="planroom rules")
        found |= meant
    return frozenset(found)


def _called(rule: LintRule) -> tuple[str, ...]:
    """Return what a rule goes by, in lower case: its code, its slug, and the letters of its kind."""
    code = rule.code.lower()
    return code, rule.slug, code.rstrip("0123456789")


def rule_page(rule: LintRule) -> str:
    """Return what a rule is about, generated from the rule: what, why, examples, what to do, and what it rests on."""
    first, _, rest = inspect.cleandoc(type(rule).__doc__ or "").partition("\n")
    blocks = [f"{rule.code} {rule.slug}", first, rest.strip()]
    blocks.append(f"severity  {rule.severity}\neffect    {rule.effect}\njudges    {rule.subject}")
    blocks.append(f"fix: {rule.fix}" if rule.fix else "")
    blocks += [*_examples("given", (rule.before,)), *_examples("found in", rule.bad), *_examples("not in", rule.good)]
    proof = f"not tried on a server: {rule.unproven}" if rule.unproven else "tests hold it against a PostgreSQL server"
    blocks.append(f"proof: {proof}" + (f"\nsource: {rule.source}" if rule.source else ""))
    return "\n\n".join(filter(None, blocks))


def _examples(title: str, scripts: Iterable[str]) -> Iterator[str]:
    shown = [inspect.cleandoc(each) for each in scripts if each.strip()]
    if shown:
        lines = (f"    {line}" for each in shown for line in each.splitlines())
        yield "\n".join([f"{title}:", *lines])
