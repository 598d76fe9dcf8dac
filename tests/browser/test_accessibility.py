"""axe-core over every tab of the page: light, dark and narrow, before and after an analysis."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("selenium")
pytest.importorskip("axe_playwright_python")
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from sorot.serving.page.article.example_texts import example_texts
from tests.browser.driving import NEEDS_BROWSER, analyse, open_page, serve, set_width, wait_for
from tests.serving.reviewing import fill

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = [NEEDS_BROWSER, pytest.mark.timeout(900)]
# Each tab by its name, and a part of it that is always there.
TABS = {
    "Artikel": "#analyse",
    "Bandingkan": "#compare-run",
    "Korpus": "#corpus-intro",
    "Tinjauan": ".review-keeps",
    "Model": "#model-facts",
}
IN_MENU = ".overflow-dropdown button"
SERIOUS = ("serious", "critical")
# (rule, part of the selector) of what stands in Gradio's own markup, out of our reach, each with its reason.
ALLOWED: tuple[tuple[str, str], ...] = ()
AXE = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ['violations']}).then(found => done(found.violations.flatMap(v => v.nodes.map(
  n => [v.impact, v.id, n.target.join(' '), n.any.concat(n.all, n.none).map(c => c.message).join('; ')]))), e => done([['critical', 'axe', '', String(e)]]));
"""


@pytest.fixture(scope="module")
def address(tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("axe")
    fill(folder / "review", 3)
    with serve(tiny_bundle, folder / "errors.txt", "--review", str(folder / "review")) as url:
        yield url


def findings(browser: Chrome) -> list[str]:
    """Serious findings on the page as it is now."""
    if not browser.execute_script("return typeof axe === 'object'"):
        browser.execute_script(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = browser.execute_async_script(AXE)
    return [
        f"{rule} at {where}: {why}"
        for impact, rule, where, why in found
        if impact in SERIOUS and not any(rule == allowed and part in where for allowed, part in ALLOWED)
    ]


def open_tab(browser: Chrome, name: str) -> None:
    """Show a tab; on a narrow screen those without room stand in a menu."""
    if named := [tab for tab in browser.find_elements(By.CSS_SELECTOR, "[role=tab]") if tab.text == name]:
        named[0].click()
    else:
        browser.find_element(By.CSS_SELECTOR, ".overflow-menu > button").click()
        wait_for(lambda: [t for t in browser.find_elements(By.CSS_SELECTOR, IN_MENU) if t.text == name])[0].click()
    wait_for(lambda: browser.find_element(By.CSS_SELECTOR, TABS[name]).is_displayed())


def findings_of_all_tabs(browser: Chrome) -> dict[str, list[str]]:
    """Serious findings by the name of the tab, where there are any; the first tab is shown again afterwards."""
    found = {}
    for name in TABS:
        open_tab(browser, name)
        found[name] = findings(browser)
    open_tab(browser, next(iter(TABS)))
    return {name: serious for name, serious in found.items() if serious}


def sit_down(browser: Chrome) -> None:
    """An article in the tab of reviews, a sentence of it marked; the first tab is shown again afterwards."""
    open_tab(browser, "Tinjauan")
    name = wait_for(lambda: browser.find_element(By.CSS_SELECTOR, "#review-name input, #review-name textarea"))
    wait_for(name.is_displayed)
    # The same person each time, who gets the same article.
    name.send_keys("Sari", Keys.ENTER)
    wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, "#review-sentences label")[1]).click()
    wait_for(lambda: browser.find_element(By.CSS_SELECTOR, "#review-sentences input:checked"))
    open_tab(browser, next(iter(TABS)))


# Each theme and each width once: what one of them breaks, no pair of them hides.
@pytest.mark.parametrize(("theme", "width"), [("light", 1200), ("dark", 390)])
def test_axe_finds_nothing_serious(browser: Chrome, address: str, theme: str, width: int) -> None:
    browser.set_script_timeout(120)
    set_width(browser, width)
    try:
        box = open_page(browser, f"{address}/?__theme={theme}")
        wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, "[role=tab]"))
        assert findings_of_all_tabs(browser) == {}
        analyse(browser, box, example_texts()[-1])
        wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, "#verdict .bar"))
        wait_for(lambda: not browser.find_elements(By.CSS_SELECTOR, "#verdict .example-note"))
        sit_down(browser)
        for section in ("#removed button", "#json button"):
            browser.find_element(By.CSS_SELECTOR, section).click()
        assert findings_of_all_tabs(browser) == {}
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
