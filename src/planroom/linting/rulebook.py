"""All rules, whatever they judge: found by code or slug, chosen, and told as a page."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from planroom.errors import UnknownNameError
from planroom.linting.architectures import ARCHITECTURE_RULES
from planroom.linting.base import LintRule
from planroom.linting.migrations import MIGRATION_RULES
from planroom.linting.notices import NOTICES, Notice
from planroom.linting.queries import QUERY_RULES
from planroom.linting.schemas import SCHEMA_RULES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from planroom.findings import DocumentedRule

__all__ = ["all_rules", "as_plain", "chosen", "codes_of", "known_names", "notice_page", "rule_called", "rule_page"]


def all_rules() -> tuple[LintRule, ...]:
    """Return every rule, sorted by code."""
    rules: tuple[LintRule, ...] = (*SCHEMA_RULES, *MIGRATION_RULES, *QUERY_RULES, *ARCHITECTURE_RULES)
    return tuple(sorted(rules, key=lambda each: each.code))


def _known() -> tuple[LintRule | Notice, ...]:
    return (*all_rules(), *NOTICES.values())


def known_names() -> tuple[str, ...]:
    """Return the codes and slugs of all rules, and of what planroom says of its own."""
    return tuple(name for each in _known() for name in (each.code, each.slug))


def rule_called(name: str, others: Iterable[DocumentedRule] = ()) -> DocumentedRule | Notice:
    """Return the rule, or what planroom says of its own, with a code or slug.

    Args:
        name: The code or slug.
        others: Rules that are not the linter's, to look among too.

    Raises:
        UnknownNameError: There is none.
    """
    wanted, known = name.lower(), (*_known(), *others)
    for each in known:
        if wanted in {each.code.lower(), each.slug}:
            return each
    names = [called for each in known for called in (each.code, each.slug)]
    raise UnknownNameError.of("rule", name, names, listing="planroom rules")


def chosen(select: Collection[str], ignore: Collection[str]) -> frozenset[str]:
    """Return the codes of the rules that are meant: those selected (all, where none is) but those ignored.

    What planroom says of its own reading is among them unless it is ignored by name.

    Args:
        select: Codes, slugs, or the letters that codes begin with, such as ``MIG``.
        ignore: Likewise.

    Raises:
        UnknownNameError: A name means no rule.
    """
    wanted = codes_of(select) if select else frozenset(each.code for each in all_rules())
    return (wanted | frozenset(NOTICES)) - codes_of(ignore)


def codes_of(names: Collection[str]) -> frozenset[str]:
    """Return the codes of the rules that names mean: codes, slugs, or the letters that codes begin with.

    Raises:
        UnknownNameError: A name means no rule.
    """
    found: set[str] = set()
    known = _known() if names else ()
    for name in names:
        meant = {each.code for each in known if name.strip().lower() in _called(each)}
        if not meant:
            raise UnknownNameError.of("rule", name, known_names(), listing="planroom rules")
        found |= meant
    return frozenset(found)


def _called(rule: LintRule | Notice) -> tuple[str, ...]:
    """Return what a rule goes by, in lower case: its code, its slug, and the letters of its kind."""
    code = rule.code.lower()
    return code, rule.slug, code.rstrip("0123456789")


def as_plain(rule: DocumentedRule | Notice) -> dict[str, object]:
    """Return a rule as plain data, for programs; what planroom says of its own has a name and words alone."""
    if isinstance(rule, Notice):
        return {"code": rule.code, "slug": rule.slug, "judges": "", "severity": "", "summary": rule.summary}
    return {
        "code": rule.code,
        "slug": rule.slug,
        "judges": str(rule.subject),
        "severity": str(rule.severity),
        "effect": str(rule.effect),
        "summary": (type(rule).__doc__ or "").partition("\n")[0],
        "fix": rule.fix,
        "source": rule.source,
        "bad": list(map(str, rule.bad)),
        "good": list(map(str, rule.good)),
        "before": rule.before,
        "unproven": rule.unproven,
    }


def rule_page(rule: DocumentedRule | Notice) -> str:
    """Return what a rule is about, generated from the rule: what, why, examples, what to do, and what it rests on."""
    if isinstance(rule, Notice):
        return notice_page(rule)
    first, _, rest = inspect.cleandoc(type(rule).__doc__ or "").partition("\n")
    blocks = [f"{rule.code} {rule.slug}", first, rest.strip()]
    blocks.append(f"severity  {rule.severity}\neffect    {rule.effect}\njudges    {rule.subject}")
    blocks.append(f"fix: {rule.fix}" if rule.fix else "")
    blocks += [*_examples("given", (rule.before,)), *_examples("found in", rule.bad), *_examples("not in", rule.good)]
    proof = f"not tried on a server: {rule.unproven}" if rule.unproven else rule.proof
    blocks.append(f"proof: {proof}" + (f"\nsource: {rule.source}" if rule.source else ""))
    return "\n\n".join(filter(None, blocks))


def notice_page(notice: Notice) -> str:
    """Return what something that planroom says of its own is about."""
    return "\n\n".join((f"{notice.code} {notice.slug}", notice.summary, notice.page))


def _examples(title: str, scripts: Iterable[object]) -> Iterator[str]:
    shown = [inspect.cleandoc(text) for text in map(str, scripts) if text.strip()]
    if shown:
        lines = (f"    {line}" for each in shown for line in each.splitlines())
        yield "\n".join([f"{title}:", *lines])
