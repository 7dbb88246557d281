"""MADR 4 and 3: Markdown with YAML front matter. Source: adr.github.io/madr, template of version 4.0.0."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from planroom.adr.front_matter import with_key
from planroom.adr.record import Link, Record
from planroom.adr.styles.base import Draft, Source, Style, kind_of_link, link_of

__all__ = ["Madr"]

_LINK_KEYS = {
    "supersedes": "supersedes",
    "superseded-by": "superseded by",
    "amends": "amends",
    "amended-by": "amended by",
    "relates-to": "relates to",
    "related": "relates to",
    "conflicts-with": "conflicts with",
    "depends-on": "depends on",
}
_HEADINGS = frozenset({"context and problem statement", "decision outcome", "considered options"})


class Madr(Style):
    """Front matter with ``status``, ``date`` and ``decision-makers`` (3: ``deciders``), then MADR's headings."""

    order: ClassVar[int] = 2
    writes: ClassVar[bool] = True

    def recognises(self, source: Source) -> bool:
        """Return whether there is front matter, or MADR's headings without a list of facts below the title."""
        headings = {each.heading.text.lower() for each in source.sections}
        return bool(source.front) or bool(_HEADINGS & headings)

    def read(self, source: Source) -> Record:
        """Return the record; what supersedes it may stand in the status, or in a key of its own."""
        meta = source.front.values
        status, by = _status(meta.get("status"))
        more = source.section("more information", "links")
        return Record(
            source=source.name,
            text=source.text,
            style=self.name,
            number=source.number,
            title=str(meta["title"]) if "title" in meta and not source.heading else source.title,
            status=status,
            date=str(meta.get("date") or ""),
            deciders=_words(meta.get("decision-makers", meta.get("deciders"))),
            tags=_words(meta.get("tags")),
            context=source.body(source.section("context and problem statement")),
            decision=source.body(source.section("decision outcome")),
            options=source.options(),
            argued=source.argued(),
            chosen=source.chosen(),
            links=(*by, *_of_keys(meta), *source.links_in(more)),
            meta=meta,
        )

    def with_status(self, record: Record, status: str, by: Link | None = None) -> str:
        """Return the text with the key ``status`` set; MADR 4 names what supersedes by its id alone."""
        said = f'"{status} by {_id(by)}"' if by is not None else _plain(status)
        return with_key(record.text, "status", said)

    def with_link(self, record: Record, link: Link, title: str) -> str:  # noqa: ARG002
        """Return the text with the link's key set: a list of ids."""
        key = next((key for key, kind in _LINK_KEYS.items() if kind == link.kind), "relates-to")
        there = [str(each) for each in _listed(record.meta.get(key))]
        ids = list(dict.fromkeys([*there, _id(link)]))
        return with_key(record.text, key, f"[{', '.join(ids)}]")

    def new(self, draft: Draft) -> str:
        """Return a record with MADR's front matter and headings, in its order."""
        front = [
            ("status", _plain(draft.status)),
            ("date", draft.date),
            *((key, _yaml(value)) for key, value in draft.meta),
        ]
        parts = ["---", *(f"{key}: {value}" for key, value in front), "---", "", f"# {draft.title}", ""]
        parts += ["## Context and Problem Statement", "", draft.context or "{What is the problem, and for whom?}", ""]
        parts += ["## Considered Options", ""]
        parts += [f"* {each}" for each in draft.options or ("{option 1}", "{option 2}")]
        chosen = draft.chosen or "{option 1}"
        why = draft.decision or "{why it is the best}"
        parts += [
            "",
            "## Decision Outcome",
            "",
            f'Chosen option: "{chosen}", because {why}.',
            "",
            "### Consequences",
            "",
        ]
        parts += [draft.consequences or "* Good, because {what gets better}\n* Bad, because {what gets worse}", ""]
        parts += ["### Confirmation", "", "{Which check shows that the decision is kept?}", ""]
        return "\n".join(parts)


def _status(value: Any) -> tuple[str, tuple[Link, ...]]:
    """Return the plain status, and the link in ``superseded by ADR-0123``."""
    text = str(value or "").strip()
    found = re.match(r"(?P<words>.*?\bby)\s+(?P<target>\S.*)$", text, re.IGNORECASE)
    if found and kind_of_link(found["words"]) == "superseded by":
        link = re.search(r"\[[^]]*\]\(([^)]+)\)", found["target"])
        return "superseded", (link_of("superseded by", link[1] if link else found["target"]),)
    return text.lower(), ()


def _of_keys(meta: Any) -> tuple[Link, ...]:
    return tuple(
        link_of(kind, f"{each:04}" if isinstance(each, int) else str(each))
        for key, kind in _LINK_KEYS.items()
        for each in _listed(meta.get(key))
    )


def _listed(value: Any) -> list[Any]:
    return [] if value is None or value == "" else value if isinstance(value, list) else [value]


def _words(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(str(each) for each in value)
    return tuple(each.strip() for each in str(value).split(",") if each.strip()) if value else ()


def _id(link: Link | None) -> str:
    if link is None:
        return ""
    return f"ADR-{link.number:04}" if link.number is not None else link.target


def _plain(text: str) -> str:
    """Return a text as YAML: quoted where YAML would read something else."""
    return text if re.fullmatch(r"[A-Za-z][\w .-]*", text) and text.lower() not in _YAML_WORDS else _quoted(text)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


_YAML_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def _yaml(value: object) -> str:
    """Return a value as YAML on one line."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(_yaml(each) for each in value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_yaml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return str(value) if isinstance(value, int | float) else _plain(str(value))
