"""Make the pictures of the page in the docs from a running `sorot demo`: python -m tests.browser.screenshot URL [FOLDER]"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from sorot.serving.page.article.example_texts import example_texts
from tests.browser.driving import analyse, browse, open_page, set_width, text_of, too_wide, wait_for

TALLEST = 6000


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: the steps that bring a freshly opened page there, and the size and theme it is seen in."""

    drive: Callable[[Chrome], None]
    width: int = 1200
    theme: str = "light"
    height: int | None = None  # Pixels; the whole page if None.


def drive_article(browser: Chrome) -> None:
    """The raw dump of the examples, analysed."""
    analyse(browser, browser.find_element(By.CSS_SELECTOR, "#text textarea"), example_texts()[-1])
    wait_for(lambda: not browser.find_elements(By.CSS_SELECTOR, "#verdict .example-note"))
    wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, "#verdict .chip-groups"))


def drive_answer(browser: Chrome) -> None:
    """The first example with the evidence of its second chip, in English."""
    browser.find_element(By.CSS_SELECTOR, "#language input[value=en]").click()
    wait_for(lambda: text_of(browser, "#analyse") == "Analyse")
    analyse(browser, browser.find_element(By.CSS_SELECTOR, "#text textarea"), example_texts()[0])
    wait_for(lambda: not browser.find_elements(By.CSS_SELECTOR, "#verdict .example-note"))
    wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, "#verdict [data-evidence]"))[1].click()
    browser.execute_script("scrollTo(0, 0)")


def drive_compare(browser: Chrome) -> None:
    """The example of the tab that compares, compared."""
    open_tab(browser, 1, "#compare-example")
    browser.find_element(By.CSS_SELECTOR, "#compare-example").click()
    wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, "#compare-3 textarea")[-1].get_property("value"))
    browser.find_element(By.CSS_SELECTOR, "#compare-run").click()
    wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, "#compare-result article"))


def open_tab(browser: Chrome, number: int, shown: str) -> None:
    """The tab of this number, from 0, once `shown` is in view; in the menu of those without room it is not looked for."""
    wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, "[role=tab]"))[number].click()
    wait_for(lambda: browser.find_element(By.CSS_SELECTOR, shown).is_displayed())


def drive_corpus(browser: Chrome) -> None:
    """The demo corpus, scored, its first article open."""
    open_tab(browser, 2, "#corpus-example")
    browser.find_element(By.CSS_SELECTOR, "#corpus-example").click()
    wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, "#corpus-plot svg.marks"), 600)
    wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, "#corpus-table .row-open"))[0].click()
    wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, "#corpus-reader .reader"))


def drive_model(browser: Chrome) -> None:
    """The tab of the model."""
    open_tab(browser, 3, "#model-facts h2")


# By the name of the file in docs; a tab with a picture of its own adds a line and a function that opens it.
SHOTS: dict[str, Shot] = {
    "answer": Shot(drive_answer, height=700),
    "page": Shot(drive_article),
    "page-dark": Shot(drive_article, theme="dark"),
    "page-narrow": Shot(drive_article, width=390),
    "compare": Shot(drive_compare),
    "corpus": Shot(drive_corpus, width=1440),
    "model": Shot(drive_model),
}


def take(browser: Chrome, address: str, shot: Shot, target: Path) -> list[str]:
    """Save a picture of the page; returns the elements that are wider than it."""
    set_width(browser, shot.width)
    open_page(browser, f"{address}/?__theme={shot.theme}")
    shot.drive(browser)
    time.sleep(1.5)  # The page's transitions.
    whole = int(browser.execute_script("return document.querySelector('.gradio-container').scrollHeight"))
    set_width(browser, shot.width, shot.height or min(whole, TALLEST))
    # An article that was opened has moved the page.
    browser.execute_script("scrollTo(0, 0)")
    time.sleep(1)
    wide = too_wide(browser, shot.width)
    browser.save_screenshot(str(target))
    return wide


def main(address: str, folder: Path) -> None:
    """Every picture of the docs."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, browse(Path(profile)) as browser:
        for name, shot in SHOTS.items():
            wide = take(browser, address.rstrip("/"), shot, folder / f"{name}.png")
            print(f"{folder / name}.png" + (f"; too wide: {', '.join(wide)}" if wide else ""))


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) == 3 else Path("docs"))
