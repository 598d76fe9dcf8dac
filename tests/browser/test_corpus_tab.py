"""The corpus tab in a real browser: a corpus is scored and filtered, a bar clicked, its article read and sent on, a file taken."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("selenium")
from selenium.webdriver.common.by import By

from tests.browser.driving import NEEDS_BROWSER, console_errors, open_page, serve, set_width, text_of, too_wide, wait_for
from tests.serving.corpora import EXAMPLE
from tests.serving.reviewing import fill

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = [NEEDS_BROWSER, pytest.mark.timeout(900)]
# What may be wider than the page: it scrolls in a box of its own.
INSIDE = ("TABLE", "THEAD", "TBODY", "TR", "TH", "TD", "BUTTON", "SPAN", "I.")
# Clicks as Vega hears them on the first bar that carries filters.
CLICK_BAR = """
const bar = [...document.querySelectorAll('#corpus-plot svg.marks path')].find(part => part.__data__?.datum?.go);
bar.dispatchEvent(new MouseEvent('click', { bubbles: true }));
return bar.__data__.datum.n;
"""


@pytest.fixture(scope="module")
def address(tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page served by the command line, over the small bundle."""
    folder = tmp_path_factory.mktemp("corpus")
    errors = folder / "errors.txt"
    fill(folder / "review", 3)
    with serve(tiny_bundle, errors, "--review", str(folder / "review"), "--sessions", str(folder / "sessions")) as url:
        yield url
    assert errors.read_text(encoding="utf-8").splitlines()[1:] == ["stopped"]


def open_tab(browser: Chrome, address: str) -> None:
    open_page(browser, address)
    next(tab for tab in browser.find_elements(By.CSS_SELECTOR, "button[role=tab]") if tab.text == "Korpus").click()
    wait_for(lambda: browser.find_element(By.CSS_SELECTOR, "#corpus-example").is_displayed())


def drop(browser: Chrome, address: str, path: Path) -> None:
    """Open the tab, give it a file, and wait until its columns are found."""
    open_tab(browser, address)
    browser.find_element(By.CSS_SELECTOR, "#corpus-file input[type=file]").send_keys(str(path))
    wait_for(lambda: browser.find_element(By.CSS_SELECTOR, "#corpus-text-column input").get_property("value") == "isi")
    wait_for(lambda: text_of(browser, "#corpus-preview"))


def press(browser: Chrome, selector: str) -> None:
    """Click, again where what comes in above moves the button away under the pointer."""

    def click() -> bool:
        browser.find_element(By.CSS_SELECTOR, selector).click()
        return True

    wait_for(click)


def left(browser: Chrome) -> str:
    return text_of(browser, "#corpus-left")


def test_a_corpus_is_scored_filtered_read_sent_on_and_downloaded(browser: Chrome, address: str, tmp_path: Path) -> None:
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    drop(browser, address, EXAMPLE)
    press(browser, "#corpus-start")
    wait_for(lambda: "12 artikel" in text_of(browser, "#corpus-summary"))
    wait_for(lambda: left(browser) == "Semua 12 artikel")
    # A bar leaves its articles, and the first of them is open.
    wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, "#corpus-plot svg.marks"))
    behind = browser.execute_script(CLICK_BAR)
    wait_for(lambda: left(browser) == f"{behind} dari 12 artikel")
    wait_for(lambda: len(browser.find_elements(By.CSS_SELECTOR, "#corpus-table .row-open")) == behind)
    wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, "#corpus-reader .shows.on"))
    # From the article on to the other tabs.
    press(browser, "#corpus-reader [data-send=review]")
    wait_for(lambda: "Tinjauan" in text_of(browser, "#corpus-sent"))
    press(browser, "#corpus-reader [data-send=compare]")
    wait_for(lambda: "kotak 1" in text_of(browser, "#corpus-sent"))
    press(browser, "#corpus-clear")
    wait_for(lambda: left(browser) == "Semua 12 artikel")
    browser.find_element(By.CSS_SELECTOR, "#corpus-search textarea, #corpus-search input").send_keys("dayung")
    wait_for(lambda: left(browser) == "1 dari 12 artikel")
    press(browser, "#corpus-prepare")
    link = wait_for(lambda: browser.find_element(By.CSS_SELECTOR, "#corpus-download"))
    wait_for(link.is_displayed)
    link.click()
    file = wait_for(lambda: next(iter(tmp_path.glob("*.csv")), None))
    assert file is not None
    with file.open(encoding="utf-8-sig", newline="") as read:
        assert [row["title"] for row in csv.DictReader(read)] == ["Tim Dayung Meraih Emas"]
    # A reload loses neither tab nor corpus nor filter.
    browser.refresh()
    wait_for(lambda: left(browser) == "1 dari 12 artikel")
    browser.find_elements(By.CSS_SELECTOR, "#language label")[1].click()
    wait_for(lambda: left(browser) == "1 of 12 articles")
    assert console_errors(browser) == []


