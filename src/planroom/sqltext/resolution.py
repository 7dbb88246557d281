"""Which operator or function a call means, and the types it gives its arguments: PostgreSQL's own rules.

Source: the PostgreSQL manual, "Type Conversion"; ``parse_func.c`` (func_select_candidate), ``parse_oper.c`` and
``parse_coerce.c``.
"""

from __future__ import annotations

from functools import cache, lru_cache

from planroom.sqltext.builtins import OPAQUE, UNKNOWN, Signature, builtins, functions_named, operators_named
from planroom.values import dataclass

__all__ = [
    "Call",
    "can_coerce",
    "category",
    "common_type",
    "is_array",
    "is_user_type",
    "resolve_function",
    "resolve_operator",
    "select",
]


@dataclass(frozen=True, slots=True)
class Call:
    """What a call was resolved to.

    Attributes:
        arguments: The type that each actual argument is given; `OPAQUE` where it stays as it is.
        result: The type of the result.
        kind: ``f``, ``a`` or ``w``, as in `Signature`.
    """

    arguments: tuple[str, ...]
    result: str
    kind: str = "f"


def is_array(type_: str) -> bool:
    """Return whether a type is an array type."""
    return type_.endswith("[]")


def category(type_: str) -> str:
    """Return a type's category: ``A`` for arrays, ``U`` for types that are not built in."""
    if is_array(type_):
        return "A"
    return builtins().categories.get(type_, "X" if type_ == UNKNOWN else "U")


@cache
def is_user_type(type_: str) -> bool:
    """Return whether a type is neither built in, nor an array of a built-in type, nor open."""
    return type_ not in (OPAQUE, UNKNOWN) and type_.removesuffix("[]") not in builtins().categories


@lru_cache(maxsize=4096)
def can_coerce(source: str, target: str, contexts: str = "i") -> bool:
    """Return whether a value of one type may become another unasked (``i``), or in an assignment (``ia``)."""
    if source in {target, UNKNOWN} or target == "any":
        return True
    if target.startswith("any"):
        return _fits_polymorphic(source, target)
    if is_array(source) and is_array(target):
        return can_coerce(source[:-2], target[:-2], contexts)
    if builtins().casts.get((source, target), "e")[0] in contexts:
        return True
    return "a" in contexts and category(target) == "S" and not is_user_type(source)


def _fits_polymorphic(source: str, target: str) -> bool:
    kind = target.removeprefix("anycompatible") if target.startswith("anycompatible") else target[3:]
    if kind in {"element", ""}:
        return True
    if kind == "array":
        return is_array(source)
    if kind == "nonarray":
        return not is_array(source)
    if kind == "enum":
        return is_user_type(source) and not is_array(source)
    multirange = source.endswith("multirange")
    return multirange if kind == "multirange" else kind == "range" and category(source) == "R" and not multirange


@lru_cache(maxsize=4096)
def common_type(types: tuple[str, ...]) -> str:
    """Return the type of a construct that joins values: CASE, COALESCE, ARRAY, UNION, IN (select_common_type).

    `OPAQUE` when one of them is, or when they do not go together.
    """
    if OPAQUE in types:
        return OPAQUE
    chosen = types[0]
    if chosen != UNKNOWN and all(type_ == chosen for type_ in types):
        return chosen
    for type_ in types[1:]:
        if type_ in {UNKNOWN, chosen}:
            continue
        if chosen == UNKNOWN:
            chosen = type_
        elif category(type_) != category(chosen):
            return OPAQUE
        elif chosen not in builtins().preferred and can_coerce(chosen, type_) and not can_coerce(type_, chosen):
            chosen = type_
    return "text" if chosen == UNKNOWN else chosen


_COMPARISONS = frozenset({"=", "<>", "<", ">", "<=", ">="})
_MATCHES = frozenset({"~~", "!~~", "~~*", "!~~*", "~", "!~", "~*", "!~*"})


@lru_cache(maxsize=8192)
def resolve_operator(name: str, left: str | None, right: str) -> Call:
    """Return what an operator means for operands of these types; ``left`` is None for a prefix operator.

    For types that are not built in, comparisons give an untyped literal the type of the other operand; nothing else
    can be told.
    """
    types = (right,) if left is None else (left, right)
    if OPAQUE in types or any(map(is_user_type, types)):
        return _opaque_operator(name, types)
    candidates = [candidate for candidate in operators_named(name) if len(candidate.arguments) == len(types)]
    assumed = types
    if len(types) == 2 and UNKNOWN in types:
        known = types[0] if types[1] == UNKNOWN else types[1]
        assumed = (known, known)
    exact = next((candidate for candidate in candidates if candidate.arguments == assumed), None)
    return _called(exact or select(candidates, types), types)


