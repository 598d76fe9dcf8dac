"""The page in a real browser, used as a person would: paste, click, read, switch."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("selenium")
from selenium.webdriver.common.by import By

from sorot.serving.page.article.example_texts import example_texts
from tests.browser.driving import (
    EXAMPLE,
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
HOSTILE = "Pemerintah memblokir situs <img src=x onerror=\"document.title='kena'\"> dan <script>document.title='kena'</script> judi daring di Jakarta."
NARROW = 390


def analysed(browser: Chrome) -> bool:
    """Whether a result is shown that is not the example's."""
    return bool(browser.find_elements(By.CSS_SELECTOR, "#verdict .bar")) and not browser.find_elements(
        By.CSS_SELECTOR, "#verdict .example-note"
    )


def test_an_article_is_pasted_and_its_labels_and_evidence_are_shown(browser: Chrome, address: str) -> None:
    box = open_page(browser, address)
    analyse(browser, box, "Pemerintah memblokir situs judi daring. Polisi menangkap terduga teroris di Jakarta hari ini.")
    wait_for(lambda: analysed(browser))
    labels = [bar.get_attribute("data-label") for bar in browser.find_elements(By.CSS_SELECTOR, "#verdict .bar")]
    assert labels == [
        "censorship",
        "terrorism",
        "platform_regulation",
        "support",
        "oppose",
        "neutral",
        "none",
        "positive",
        "neutral",
        "negative",
    ]
    assert len(browser.find_elements(By.CSS_SELECTOR, "#verdict .tick")) == 3
    assert len(browser.find_elements(By.CSS_SELECTOR, "#verdict .chip-group")) == 3
    assert "Pemerintah memblokir situs judi daring." in text_of(browser, "#evidence")


def test_the_page_speaks_english_too(browser: Chrome, address: str) -> None:
    box = open_page(browser, address)
    assert "Analisis" in text_of(browser, "#analyse")
    browser.find_elements(By.CSS_SELECTOR, "#language label")[1].click()
    wait_for(lambda: "Analyse" in text_of(browser, "#analyse"))
    analyse(browser, box, example_texts()[0])
    wait_for(lambda: analysed(browser) and "Topics" in text_of(browser, "#verdict"))
    assert "Evidence in the text" in text_of(browser, "#evidence")


def test_empty_and_foreign_texts_get_a_plain_word_and_no_labels(browser: Chrome, address: str) -> None:
    box = open_page(browser, address)
    analyse(browser, box, "   ")
    wait_for(lambda: "Tidak ada teks" in text_of(browser, "#verdict"))
    analyse(
        browser, box, "The government has blocked access to several websites after a court ruling on Tuesday, officials said."
    )
    wait_for(lambda: "bukan bahasa Indonesia" in text_of(browser, "#verdict"))
    assert not browser.find_elements(By.CSS_SELECTOR, "#verdict .bar")


def test_fields_are_shown_though_labels_are_withheld(browser: Chrome, address: str) -> None:
    box = open_page(browser, address)
    paragraph = (
        "The ministry said on Tuesday that the websites had been blocked after a court ruling, and officials declined to comment."
    )
    analyse(
        browser,
        box,
        f"Home > News\nMinistry blocks several websites\nDaily Ledger - Tue, 6 Mar 2018 10:00\n\n{paragraph}\n\n{paragraph}",
    )
    wait_for(lambda: "bukan bahasa Indonesia" in text_of(browser, "#verdict"))
    assert "Ministry blocks several websites" in text_of(browser, "#verdict .fields")


def test_nothing_stands_out_of_a_narrow_screen(browser: Chrome, address: str) -> None:
    set_width(browser, NARROW)
    try:
        box = open_page(browser, address)
        analyse(browser, box, example_texts()[-1])
        wait_for(lambda: analysed(browser))
        wait_for(lambda: text_of(browser, "#evidence"))
        browser.find_element(By.CSS_SELECTOR, "#removed button").click()
        wait_for(lambda: "Tombol berbagi" in text_of(browser, "#removed"))
        assert too_wide(browser, NARROW) == []
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_article_text_is_never_run(browser: Chrome, address: str) -> None:
    box = open_page(browser, address)
    analyse(browser, box, HOSTILE)
    wait_for(lambda: "judi daring" in text_of(browser, "#evidence"))
    assert browser.title != "kena"
    assert not browser.find_elements(By.CSS_SELECTOR, "#evidence img, #verdict img")


def test_an_example_fills_the_box_and_is_analysed(browser: Chrome, address: str) -> None:
    box = open_page(browser, address)
    wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, EXAMPLE))[0].click()
    wait_for(lambda: len(str(box.get_property("value"))) > 300)
    wait_for(lambda: analysed(browser))


def test_the_page_asks_no_other_machine_and_logs_no_error(browser: Chrome, address: str) -> None:
    box = open_page(browser, address)
    analyse(browser, box, "Cuaca cerah hari ini sangat baik.")
    wait_for(lambda: analysed(browser))
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
    assert asked
    assert [u for u in asked if not u.startswith((address, "data:", "blob:"))] == []
    assert console_errors(browser) == []
