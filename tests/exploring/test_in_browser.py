"""The page in a real browser: it draws, finds, opens, follows, goes back, by pointer and by keys, and asks nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import planroom as pr
from tests.diagrams.models import generated, hostile
from tests.exploring.models import DECISION, ELSEWHERE, FINDING, shop
from tests.notebook.browser import CHROMIUM, chromium, screenshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on the PATH; .ci/run installs it on Debian"),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning"),
]

DRAWN = "document.documentElement.dataset.drawn"
COLOURS = """() => { const map = document.getElementById('map'), seen = new Set();
  const copy = new OffscreenCanvas(map.width, map.height).getContext('2d', { willReadFrequently: true });
  copy.drawImage(map, 0, 0);
  const pixels = copy.getImageData(0, 0, map.width, map.height).data;
  for (let at = 0; at < pixels.length; at += 4 * 37) seen.add(pixels[at] << 16 | pixels[at + 1] << 8 | pixels[at + 2]);
  return seen.size; }"""
"""How many colours the map shows: a map that was not drawn has one."""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    with chromium(tmp_path_factory.mktemp("profile"), "light") as context:
        yield context


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    models = {
        "shop": pr.explorer(shop(folder), findings=[FINDING, ELSEWHERE], decisions=[DECISION]),
        "hostile": pr.explorer(hostile()),
        **{str(count): pr.explorer(generated(count)) for count in (5, 50, 1_000)},
    }
    return {name: page.save(folder / f"{name}.html") for name, page in models.items()}


class Opened:
    """A page that is open, what it complained of and what it asked for."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.address = f"file://{path}"
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    def go(self, hash_: str = "") -> None:
        self.page.goto(self.address + hash_)
        self.page.wait_for_selector("html[data-drawn]", state="attached")

    @property
    def title(self) -> str:
        """The heading of the panel; empty when it is closed."""
        heading = self.page.locator("#panel h2")
        return heading.inner_text() if heading.count() else ""

    @property
    def hash(self) -> str:
        found: str = self.page.evaluate("decodeURIComponent(location.hash)")
        return found


@pytest.fixture
def opened(browser: BrowserContext, pages: dict[str, Path], request: pytest.FixtureRequest) -> Iterator[Opened]:
    """The page of a model, ``shop`` unless the test names another; it must end without a complaint or a request."""
    page = browser.new_page()
    page.set_viewport_size({"width": 1280, "height": 800})
    found = Opened(page, pages[getattr(request, "param", "shop")])
    found.go()
    yield found
    page.close()
    assert found.complaints == []
    assert {url.partition("#")[0] for url in found.asked} == {found.address}


