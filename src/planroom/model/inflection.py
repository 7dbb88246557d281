"""English plurals, as far as names of tables use them."""

from __future__ import annotations

from functools import lru_cache

__all__ = ["singular"]

_IRREGULAR = {
    "people": "person", "children": "child", "men": "man", "women": "woman", "mice": "mouse", "geese": "goose",
    "feet": "foot", "teeth": "tooth", "oxen": "ox", "dice": "die",
    "data": "datum", "media": "medium", "criteria": "criterion", "phenomena": "phenomenon", "strata": "stratum",
    "curricula": "curriculum", "addenda": "addendum", "errata": "erratum", "memoranda": "memorandum",
    "indices": "index", "vertices": "vertex", "matrices": "matrix", "appendices": "appendix", "axes": "axis",
    "codices": "codex", "quizzes": "quiz", "buses": "bus", "gases": "gas", "yeses": "yes",
    "leaves": "leaf", "shelves": "shelf", "knives": "knife", "wolves": "wolf", "halves": "half", "lives": "life",
    "wives": "wife", "thieves": "thief", "selves": "self", "calves": "calf", "loaves": "loaf", "scarves": "scarf",
    "shoes": "shoe", "toes": "toe", "canoes": "canoe", "caches": "cache", "aches": "ache", "niches": "niche",
    "databases": "database", "bases": "base",
}  # fmt: skip
"""Plurals that no rule below makes singular. Source: any grammar of English; the choice is what schemas use."""

_UNCHANGED = frozenset(
    "series species news lens gas bus plus yes gis sms gps dns css aws tls https always kudos chassis".split()
)
"""Words that end like a plural and are none, or are their own plural."""

_DROP_S = frozenset(
    """
    movies cookies ties pies zombies selfies calories rookies brownies genies smoothies hoodies
    menus skus cpus gpus gurus apis kpis taxis emojis wikis skis
    """.split()
)
"""Words that only lose their ``s``, whatever their ending suggests."""

_ENDS_IN_AS = ("alias", "atlas", "bias", "canvas", "gas", "christmas", "pajamas")
_FROM_SIS = ("analyses", "diagnoses", "crises", "theses", "hypotheses", "oases", "synopses", "emphases", "neuroses")
_USES_WITH_E = ("auses", "ouses", "cuses", "fuses", "muses", "buses")
_HISSES = ("sses", "shes", "ches", "xes", "zzes")


@lru_cache(maxsize=16_384)
def singular(word: str) -> str:
    """Return the singular of a lower-case English noun; a singular stays as it is.

    It is made for comparing names: two forms of one noun give the same text, and giving it a result again changes
    nothing. Compounds follow their end: ``salespeople`` gives ``salesperson``.

    Example:
        >>> [singular(word) for word in ("people", "companies", "addresses", "statuses", "analyses", "status", "news")]
        ['person', 'company', 'address', 'status', 'analysis', 'status', 'news']
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    for plural in ("people", "children", "women"):
        if word.endswith(plural):
            return word.removesuffix(plural) + _IRREGULAR[plural]
    if len(word) < 3 or not word.endswith("s") or word in _UNCHANGED:
        return word
    if word in _DROP_S:
        return word[:-1]
    return _by_ending(word)


def _by_ending(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 else word[:-1]
    if word.endswith(_FROM_SIS):
        return word[:-2] + "is"
    if word.endswith("es") and word[:-2].endswith(_ENDS_IN_AS):
        return word[:-2]
    if word.endswith("uses"):
        return word[:-1] if word.endswith(_USES_WITH_E) else word[:-2]
    if word.endswith("oes") or word.endswith(_HISSES):
        return word[:-2]
    if word.endswith(("ss", "us", "is")) or word.endswith(_ENDS_IN_AS):
        return word
    return word[:-1]
