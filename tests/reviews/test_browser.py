"""What a reviewer sees: the project's own review in a browser that is offline, light, dark and on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planroom.reviews import gathered
from tests.notebook.browser import CHROMIUM, ROOT, Traffic, chromium, listening, screenshot
from tests.notebook.test_offline import is_inside, loads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from planroom.reviews import Review


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Review, Path]]:
    """The review of this project, and the file that holds it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        review = gathered()
        yield review, review.save(tmp_path_factory.mktemp("own") / "review.html")


def test_the_projects_own_review_loads_nothing_and_is_under_two_megabytes(own: tuple[Review, Path]) -> None:
    found = loads(own[1].read_text(encoding="utf-8"))

    assert [each for each in found.found if not is_inside(each)] == []
    assert found.scripts == 0
    assert found.policy_first
    assert found.images_without_words == 0
    assert own[1].stat().st_size < 2_000_000


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM, reason="no chromium on the PATH; .ci/run installs it on Debian")
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_opens_offline_and_its_contents_lead_to_its_parts(
    own: tuple[Review, Path], theme: str, tmp_path: Path
) -> None:
    review, file = own
    traffic = Traffic()
    with chromium(tmp_path / "profile", theme) as browser:
        browser.set_offline(True)
        page = browser.pages[0]
        traffic.watch(page)
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(file.as_uri())
        screenshot(page, f"design-review-{theme}")
        links = page.locator("nav > ol > li > a")
        tops = []
        for at in range(links.count()):
            links.nth(at).click()
            tops.append(page.evaluate("document.querySelector(':target')?.getBoundingClientRect().top"))
        page.locator('a[href="#d2"]').first.click()
        opened = page.evaluate("document.getElementById('d2').closest('details').open")
        nowhere = page.evaluate(
            "[...document.querySelectorAll('a[href^=\"#\"]')].filter("
            "each => !document.getElementById(decodeURIComponent(each.hash.slice(1)))).map(each => each.hash)"
        )
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        broken = page.evaluate("[...document.images].filter(each => !each.naturalWidth).length")
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.emulate_media(media="print")
        on_paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        folded = page.evaluate(
            "[...document.querySelectorAll('details:not([open]) > :not(summary)')].map(each => each.checkVisibility())"
        )

    assert len(tops) == 3 + len(review.chapters)
    assert all(top is not None and 0 <= top < 200 for top in tops)
    assert opened, "a link to a record unfolds it"
    assert nowhere == []
    assert traffic.count == 0
    assert said == [], "the policy has nothing to refuse"
    assert (overflow, broken) == (0, 0)
    assert (sum(map(int, background.strip("rgba()").split(",")[:3])) < 150) == (theme == "dark")
    assert on_paper == "rgb(255, 255, 255)"
    assert folded
    assert all(folded), "paper cannot be unfolded"


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM, reason="no chromium on the PATH; .ci/run installs it on Debian")
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_host_that_a_page_asked_would_be_noticed(tmp_path: Path) -> None:
    page_file = tmp_path / "a.html"
    traffic = Traffic()
    with listening() as (host, asked), chromium(tmp_path / "profile", "light") as browser:
        page_file.write_text(f'<img src="{host}/x.png">')
        traffic.watch(browser.pages[0])
        browser.pages[0].goto(page_file.as_uri())

        assert asked
    assert traffic.count
