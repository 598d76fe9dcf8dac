"""The tab of one article as a person uses it: drop a file, press Ctrl+Enter, copy the result, switch the language."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("selenium")
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.driving import (
    NEEDS_BROWSER,
    analyse,
    console_errors,
    open_page,
    set_width,
    text_of,
    too_wide,
    wait_for,
)

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = [NEEDS_BROWSER, pytest.mark.timeout(900)]
TEXT = "Pemerintah memblokir situs judi daring. Polisi menangkap terduga teroris di Jakarta hari ini."


def has_bars(browser: Chrome) -> bool:
    """Whether a result is shown that is not the example's."""
    return bool(browser.find_elements(By.CSS_SELECTOR, "#verdict .bar")) and not browser.find_elements(
        By.CSS_SELECTOR, "#verdict .example-note"
    )


def drop(browser: Chrome, path: Path) -> None:
    wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, "#drop input[type=file]"))[0].send_keys(str(path))


def test_a_text_file_is_analysed_and_shown_in_the_box(browser: Chrome, address: str, tmp_path: Path) -> None:
    box = open_page(browser, address)
    (tmp_path / "artikel.txt").write_text(TEXT, encoding="utf-16")
    drop(browser, tmp_path / "artikel.txt")
    wait_for(lambda: has_bars(browser))
    wait_for(lambda: box.get_property("value") == TEXT)
    assert console_errors(browser) == []


def test_a_page_is_read_as_html(browser: Chrome, address: str, tmp_path: Path) -> None:
    open_page(browser, address)
    (tmp_path / "a.html").write_text(
        f"<html><head><title>Situs diblokir</title></head><body><article><p>{TEXT}</p></article></body></html>", "utf-8"
    )
    drop(browser, tmp_path / "a.html")
    wait_for(lambda: has_bars(browser))
    assert "<p>" not in text_of(browser, "#evidence") and "Situs diblokir" in text_of(browser, "#verdict .fields")


def test_ctrl_enter_analyses_and_the_html_element_follows_the_language(browser: Chrome, address: str) -> None:
    box = open_page(browser, address)
    wait_for(lambda: browser.execute_script("return document.documentElement.lang") == "id")
    box.send_keys(TEXT, Keys.CONTROL, Keys.ENTER)
    wait_for(lambda: has_bars(browser))
    assert box.get_property("value") == TEXT
    browser.find_elements(By.CSS_SELECTOR, "#language label")[1].click()
    wait_for(lambda: browser.execute_script("return document.documentElement.lang") == "en")
    wait_for(lambda: text_of(browser, "#verdict summary") == "All labels and their probabilities")


def test_the_result_is_copied_as_json_and_shown_in_the_accordion(browser: Chrome, address: str) -> None:
    box = open_page(browser, address)
    browser.execute_cdp_cmd(
        "Browser.grantPermissions", {"origin": address, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    )
    analyse(browser, box, " ")
    wait_for(lambda: "Tidak ada teks" in text_of(browser, "#verdict"))
    browser.find_element(By.CSS_SELECTOR, "#copy").click()
    wait_for(lambda: "Belum ada hasil" in text_of(browser, "#copied"))
    analyse(browser, box, TEXT)
    wait_for(lambda: has_bars(browser))
    browser.find_element(By.CSS_SELECTOR, "#copy").click()
    wait_for(lambda: "tersalin" in text_of(browser, "#copied"))
    copied = json.loads(browser.execute_async_script("navigator.clipboard.readText().then(arguments[0])"))
    assert copied["body"] == TEXT and copied["model"]
    browser.find_element(By.CSS_SELECTOR, "#json button").click()
    box = wait_for(lambda: browser.find_element(By.CSS_SELECTOR, "#json textarea"))
    assert json.loads(str(box.get_property("value"))) == copied


def test_the_first_screen_shows_an_example_with_chips_that_mark_their_sentences(browser: Chrome, address: str) -> None:
    open_page(browser, address)
    wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, "#verdict .example-note"))
    chips = browser.find_elements(By.CSS_SELECTOR, "#verdict [data-evidence]")
    pressed = [chip.get_attribute("aria-pressed") for chip in chips]
    assert pressed == ["true"] + ["false"] * (len(chips) - 1)
    chips[-1].send_keys(Keys.ENTER)
    wait_for(lambda: chips[-1].get_attribute("aria-pressed") == "true")
    choice = chips[-1].get_attribute("data-evidence")
    marks = browser.find_elements(By.CSS_SELECTOR, "#evidence .shows.on")
    assert 1 <= len(marks) <= 3 and all(choice in str(mark.get_attribute("data-for")).split() for mark in marks)
    assert all("%" in mark.text for mark in marks)


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_the_result_is_in_view_after_analyse(browser: Chrome, address: str, width: int) -> None:
    set_width(browser, width, 844)
    try:
        box = open_page(browser, address)
        analyse(browser, box, TEXT)
        wait_for(lambda: has_bars(browser))
        top = "return document.querySelector('#verdict .chip-groups').getBoundingClientRect().top"
        assert wait_for(lambda: 0 <= browser.execute_script(top) < 422, 10)
        assert too_wide(browser, width) == []
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
