"""The corpus tab in a real browser: a dropped CSV is scored, a threshold moved, the table filtered, a file downloaded, a run stopped."""

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
from selenium.webdriver.common.keys import Keys

from tests.browser.driving import NEEDS_BROWSER, console_errors, open_page, serve, set_width, text_of, too_wide, wait_for

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = [NEEDS_BROWSER, pytest.mark.timeout(900)]
EXAMPLE = Path(__file__).parents[2] / "serving" / "page" / "corpus" / "examples" / "contoh.csv"


@pytest.fixture(scope="module")
def address(tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page served by the command line, over the small bundle."""
    errors = tmp_path_factory.mktemp("corpus") / "errors.txt"
    with serve(tiny_bundle, errors) as url:
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
    wait_for(lambda: browser.find_element(By.CSS_SELECTOR, "#corpus-text input").get_property("value") == "isi")
    wait_for(lambda: text_of(browser, "#corpus-preview"))


def press(browser: Chrome, selector: str) -> None:
    """Click, again where what comes in above moves the button away under the pointer."""

    def click() -> bool:
        browser.find_element(By.CSS_SELECTOR, selector).click()
        return True

    wait_for(click)


def total(browser: Chrome) -> int:
    return sum(int(n) for n in re.findall(r": (\d+) artikel", text_of(browser, "#corpus-counts")))


def test_a_corpus_is_scored_moved_filtered_and_downloaded(browser: Chrome, address: str, tmp_path: Path) -> None:
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    drop(browser, address, EXAMPLE)
    press(browser, "#corpus-start")
    wait_for(lambda: text_of(browser, "#corpus-summary").startswith("12 artikel"))
    wait_for(lambda: len(browser.find_elements(By.CSS_SELECTOR, "#corpus-charts svg")) == 3)
    assert text_of(browser, "#corpus-status") == "Selesai."
    before = total(browser)
    browser.find_element(By.CSS_SELECTOR, "#corpus-at-topics-terrorism input[type=range]").send_keys(Keys.HOME)
    wait_for(lambda: ": 12 artikel" in text_of(browser, "#corpus-counts"))
    assert total(browser) > before
    browser.find_element(By.CSS_SELECTOR, "#corpus-search textarea, #corpus-search input").send_keys("dayung")
    wait_for(lambda: len(browser.find_elements(By.CSS_SELECTOR, "#corpus-table tbody tr")) == 1)
    press(browser, "#corpus-prepare")
    link = wait_for(lambda: browser.find_element(By.CSS_SELECTOR, "#corpus-download"))
    wait_for(link.is_displayed)
    link.click()
    file = wait_for(lambda: next(iter(tmp_path.glob("*.csv")), None))
    assert file is not None and file.name == "sorot-terrorism-0.00.csv"
    with file.open(encoding="utf-8", newline="") as read:
        assert all("terrorism" in row["topics"] for row in csv.DictReader(read))
    press(browser, "#corpus-reset")
    wait_for(lambda: total(browser) == before)
    languages = browser.find_elements(By.CSS_SELECTOR, "#language label")
    languages[1].click()
    wait_for(lambda: text_of(browser, "#corpus-summary").startswith("12 articles"))
    wait_for(lambda: "First rows" in text_of(browser, "#corpus-preview"))
    assert text_of(browser, "#corpus-status") == "Done."
    chosen = (browser.find_element(By.CSS_SELECTOR, f"#corpus-{part} input") for part in ("text", "id", "by-outlet"))
    assert [part.get_property("value") for part in chosen] == ["isi", "(none)", "All"]
    languages[0].click()
    wait_for(lambda: text_of(browser, "#corpus-summary").startswith("12 artikel"))
    set_width(browser, 390)
    try:
        inside = ("TABLE", "THEAD", "TBODY", "TR", "TH", "TD")
        # The table scrolls in a box of its own; the page takes some frames to lay out again.
        wait_for(lambda: not [part for part in too_wide(browser, 390) if not part.startswith(inside)], 15)
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert console_errors(browser) == []


def test_a_zip_of_texts_has_no_columns_and_is_scored(browser: Chrome, address: str, tmp_path: Path) -> None:
    path = tmp_path / "teks.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("satu.txt", "Polisi menangkap <script>document.title='kena'</script> terduga teroris di Jakarta.")
    open_tab(browser, address)
    browser.find_element(By.CSS_SELECTOR, "#corpus-file input[type=file]").send_keys(str(path))
    wait_for(lambda: "satu" in text_of(browser, "#corpus-preview"))
    press(browser, "#corpus-start")
    wait_for(lambda: text_of(browser, "#corpus-summary").startswith("1 artikel"))
    assert "<script>" in text_of(browser, "#corpus-table") and browser.title != "kena"
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
    found = wait_for(lambda: re.match(r"([\d.]+) artikel", text_of(browser, "#corpus-summary")))
    assert found and 0 < int(found[1].replace(".", "")) < 4_900
    assert console_errors(browser) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_results(browser: Chrome, address: str, theme: str) -> None:
    pytest.importorskip("axe_playwright_python")
    from tests.browser.test_accessibility import findings

    browser.set_script_timeout(120)
    open_tab(browser, f"{address}/?__theme={theme}")
    press(browser, "#corpus-example")
    wait_for(lambda: text_of(browser, "#corpus-preview"))
    press(browser, "#corpus-start")
    wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, "#corpus-table tbody tr"))
    wait_for(lambda: text_of(browser, "#corpus-status") == "Selesai.")
    assert findings(browser) == []