def test_each_view_shows_its_chart_at_every_width(browser: Chrome, address: str) -> None:
    drop(browser, address, EXAMPLE)
    press(browser, "#corpus-start")
    wait_for(lambda: left(browser) == "Semua 12 artikel")
    shows = {"outlet": "#corpus-plot svg.marks", "words": "#corpus-figure p", "map": ".article-map canvas", "pair": ".pair-row"}
    try:
        for view, part in shows.items():
            press(browser, f"#corpus-view label:has(input[value={view}_view])")
            wait_for(lambda part=part: [e for e in browser.find_elements(By.CSS_SELECTOR, part) if e.is_displayed()])
            set_width(browser, 390)
            # The table scrolls in a box of its own; the page takes some frames to lay out again.
            wait_for(lambda: not [name for name in too_wide(browser, 390) if not name.startswith(INSIDE)], 15)
            set_width(browser, 1440)
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert console_errors(browser) == []


def test_an_unusable_file_says_so_once_and_leaves_the_button(browser: Chrome, address: str, tmp_path: Path) -> None:
    path = tmp_path / "laporan.pdf"
    path.write_bytes(b"%PDF-1.4")
    open_tab(browser, address)
    browser.find_element(By.CSS_SELECTOR, "#corpus-file input[type=file]").send_keys(str(path))
    wait_for(lambda: "Jenis berkas" in text_of(browser, "#corpus-preview"))
    press(browser, "#corpus-start")
    wait_for(lambda: "Jenis berkas" in text_of(browser, "#corpus-status"))
    wait_for(lambda: browser.find_element(By.CSS_SELECTOR, "#corpus-start").is_enabled())
    assert console_errors(browser) == []


def test_a_zip_of_texts_has_no_columns_and_is_scored(browser: Chrome, address: str, tmp_path: Path) -> None:
    path = tmp_path / "teks.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("satu.txt", "Polisi menangkap <script>document.title='kena'</script> terduga teroris di Jakarta.")
    open_tab(browser, address)
    browser.find_element(By.CSS_SELECTOR, "#corpus-file input[type=file]").send_keys(str(path))
    wait_for(lambda: "satu" in text_of(browser, "#corpus-preview"))
    press(browser, "#corpus-start")
    wait_for(lambda: "1 artikel" in text_of(browser, "#corpus-summary"))
    wait_for(lambda: "<script>" in text_of(browser, "#corpus-table"))
    assert browser.title != "kena"
    assert console_errors(browser) == []


def test_a_run_is_stopped_and_what_is_scored_is_kept(browser: Chrome, address: str, tmp_path: Path) -> None:
    path = tmp_path / "panjang.csv"
    rows = (f"polisi menangkap {n} terduga teroris di jakarta. {'aturan platform digital baru. ' * 40}" for n in range(4_900))
    path.write_text("isi\n" + "\n".join(rows) + "\n", encoding="utf-8")
    drop(browser, address, path)
    press(browser, "#corpus-start")
    wait_for(lambda: re.search(r"[1-9]\d* dari 4\.900", text_of(browser, "#corpus-status")))
    press(browser, "#corpus-cancel")
    wait_for(lambda: "Dihentikan" in text_of(browser, "#corpus-status"))
    found = wait_for(lambda: re.search(r"([\d.]+) artikel", text_of(browser, "#corpus-summary")))
    assert found and 0 < int(found[1].replace(".", "")) < 4_900
    assert console_errors(browser) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_results(browser: Chrome, address: str, theme: str) -> None:
    pytest.importorskip("axe_playwright_python")
    from tests.browser.test_accessibility import findings

    browser.set_script_timeout(120)
    open_tab(browser, f"{address}/?__theme={theme}")
    browser.find_element(By.CSS_SELECTOR, "#corpus-file input[type=file]").send_keys(str(EXAMPLE))
    wait_for(lambda: text_of(browser, "#corpus-preview"))
    press(browser, "#corpus-start")
    wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, "#corpus-table .row-open"))[0].click()
    wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, "#corpus-reader .reader"))
    wait_for(lambda: text_of(browser, "#corpus-status") == "Selesai.")
    assert findings(browser) == []