def _opaque_operator(name: str, types: tuple[str, ...]) -> Call:
    compared = name in _COMPARISONS or name in _MATCHES
    result = "boolean" if compared else OPAQUE
    known = next((type_ for type_ in types if type_ not in {OPAQUE, UNKNOWN}), OPAQUE)
    if compared and UNKNOWN in types:
        return Call(tuple(known for _ in types), result)
    return Call(tuple(OPAQUE for _ in types), result)


@lru_cache(maxsize=8192)
def resolve_function(name: str, types: tuple[str, ...], *, variadic: bool = False) -> Call | None:
    """Return what a call of a built-in function means; None when it cannot be told.

    Args:
        name: The function's name, without a schema.
        types: The types of the actual arguments.
        variadic: The call marks its last argument VARIADIC.
    """
    candidates = [
        fitting
        for candidate in functions_named(name)
        if (fitting := _expanded(candidate, len(types), variadic=variadic)) is not None
    ]
    if not candidates or any(type_ == OPAQUE or is_user_type(type_) for type_ in types):
        return _partly_known(candidates)
    exact = next((candidate for candidate in candidates if candidate.arguments == types), None)
    chosen = exact or select(candidates, types)
    return _called(chosen, types) if chosen else None


def _partly_known(candidates: list[Signature]) -> Call | None:
    """Return what can be told when an argument's type is not known: what all candidates agree upon."""
    if not candidates:
        return None
    results = {candidate.result for candidate in candidates}
    result = results.pop() if len(results) == 1 else OPAQUE
    slots = [set(slot) for slot in zip(*[candidate.arguments for candidate in candidates], strict=True)]
    agreed = tuple(slot.pop() if len(slot) == 1 else OPAQUE for slot in slots)
    arguments = tuple(OPAQUE if type_.startswith("any") else type_ for type_ in agreed)
    return Call(arguments, OPAQUE if result.startswith("any") else result, candidates[0].kind)


def _expanded(candidate: Signature, count: int, *, variadic: bool) -> Signature | None:
    """Return a candidate as it would take ``count`` arguments; None when it cannot."""
    arguments = candidate.arguments
    if len(arguments) == count and (variadic or not candidate.variadic):
        return candidate
    if variadic:
        return None
    if candidate.variadic and count >= len(arguments):
        last = arguments[-1]
        element = (
            last.removesuffix("[]")
            if is_array(last)
            else {"anyarray": "anyelement", "anycompatiblearray": "anycompatible"}.get(last, last)
        )
        repeated = (element,) * (count - len(arguments) + 1)
        return Signature(arguments[:-1] + repeated, candidate.result, kind=candidate.kind)
    if len(arguments) - candidate.defaults <= count < len(arguments):
        return Signature(arguments[:count], candidate.result, kind=candidate.kind)
    return None


def select(candidates: list[Signature], types: tuple[str, ...]) -> Signature | None:
    """Return the candidate that the server would choose; None when there is none or it is ambiguous."""
    fitting = [
        candidate
        for candidate in candidates
        if all(can_coerce(source, target) for source, target in zip(types, candidate.arguments, strict=True))
        and _is_consistent(candidate, types)
    ]
    for narrow in (_most_exact, _most_preferred, _by_unknown_category, _by_one_known_type):
        if len(fitting) <= 1:
            break
        fitting = narrow(fitting, types)
    return fitting[0] if len(fitting) == 1 else None


def _is_consistent(candidate: Signature, types: tuple[str, ...]) -> bool:
    """Return whether the polymorphic arguments agree on their element type (check_generic_type_consistency)."""
    pairs = zip(candidate.arguments, types, strict=True)
    return len({_element(wanted, type_) for wanted, type_ in pairs if _is_strict(wanted)} - {UNKNOWN}) <= 1


def _best(candidates: list[Signature], scores: list[int]) -> list[Signature]:
    best = max(scores)
    return [candidate for candidate, score in zip(candidates, scores, strict=True) if score == best]


def _most_exact(candidates: list[Signature], types: tuple[str, ...]) -> list[Signature]:
    scores = [
        sum(type_ == wanted and type_ != UNKNOWN for type_, wanted in zip(types, candidate.arguments, strict=True))
        for candidate in candidates
    ]
    return _best(candidates, scores)


