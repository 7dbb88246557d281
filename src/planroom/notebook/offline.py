"""Notebooks as self-contained HTML: one file each, without scripts, that asks no host for anything.

Pictures are inside the file. The page follows the reader's light or dark setting and prints light. Formulas between
dollar signs stay as they are written, and a widget shows the HTML it carries: both would need scripts.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from planroom.display import escape
from planroom.errors import SourceError
from planroom.files import write_whole
from planroom.notebook.files import missing, read_notebook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.notebook.files import Notebook

__all__ = ["as_node", "export_html", "html_exporter", "offline_html", "title_of"]

_TEMPLATES = Path(__file__).parent / "templates"
_PRIORITY = (
    "text/html", "image/svg+xml", "text/markdown", "image/png", "image/jpeg", "text/latex", "text/vnd.mermaid",
    "text/plain",
)  # fmt: skip
_DARK = "lab/static/theme-dark.css"
_HEADING = re.compile(r"^#\s+(.+?)\s*#*$", re.MULTILINE)


def export_html(paths: Sequence[Path], folder: Path) -> tuple[Path, ...]:
    """Write notebooks, as they are, as HTML into a folder, with an ``index.html`` that links them.

    Args:
        paths: The notebooks; their outputs are what the pages show.
        folder: Where the pages go; it is made if need be.

    Returns:
        The files that were written, the index first.

    Raises:
        SourceError: A notebook cannot be read, two bear the same name, or a page cannot be written.
        MissingExtraError: nbconvert is not installed.
    """
    targets = _targets(paths, folder)
    notebooks = [read_notebook(path) for path in paths]
    pages = [offline_html(notebook, path) for notebook, path in zip(notebooks, paths, strict=True)]
    _make(folder)
    for target, page in zip(targets, pages, strict=True):
        write_whole(target, page)
    titles = [title_of(notebook, path) for notebook, path in zip(notebooks, paths, strict=True)]
    index = folder / "index.html"
    write_whole(index, _index([(target.name, *title) for target, title in zip(targets, titles, strict=True)]))
    return index, *targets


def _targets(paths: Sequence[Path], folder: Path) -> list[Path]:
    targets = [folder / f"{path.stem}.html" for path in paths]
    for position, target in enumerate(targets):
        if target.name == "index.html" or target in targets[:position]:
            raise SourceError(
                f"{str(paths[position])!r} has no page of its own.",
                why=f"another page is called {target.name} already.",
                fix="rename the notebook, or export it into another folder.",
            )
    return targets


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceError(f"The folder {str(folder)!r} cannot be made.", why=f"{error.strerror or error}.") from None


def offline_html(notebook: Notebook, path: Path) -> str:
    """Return a notebook as one HTML page that loads nothing.

    Args:
        notebook: What to show.
        path: Its file; pictures that its text names are found from there.

    Raises:
        MissingExtraError: nbconvert is not installed.
    """
    exporter = html_exporter()
    source, _, _ = exporter.environment.loader.get_source(exporter.environment, _DARK)
    resources = {"metadata": {"path": str(path.parent), "name": title_of(notebook, path)[0]}, "dark_theme": source}
    page: str = exporter.from_notebook_node(as_node(notebook), resources)[0]
    return f"{page.strip()}\n"


def as_node(notebook: Notebook) -> Any:
    """Return a notebook as nbconvert takes it."""
    from nbformat import from_dict

    return from_dict(notebook)


def html_exporter(template: str = "offline", *, anchors: bool = False) -> Any:
    """Return what makes HTML of a notebook by one of planroom's templates; with anchors, its headings can be linked to.

    Raises:
        MissingExtraError: nbconvert is not installed.
    """
    try:
        from nbconvert import HTMLExporter
    except ImportError:
        raise missing("nbconvert") from None
    from traitlets.config import Config

    config = Config()
    config.NbConvertBase.display_data_priority = list(_PRIORITY)
    return HTMLExporter(
        config=config,
        extra_template_basedirs=[str(_TEMPLATES)],
        template_name=template,
        embed_images=True,
        exclude_anchor_links=not anchors,
        anchor_link_text="",
    )


def title_of(notebook: Notebook, path: Path) -> tuple[str, str]:
    """Return a notebook's first heading and the text below it up to a blank line."""
    text = next((cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "markdown"), "")
    heading = _HEADING.search(text)
    if not heading:
        return path.stem, ""
    below = text[heading.end() :].strip().partition("\n\n")[0]
    return heading[1], " ".join(below.split())


def _index(pages: Sequence[tuple[str, str, str]]) -> str:
    """Return the page that links pages: their file, title and first words."""
    items = "".join(
        f'<li><a href="{escape(quote(file))}">{escape(title)}</a><br><span>{escape(words)}</span></li>'
        for file, title, words in pages
    )
    template = (_TEMPLATES / "index.html").read_text(encoding="utf-8")
    return template.replace("{{ items }}", items)
