"""What people see: the tour in JupyterLab, trusted or not, light and dark, and the pages of `make review`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from planroom.notebook import export_html
from planroom.notebook.files import notebook_text, read_notebook
from tests.notebook.books import code, notebook, shown, words
from tests.notebook.browser import (
    CHROMIUM,
    PICTURE,
    ROOT,
    TOUR,
    Lab,
    Traffic,
    chromium,
    listening,
    running_lab,
    screenshot,
    visible_pictures,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on the PATH; .ci/run installs it on Debian"),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning"),
]

SHIPPED = sorted((ROOT / "notebooks").glob("*.ipynb"))
RUN_ALL = """async () => {
  await window.jupyterapp.shell.currentWidget.sessionContext.ready;
  return await window.jupyterapp.commands.execute('notebook:run-all-cells');
}"""
ERRORS = '[data-mime-type="application/vnd.jupyter.error"], [data-mime-type="application/vnd.jupyter.stderr"]'
PICTURES = 4  # in the tour: an overview, a focus, a part, and the classes


@pytest.fixture(scope="module", params=["trusted", "untrusted"])
def lab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab as `make lab` starts it, and as somebody's own, who has trusted nothing."""
    home = tmp_path_factory.mktemp(request.param)
    with running_lab(home, trusted=request.param == "trusted") as started:
        started.set("@jupyterlab/notebook-extension:tracker", windowingMode="none")  # all cells in the page at once
        yield started


def open_tour(page: Page, lab: Lab) -> None:
    page.goto(lab.page(TOUR))
    page.wait_for_selector(PICTURE, timeout=90_000)
    page.wait_for_function(f"document.querySelectorAll('{PICTURE}').length >= {PICTURES}", timeout=60_000)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_tour_runs_in_jupyterlab_without_an_error_and_with_its_pictures(
    lab: Lab, theme: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    trust = request.node.callspec.params["lab"]
    traffic = Traffic()
    lab.end_kernels()
    lab.set("@jupyterlab/apputils-extension:themes", theme=f"JupyterLab {theme.title()}")
    with chromium(tmp_path / "profile", theme) as browser:
        page = browser.pages[0]
        traffic.watch(page)
        open_tour(page, lab)
        before = visible_pictures(page)
        page.locator(PICTURE).first.scroll_into_view_if_needed()
        screenshot(page, f"lab-{trust}-{theme}-opened")

        assert page.locator("body").get_attribute("data-jp-theme-light") == ("true" if theme == "light" else "false")
        assert page.locator(".jp-toast-message, .Toastify__toast").count() == 0, "nothing is asked"
        finished = page.evaluate(RUN_ALL)
        page.wait_for_timeout(500)
        after = visible_pictures(page)
        errors = page.locator(ERRORS).all_inner_texts()
        prompts = page.locator(".jp-CodeCell .jp-InputPrompt").all_inner_texts()
        screenshot(page, f"lab-{trust}-{theme}-end")
        for position in range(len(after)):
            page.locator(PICTURE).nth(position).scroll_into_view_if_needed()
            screenshot(page, f"lab-{trust}-{theme}-run-{position + 1}")

    expected = len([cell for cell in read_notebook(SHIPPED[0])["cells"] if cell["cell_type"] == "code"])
    assert errors == []
    assert finished, "all cells have run"
    assert [prompt.strip("[]: ") for prompt in prompts if prompt.strip()] == [str(n + 1) for n in range(expected)]
    assert len(before) == PICTURES
    assert [picture["words"] for picture in after] == [picture["words"] for picture in before]
    assert all(picture["width"] > 0 and picture["shown"] > 100 for picture in after)
    assert traffic.hosts == {lab.host}


def test_jupyterlab_has_nothing_to_warn_of(lab: Lab) -> None:
    said = lab.log.read_text(encoding="utf-8", errors="replace")

    assert "without encryption" not in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("path", "theme"), [(SHIPPED[0], "dark"), *((path, "light") for path in SHIPPED)], ids=lambda each: Path(each).stem
)
def test_a_page_of_the_review_asks_no_host_for_anything(path: Path, theme: str, tmp_path: Path) -> None:
    traffic = Traffic()
    index, target = export_html([path], tmp_path / "review")
    with chromium(tmp_path / "profile", theme) as browser:
        page = browser.pages[0]
        traffic.watch(page)
        page.goto(index.as_uri())
        screenshot(page, f"review-index-{theme}")
        page.locator("a").first.click()
        page.wait_for_selector(PICTURE)
        pictures = visible_pictures(page)
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        screenshot(page, f"review-{path.stem}-{theme}", whole=True)
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    assert pictures
    assert all(picture["width"] > 0 for picture in pictures)
    assert sum(map(int, background.strip("rgba()").split(",")[:3])) > 600 if theme == "light" else True
    assert sum(map(int, background.strip("rgba()").split(",")[:3])) < 150 if theme == "dark" else True
    assert overflow == 0, "nothing makes the page scroll sideways"
    assert traffic.count == 0
    assert target.exists()


def test_a_page_with_hostile_cells_asks_no_host_and_runs_no_script(tmp_path: Path) -> None:
    path = tmp_path / "hostile.ipynb"
    with listening() as (host, asked), chromium(tmp_path / "profile", "light") as browser:
        hostile = notebook(
            words(f'# Review\n\n<script>document.title = "ran"</script> ![x]({host}/x.png)'),
            code("v", shown(text_html=f'<img src="{host}/y.png" onerror="document.title=\'ran\'">')),
            code("w", shown(text_html=f"<style>@import '{host}/z.css'; p {{ background: url({host}/b.png) }}</style>")),
            code("x", shown(text_html=f'<iframe src="{host}/frame"></iframe><object data="{host}/object"></object>')),
            code("y", shown(text_html=f'<link rel="prefetch" href="{host}/later"><video src="{host}/v.mp4"></video>')),
            code("z", shown(text_html=f'<link rel="stylesheet" href="{host}/z.css"><base href="{host}/">')),
        )
        path.write_text(notebook_text(hostile))
        _, target = export_html([path], tmp_path / "review")
        page = browser.pages[0]
        page.goto(target.as_uri())
        page.wait_for_timeout(500)

        assert page.title() == "Review"
        assert asked == []
        page.goto(f"{host}/to-see-that-it-listens")
        assert asked[:1] == ["/to-see-that-it-listens"]  # a browser may ask for the icon of what it shows