def _most_preferred(candidates: list[Signature], types: tuple[str, ...]) -> list[Signature]:
    def score(candidate: Signature) -> int:
        pairs = [pair for pair in zip(types, candidate.arguments, strict=True) if pair[0] != UNKNOWN]
        return sum(type_ == wanted or _is_preferred(category(type_), wanted) for type_, wanted in pairs)

    return _best(candidates, [score(candidate) for candidate in candidates])


def _is_preferred(of_category: str, type_: str) -> bool:
    return type_ in builtins().preferred and category(type_) == of_category


def _by_unknown_category(candidates: list[Signature], types: tuple[str, ...]) -> list[Signature]:
    wanted: list[tuple[int, str, bool]] = []
    for slot, type_ in enumerate(types):
        if type_ != UNKNOWN:
            continue
        choices = [candidate.arguments[slot] for candidate in candidates]
        categories = [category(choice) for choice in choices]
        chosen = "S" if "S" in categories else categories[0]
        if chosen != "S" and len(set(categories)) > 1:
            return candidates
        has_preferred = any(_is_preferred(chosen, choice) for choice in choices)
        wanted.append((slot, chosen, has_preferred))
    kept = [
        candidate
        for candidate in candidates
        if all(
            category(candidate.arguments[slot]) == chosen
            and (not has_preferred or _is_preferred(chosen, candidate.arguments[slot]))
            for slot, chosen, has_preferred in wanted
        )
    ]
    return kept or candidates


def _by_one_known_type(candidates: list[Signature], types: tuple[str, ...]) -> list[Signature]:
    known = {type_ for type_ in types if type_ != UNKNOWN}
    if len(known) != 1 or UNKNOWN not in types:
        return candidates
    (only,) = known
    kept = [
        candidate
        for candidate in candidates
        if all(can_coerce(only, wanted) for wanted in candidate.arguments)
        and _is_consistent(candidate, (only,) * len(types))
    ]
    return kept if len(kept) == 1 else candidates


def _called(chosen: Signature | None, types: tuple[str, ...]) -> Call:
    if chosen is None:
        return Call(tuple(OPAQUE for _ in types), OPAQUE)
    if not any(type_.startswith("any") for type_ in (*chosen.arguments, chosen.result)):
        return Call(chosen.arguments, chosen.result, chosen.kind)
    return _polymorphic(chosen, types)


def _polymorphic(chosen: Signature, types: tuple[str, ...]) -> Call:
    """Return a call of a polymorphic function with the actual types in place."""
    pairs = list(zip(chosen.arguments, types, strict=True))
    strict = [_element(wanted, type_) for wanted, type_ in pairs if _is_strict(wanted) and type_ != UNKNOWN]
    loose = tuple(_element(wanted, type_) for wanted, type_ in pairs if wanted.startswith("anycompatible"))
    element = strict[0] if strict else UNKNOWN
    compatible = common_type(loose) if loose else UNKNOWN

    def actual(declared: str, given: str) -> str:
        if declared == "any" or not declared.startswith("any"):
            return OPAQUE if declared == "any" else declared
        base = compatible if declared.startswith("anycompatible") else element
        return _polymorphic_actual(declared, base, given)

    arguments = tuple(actual(wanted, type_) for wanted, type_ in pairs)
    return Call(arguments, actual(chosen.result, OPAQUE), chosen.kind)


def _is_strict(wanted: str) -> bool:
    return wanted.startswith("any") and wanted != "any" and not wanted.startswith("anycompatible")


def _element(wanted: str, actual: str) -> str:
    """Return the element type that an argument stands for."""
    if actual == UNKNOWN:
        return actual
    if wanted.endswith("array") and not wanted.endswith("nonarray"):
        return actual.removesuffix("[]")
    if wanted.endswith("range"):
        return builtins().subtypes.get(actual.replace("multirange", "range"), OPAQUE)
    return actual


def _polymorphic_actual(declared: str, base: str, given: str) -> str:
    if declared.endswith("range"):
        return given if given not in {UNKNOWN, OPAQUE} else _range_of(base, multirange=declared.endswith("multirange"))
    if declared.endswith("array") and not declared.endswith("nonarray"):
        return f"{base}[]" if base not in {UNKNOWN, OPAQUE} else OPAQUE
    return "text" if base == UNKNOWN else base


def _range_of(subtype: str, *, multirange: bool) -> str:
    ranges = [range_ for range_, of in builtins().subtypes.items() if of == subtype]
    if not ranges:
        return OPAQUE
    return ranges[0].replace("range", "multirange") if multirange else ranges[0]
