"""The task script of docs/corpus.md: every question is answered in the browser, and its clicks are counted."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("selenium")
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.driving import NEEDS_BROWSER, console_errors, open_page, set_width, text_of, wait_for

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = [NEEDS_BROWSER, pytest.mark.timeout(900)]
DOCUMENT = Path(__file__).parents[2] / "docs" / "corpus.md"
MOST_CLICKS, ARTICLES = 4, 40
COUNT = (
    "if (!window.counted) addEventListener('pointerdown', () => window.clicks++, true); window.counted = true; window.clicks = 0;"
)
# The first bar or point that carries filters and lies open under the pointer.
OPEN_MARK = """
return [...document.querySelectorAll('#corpus-plot svg.marks path')].filter(part => part.__data__?.datum?.go?.labels).find(part => {
  const box = part.getBoundingClientRect();
  return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === part;
});
"""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles of our own, the first of them printed by a second outlet as well."""
    lines = files("sorot.data.corpus").joinpath("articles.jsonl").read_text(encoding="utf-8").splitlines()[:ARTICLES]
    rows = [json.loads(line) for line in lines]
    rows += [{**row, "id": f"salinan-{row['id']}", "outlet": "Kabar Salinan"} for row in rows[:3]]
    path = tmp_path_factory.mktemp("corpus") / "korpus.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["judul", "isi", "media", "tanggal"])
        writer.writerows([row["title"], row["text"], row["outlet"], row["date"]] for row in rows)
    return path


class Analyst:
    """Somebody at the open corpus who clicks; every click goes through the pointer, where the page counts it."""

    def __init__(self, browser: Chrome) -> None:
        self.browser = browser

    def all(self, selector: str) -> list[WebElement]:
        return [part for part in self.browser.find_elements(By.CSS_SELECTOR, selector) if part.is_displayed()]

    def click(self, selector: str) -> None:
        def once() -> bool:
            part = self.all(selector)[0]
            self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", part)
            part.click()
            return True

        wait_for(once)

    def choose(self, selector: str, value: str) -> None:
        """One of the buttons of a choice."""
        self.click(f"{selector} label:has(input[value={value}])")

    def pick(self, selector: str, name: str) -> None:
        """An entry of a list: a click opens the list, another takes the entry."""
        self.click(f"{selector} input")
        entry = wait_for(lambda: [o for o in self.all("[role=option]") if o.text.strip().removeprefix("✓").strip() == name])
        entry[0].click()

    def left(self) -> int:
        """The number of articles that the filters leave; 0 where they leave all."""
        found = re.match(r"(\d+) dari", text_of(self.browser, "#corpus-left"))
        return int(found[1]) if found else 0

    def filtered(self) -> None:
        """Waits until a click has filtered, and the first article left is open."""
        wait_for(lambda: 0 < self.left() == len(self.all("#corpus-table .row-open")))
        wait_for(lambda: self.all("#corpus-reader .reader"))

    def marks(self) -> set[str]:
        """What a click on each bar or point would ask for."""
        script = (
            "return [...document.querySelectorAll('#corpus-plot svg.marks path')].map(p => JSON.stringify(p.__data__?.datum?.go))"
        )
        return {one for one in self.browser.execute_script(script) if one}

    def redrawn(self, before: set[str], part: str) -> None:
        wait_for(lambda: (now := self.marks()) and now != before and all(part in one for one in now))


def behind_a_bar(analyst: Analyst) -> None:
    wait_for(lambda: analyst.browser.execute_script(OPEN_MARK)).click()
    analyst.filtered()


def what_it_says(analyst: Analyst) -> None:
    analyst.click("#corpus-table .row-open")
    wait_for(lambda: analyst.all("#corpus-reader .shows.on") or analyst.all("#corpus-reader .reader-text"))


def attention_in_shares(analyst: Analyst) -> None:
    analyst.choose("#corpus-measure", "shares")
    wait_for(lambda: any("%" in tick.text for tick in analyst.all("#corpus-plot svg.marks text")))


def stance_over_time(analyst: Analyst) -> None:
    before = analyst.marks()
    analyst.choose("#corpus-task", "stance")
    analyst.redrawn(before, "stance")


def outlet_that_opposes(analyst: Analyst) -> None:
    before = analyst.marks()
    analyst.choose("#corpus-view", "outlet_view")
    analyst.choose("#corpus-task", "stance")
    analyst.redrawn(before, "outlet")


def how_sure_a_share_is(analyst: Analyst) -> None:
    analyst.choose("#corpus-view", "bands_view")
    wait_for(lambda: "selang 95" in text_of(analyst.browser, "#corpus-note"))
    wait_for(lambda: analyst.marks())


def who_is_quoted(analyst: Analyst) -> None:
    analyst.choose("#corpus-view", "speakers_view")
    analyst.click("#corpus-figure [data-go]")
    analyst.filtered()


def told_by_several(analyst: Analyst) -> None:
    analyst.choose("#corpus-view", "stories_view")
    analyst.click("#corpus-figure [data-go]")
    analyst.filtered()
    assert analyst.left() >= 2