@pytest.mark.parametrize("opened", ["5", "50", "1000"], indirect=True)
def test_every_size_is_drawn_in_both_themes_and_widths(opened: Opened, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.params["opened"]
    print(f"{name} tables: first picture after {opened.page.evaluate(DRAWN)} ms")  # noqa: T201  (pytest -s shows it)
    for scheme in ("light", "dark"):
        for width in (1280, 400):
            opened.page.emulate_media(color_scheme=scheme)
            opened.page.set_viewport_size({"width": width, "height": 800})
            opened.page.wait_for_timeout(120)

            assert opened.page.evaluate(COLOURS) > 20
            assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            screenshot(opened.page, f"explorer-{name}-{scheme}-{width}")


def test_the_search_finds_tables_columns_comments_and_types(opened: Opened) -> None:
    field, found = opened.page.locator("#find"), opened.page.locator("#results li")
    for query, first in (
        ("orders", "orders"),
        ("placed", "placed_at"),
        ("people who", "customers"),
        ("state", "public.state"),
        ("invoice goes", "mail"),
        ("cstmrs", "customers"),
    ):
        field.fill(query)

        assert found.first.locator(".what").inner_text() == first, query
    field.fill("no such thing")
    assert found.all_inner_texts() == ["Nothing found"]


def test_keys_alone_find_open_follow_and_close(opened: Opened) -> None:
    keys = opened.page.keyboard
    keys.press("/")
    keys.type("orders")
    keys.press("ArrowDown")
    keys.press("ArrowUp")
    keys.press("Enter")

    assert opened.title == "orders"
    assert opened.page.evaluate("document.activeElement.id") == "panel"
    for _ in range(40):
        keys.press("Tab")
        if opened.page.evaluate("document.activeElement.closest('.links') !== null"):
            break
    keys.press("Enter")
    assert opened.title == "customers"
    keys.press("Escape")
    assert opened.title == ""
    assert opened.page.evaluate("document.activeElement.id") == "map"


def test_the_map_moves_zooms_and_opens_by_keys(opened: Opened) -> None:
    opened.page.locator("#map").focus()
    before = opened.page.evaluate("document.getElementById('map').toDataURL().length")
    for key in ("+", "+", "ArrowLeft", "ArrowDown"):
        opened.page.keyboard.press(key)
    opened.page.wait_for_timeout(80)

    assert opened.page.evaluate("document.getElementById('map').toDataURL().length") != before
    said = opened.page.locator("#said").inner_text()
    opened.page.keyboard.press("Enter")
    assert opened.title == said


def test_a_click_on_a_table_opens_it_and_a_click_beside_closes_it(opened: Opened) -> None:
    opened.go("#table=public.lines")
    opened.page.keyboard.press("Escape")
    assert opened.title == ""
    box = opened.page.locator("#map").bounding_box()
    assert box
    opened.page.wait_for_timeout(400)
    opened.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    assert opened.title == "lines"
    assert opened.hash == "#table=public.lines"
    opened.page.mouse.click(box["x"] + 3, box["y"] + box["height"] - 3)
    assert opened.title == ""


def test_the_panel_tells_all_and_its_relations_are_followed(opened: Opened) -> None:
    opened.go("#table=public.orders")
    words = opened.page.locator("#panel").inner_text()

    for each in (
        "team-checkout", "orders is wide", "Move columns out.", "default 'draft'", "on delete cascade",
        "orders_placed_at", "total >= 0", "orders_touch", "select for public", "zero or more", "DDL",
    ):  # fmt: skip
        assert each in words, each
    opened.page.locator(".links button", has_text="events").click()
    assert opened.title == "events"
    words = opened.page.locator("#panel").inner_text()
    assert "events_2026" in words
    assert "0007 Partition events by month" in words


def test_links_lead_deep_and_the_way_back_works(opened: Opened) -> None:
    opened.go("#table=public.customers")
    opened.page.locator(".links button", has_text="orders").click()
    opened.page.locator(".columns button", has_text="state").click()
    assert opened.title == "public.state"
    assert opened.hash == "#type=public.state"

    opened.page.go_back()
    assert opened.title == "orders"
    opened.page.go_back()
    assert opened.title == "customers"
    opened.page.go_forward()
    assert opened.title == "orders"
    opened.page.reload()
    assert opened.title == "orders"


def test_a_search_can_be_linked(opened: Opened) -> None:
    opened.page.locator("#find").fill("placed")
    assert opened.hash == "#search=placed"
    opened.page.reload()
    opened.page.wait_for_selector("html[data-drawn]", state="attached")

    assert opened.page.locator("#find").input_value() == "placed"
    assert opened.page.locator("#results li").first.locator(".what").inner_text() == "placed_at"


def test_an_address_of_nothing_opens_nothing(opened: Opened) -> None:
    opened.go("#table=public.gone&hops=9&type=%E0%A4")

    assert opened.title == ""


def test_the_neighbourhood_holds_what_is_within_so_many_relations(opened: Opened) -> None:
    opened.go("#table=public.lines&hops=1")
    assert "Within 1 relation of lines: 2 tables" in opened.page.locator("#trail").inner_text()

    opened.page.locator("#trail button", has_text="2").click()
    assert "4 tables" in opened.page.locator("#trail").inner_text()
    assert opened.hash == "#table=public.lines&hops=2"
    opened.page.locator("#trail button", has_text="Whole map").click()
    assert opened.page.locator("#trail").is_hidden()


def test_filters_leave_out_and_say_how_many(opened: Opened) -> None:
    opened.page.locator("#filters-toggle").click()
    choices = opened.page.locator("#filters label")
    assert any("Personal data" in each and "1" in each for each in choices.all_inner_texts())

    choices.filter(has_text="Personal data").locator("input").check()
    assert opened.page.locator("#filters-count").inner_text() == "1"
    opened.page.wait_for_timeout(80)
    few = opened.page.evaluate(COLOURS)
    choices.filter(has_text="Personal data").locator("input").uncheck()
    opened.page.wait_for_timeout(80)
    assert opened.page.locator("#filters-count").is_hidden()
    assert opened.page.evaluate(COLOURS) != few


def test_a_finding_that_is_about_no_table_is_told_beside_the_filters(opened: Opened) -> None:
    opened.page.locator("#filters-toggle").click()

    assert opened.page.locator("#filters .judged li").all_inner_texts() == ["○\nSCH002 two conventions are mixed"]


def test_what_is_printed_is_the_map_and_the_panel_alone(opened: Opened) -> None:
    opened.go("#table=public.orders")
    opened.page.emulate_media(media="print", color_scheme="dark")

    opened.page.wait_for_selector("html[data-theme=light]", state="attached")
    assert opened.page.locator("#map").is_visible()
    assert opened.page.locator("#panel h2").is_visible()
    for each in (".find", ".tools", ".zoom", ".acts"):
        assert opened.page.locator(each).first.is_hidden(), each
    screenshot(opened.page, "explorer-print", whole=True)


def test_what_is_filtered_out_is_found_and_shown_all_the_same(opened: Opened) -> None:
    opened.page.locator("#filters-toggle").click()
    opened.page.locator("#filters h2 button").last.click()
    opened.page.keyboard.press("/")
    opened.page.keyboard.type("orders")
    opened.page.keyboard.press("Enter")

    assert opened.title == "orders"
    assert opened.page.locator("#filters input:checked").count() == 1


def test_the_theme_goes_from_the_systems_to_light_to_dark(opened: Opened) -> None:
    def becomes(theme: str) -> None:
        opened.page.wait_for_selector(f"html[data-theme={theme}]", state="attached", timeout=3_000)

    opened.page.emulate_media(color_scheme="dark")
    becomes("dark")
    opened.page.locator("#theme").click()
    becomes("light")
    opened.page.locator("#theme").click()
    becomes("dark")
    opened.page.emulate_media(color_scheme="light")
    opened.page.reload()
    becomes("dark")
    opened.page.locator("#theme").click()
    becomes("light")


def test_on_a_phone_the_panel_is_a_sheet_and_nothing_scrolls_sideways(opened: Opened) -> None:
    opened.page.set_viewport_size({"width": 400, "height": 800})
    opened.go("#table=public.orders")
    sheet = opened.page.locator("#panel").bounding_box()

    assert sheet
    assert sheet["width"] == 400
    assert sheet["y"] > 250
    assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    screenshot(opened.page, "explorer-panel-400")


def test_everything_that_can_be_used_has_a_name(opened: Opened) -> None:
    opened.go("#table=public.orders")
    nameless = opened.page.evaluate(
        """() => [...document.querySelectorAll('button, input, canvas:not([aria-hidden]), aside, nav, section[class]')]
          .filter((each) => !(each.getAttribute('aria-label') || each.textContent.trim() || each.closest('label')))
          .map((each) => each.outerHTML.slice(0, 80))"""
    )

    assert nameless == []


@pytest.mark.parametrize("opened", ["hostile"], indirect=True)
def test_hostile_names_are_words_on_the_page(opened: Opened) -> None:
    opened.page.locator("#find").fill("script")
    opened.page.keyboard.press("Enter")

    assert opened.title == 'x"><script>alert(1)</script>'
    assert opened.page.locator("script").count() == 2
    assert opened.page.evaluate("document.querySelectorAll('b').length") == 0
    opened.page.reload()
    assert opened.title == 'x"><script>alert(1)</script>'


def test_a_script_that_is_not_the_page_s_own_does_not_run(opened: Opened) -> None:
    ran = opened.page.evaluate(
        """() => { const made = document.createElement('script'); made.textContent = 'window.ran = true';
          document.body.append(made); return window.ran === true; }"""
    )

    assert ran is False
    assert any("Content Security Policy" in each for each in opened.complaints)
    opened.complaints.clear()
