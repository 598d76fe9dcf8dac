"""The tab that compares articles as a person uses it: the example, the columns, a narrow screen, the other language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("selenium")
from selenium.webdriver.common.by import By

from tests.browser.driving import NEEDS_BROWSER, console_errors, open_page, set_width, text_of, too_wide, wait_for
from tests.browser.screenshot import drive_compare

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = [NEEDS_BROWSER, pytest.mark.timeout(900)]
COLUMNS = "#compare-result article"


def places(browser: Chrome) -> list[tuple[int, int]]:
    """Where each column begins, from the left and from the top."""
    boxes = [column.rect for column in browser.find_elements(By.CSS_SELECTOR, COLUMNS)]
    return [(round(box["x"]), round(box["y"])) for box in boxes]


def test_the_example_is_compared_side_by_side_and_the_result_follows_the_language(browser: Chrome, address: str) -> None:
    open_page(browser, address)
    drive_compare(browser)
    heads = [head.text for head in browser.find_elements(By.CSS_SELECTOR, f"{COLUMNS} h2")]
    assert heads == ["Warta Pesisir", "Harian Nusa Raya", "Kabar Tengah"]
    assert len({top for _, top in places(browser)}) == 1
    assert "nelayan" in text_of(browser, f"{COLUMNS} .words")
    browser.find_elements(By.CSS_SELECTOR, "#language label")[1].click()
    wait_for(lambda: "their tone" in text_of(browser, "#compare-result .verdict"))
    assert len(places(browser)) == 3 and text_of(browser, "#compare-run") == "Compare"
    assert console_errors(browser) == []


def test_columns_stand_below_each_other_on_a_narrow_screen(browser: Chrome, address: str) -> None:
    set_width(browser, 390)
    try:
        open_page(browser, address)
        drive_compare(browser)
        assert len({left for left, _ in places(browser)}) == 1
        # The page takes some frames to lay out again.
        wait_for(lambda: not too_wide(browser, 390), 15)
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_boxes_are_added_up_to_six_and_one_article_is_too_few(browser: Chrome, address: str) -> None:
    open_page(browser, address)
    browser.find_elements(By.CSS_SELECTOR, "[role=tab]")[1].click()
    wait_for(lambda: browser.find_element(By.CSS_SELECTOR, "#compare-add").is_displayed())
    for number in range(3, 7):
        assert not browser.find_elements(By.CSS_SELECTOR, f"#compare-{number} textarea")
        browser.find_element(By.CSS_SELECTOR, "#compare-add").click()
        wait_for(lambda number=number: browser.find_elements(By.CSS_SELECTOR, f"#compare-{number} textarea"))  # type: ignore[misc]
    wait_for(lambda: not browser.find_elements(By.CSS_SELECTOR, "#compare-add"))
    browser.find_elements(By.CSS_SELECTOR, "#compare-6 textarea")[-1].send_keys(
        "Warga mengkritik pemblokiran situs berita itu sejak pagi."
    )
    browser.find_element(By.CSS_SELECTOR, "#compare-run").click()
    wait_for(lambda: "sedikitnya dua artikel" in text_of(browser, "#compare-result .notice"))
    assert console_errors(browser) == []