def two_outlets(analyst: Analyst) -> None:
    analyst.choose("#corpus-view", "pair_view")
    analyst.pick("#corpus-side-2", "Kabar Salinan")
    wait_for(lambda: "Kabar Salinan" in text_of(analyst.browser, "#corpus-figure .pair-heads"))


def report_to_send(analyst: Analyst) -> None:
    analyst.choose("#corpus-format", "report")
    analyst.click("#corpus-prepare")
    wait_for(lambda: "sorot-id.html" in text_of(analyst.browser, "#corpus-download"))
    analyst.click("#corpus-download")


QUESTIONS: dict[str, Callable[[Analyst], None]] = {
    "Which articles stand behind this bar?": behind_a_bar,
    "What does this article say, and which sentences show it?": what_it_says,
    "How did attention change, in shares?": attention_in_shares,
    "How did stance change over time?": stance_over_time,
    "Which outlet opposes most?": outlet_that_opposes,
    "How sure is this share?": how_sure_a_share_is,
    "Who is quoted, and in which articles?": who_is_quoted,
    "Which stories were told more than once, and by whom?": told_by_several,
    "How do two outlets differ?": two_outlets,
    "Give me a report to send on": report_to_send,
}


def written() -> dict[str, int]:
    """The questions of the document with their clicks."""
    rows = re.findall(r"^\| (.+?) \| (\d+): ", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    return {question: int(clicks) for question, clicks in rows}


def score_file(browser: Chrome, address: str, corpus: Path) -> Analyst:
    """Somebody who has just opened a corpus."""
    browser.execute_script("try { sessionStorage.clear(); } catch { }")
    set_width(browser, 1440)
    open_page(browser, address)
    analyst = Analyst(browser)
    next(tab for tab in browser.find_elements(By.CSS_SELECTOR, "button[role=tab]") if tab.text == "Korpus").click()
    wait_for(lambda: browser.find_element(By.CSS_SELECTOR, "#corpus-file input[type=file]")).send_keys(str(corpus))
    wait_for(lambda: text_of(browser, "#corpus-preview"))
    analyst.click("#corpus-start")
    wait_for(lambda: text_of(browser, "#corpus-left") == f"Semua {ARTICLES + 3} artikel")
    wait_for(lambda: analyst.marks())
    return analyst


def test_every_question_takes_the_clicks_that_the_document_says(browser: Chrome, address: str, corpus: Path) -> None:
    counted = {}
    try:
        analyst = score_file(browser, address, corpus)
        for question, answer in QUESTIONS.items():
            browser.execute_script(COUNT)
            answer(analyst)
            counted[question] = int(browser.execute_script("return window.clicks"))
            analyst.click("#corpus-clear")
            wait_for(lambda: analyst.left() == 0)
            for control, value in (("view", "time_view"), ("task", "topics"), ("measure", "counts")):
                analyst.choose(f"#corpus-{control}", value)
            wait_for(lambda: all('"topics"' in one and '"first"' in one for one in analyst.marks() or {""}))
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert counted == written() and max(counted.values()) <= MOST_CLICKS and len(counted) == 10
    assert console_errors(browser) == []


def test_the_corpus_is_read_by_keyboard_alone(browser: Chrome, address: str, corpus: Path) -> None:
    def press(*keys: str) -> None:
        ActionChains(browser).send_keys(*keys).perform()

    def at(selector: str) -> bool:
        return bool(browser.execute_script("return !!document.activeElement?.closest(arguments[0])", selector))

    def tab_to(selector: str, most: int = 60) -> None:
        for _ in range(most):
            if at(selector):
                return
            press(Keys.TAB)
        raise AssertionError(f"Tab does not come to {selector}")

    try:
        analyst = score_file(browser, address, corpus)
        browser.find_element(By.CSS_SELECTOR, "#corpus-search textarea, #corpus-search input").click()
        tab_to("#corpus-clear")
        tab_to("#corpus-view")
        press(Keys.ARROW_RIGHT)
        wait_for(lambda: any('"outlet"' in one for one in analyst.marks()))
        # The numbers behind the chart are its buttons.
        tab_to("#corpus-figure summary")
        press(Keys.ENTER)
        tab_to("#corpus-figure [data-go]")
        press(Keys.ENTER)
        analyst.filtered()
        wait_for(lambda: at("#corpus-reader"))
        tab_to("#corpus-reader [data-evidence], #corpus-reader .reader-text")
        browser.find_element(By.CSS_SELECTOR, "#corpus-clear").send_keys(Keys.ENTER)
        wait_for(lambda: analyst.left() == 0)
        tab_to("#corpus-table .row-open")
        press(Keys.ENTER)
        wait_for(lambda: analyst.all("#corpus-table tr.open"))
        tab_to("#corpus-format", 90)
        press(Keys.ARROW_RIGHT)
        tab_to("#corpus-prepare")
        press(Keys.ENTER)
        wait_for(lambda: ".xlsx" in text_of(browser, "#corpus-download"))
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert console_errors(browser) == []
