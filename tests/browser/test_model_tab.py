"""The tab of the model as a person reads it: what it is for, figures, the plot, the card, the other language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("selenium")
from selenium.webdriver.common.by import By

from sorot.serving.model.bundle import SHIPPED
from tests.browser.driving import NEEDS_BROWSER, console_errors, open_page, serve, set_width, text_of, too_wide, wait_for

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = [NEEDS_BROWSER, pytest.mark.timeout(900)]
PLOT = "#model-facts figure img"
IN_VIEW = """
const box = arguments[0].getBoundingClientRect();
return arguments[0].complete && arguments[0].naturalWidth > 0 && box.width > 100 && box.height > 100;
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page over the shipped bundle, which has a card and a picture."""
    with serve(SHIPPED, tmp_path_factory.mktemp("model") / "errors.txt") as url:
        yield url


def open_tab(browser: Chrome, address: str) -> None:
    open_page(browser, address)
    tabs = wait_for(lambda: [t for t in browser.find_elements(By.CSS_SELECTOR, "[role=tab]") if t.text == "Model"])
    tabs[0].click()
    wait_for(lambda: browser.find_element(By.CSS_SELECTOR, "#model-facts h2").is_displayed())


def test_the_model_is_shown_with_its_plot_and_follows_the_language(browser: Chrome, address: str) -> None:
    open_tab(browser, address)
    shown = text_of(browser, "#model-facts")
    assert (
        shown.index("Untuk apa")
        < shown.index("Bukan untuk apa")
        < shown.index("Pada artikel dari sumber yang tidak pernah dilihat")
        < shown.index("Diukur pada “dev”")
    )
    plot = browser.find_element(By.CSS_SELECTOR, PLOT)
    assert wait_for(lambda: browser.execute_script(IN_VIEW, plot))
    assert plot.get_attribute("alt") == "Seberapa sering model benar pada tiap tingkat keyakinan, per tugas"
    browser.find_elements(By.CSS_SELECTOR, "#language label")[1].click()
    wait_for(lambda: "What it is not for" in text_of(browser, "#model-facts"))
    assert "confidence" in str(browser.find_element(By.CSS_SELECTOR, PLOT).get_attribute("alt"))
    browser.find_element(By.CSS_SELECTOR, "#model-card button").click()
    wait_for(lambda: "Not for decisions about persons" in text_of(browser, "#model-card"))
    assert not browser.find_elements(By.CSS_SELECTOR, "#model-card img")
    assert console_errors(browser) == []


def test_nothing_of_the_model_stands_out_on_a_narrow_screen(browser: Chrome, address: str) -> None:
    open_tab(browser, address)
    set_width(browser, 390)
    try:
        assert wait_for(lambda: too_wide(browser, 390) == [], 15)
        assert wait_for(lambda: browser.execute_script(IN_VIEW, browser.find_element(By.CSS_SELECTOR, PLOT)))
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
