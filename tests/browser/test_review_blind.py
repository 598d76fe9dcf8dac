"""An audit sample in a real browser: answered blind, by keys, with evidence, quote, flag and note; found again and changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("selenium")
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from sorot.data.taxonomy import load_taxonomy
from sorot.serving.review import leases
from sorot.serving.review.store import Store, create_store
from tests.browser.driving import NEEDS_BROWSER, console_errors, serve, set_width, text_of, too_wide, wait_for
from tests.browser.test_review_tab import press, shown, sit_down, ticked
from tests.serving.reviewing import ANSWER, THRESHOLDS, analysis, article

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = [NEEDS_BROWSER, pytest.mark.timeout(900)]
# Selects from a character of one sentence to a character of another.
SELECT = """
const text = n => document.querySelectorAll("#review-sentences label")[n].querySelector("span").firstChild;
const [from, start, to, end] = arguments;
getSelection().setBaseAndExtent(text(from), start, text(to), end);
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Three articles of an audit sample for two people each; Budi has answered all of them, the same way."""
    taxonomy = load_taxonomy()
    store = create_store(tmp_path_factory.mktemp("review"), taxonomy)
    scored = [(article(n), analysis(taxonomy, n)) for n in range(3)]
    store.add(scored, THRESHOLDS, 2, audit=True)
    store.put_in_order()
    while (held := leases.take(store, "Budi")) is not None:
        leases.confirm(store, "Budi", held.number, ANSWER, blind=True)
    return store


@pytest.fixture(scope="module")
def address(tiny_bundle: Path, store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    errors = tmp_path_factory.mktemp("page") / "errors.txt"
    with serve(tiny_bundle, errors, "--review", str(store.path.parent)) as url:
        yield url
    assert errors.read_text(encoding="utf-8").splitlines()[1:] == ["stopped"]


def click(browser: Chrome, selector: str) -> None:
    """Click, again where what comes in above moves the part away under the pointer."""

    def once() -> bool:
        browser.find_element(By.CSS_SELECTOR, selector).click()
        return True

    wait_for(once)


def test_an_audit_article_is_answered_blind_found_again_and_changed(browser: Chrome, address: str, store: Store) -> None:
    title = sit_down(browser, address, "Sari")
    # Neither the model's labels nor its probabilities.
    assert "Sampel audit" in text_of(browser, "#review-guess-note") and ticked(browser) == [False] * 3
    names = [label.text for label in browser.find_elements(By.CSS_SELECTOR, ".review-numbered label")]
    assert len(names) == 10 and all(name.split(".")[0] == key for name, key in zip(names, "1234567890", strict=True))
    assert not [name for name in names if "·" in name]
    for key in "150":
        press(browser, key, Keys.ALT)
    wait_for(lambda: browser.find_element(By.CSS_SELECTOR, "#review-stance input[value=oppose]").is_selected())
    wait_for(lambda: browser.find_element(By.CSS_SELECTOR, "#review-sentiment input[value=negative]").is_selected())
    assert ticked(browser) == [True, False, False]
    # Evidence from the first sentence of the body into the second, then a quote out of the second.
    browser.execute_script(SELECT, 1, 12, 2, 8)
    click(browser, "#review-tools .review-mark")
    boxes = browser.find_elements(By.CSS_SELECTOR, "#review-sentences input")
    wait_for(lambda: [box.is_selected() for box in boxes] == [False, True, True, False])
    browser.execute_script(SELECT, 2, 6, 2, 26)
    press(browser, "k", Keys.ALT)
    wait_for(lambda: text_of(browser, "#review-quotes label") == "“mengkritik kebijakan”")
    press(browser, "f", Keys.ALT)
    press(browser, "n", Keys.ALT)
    note = browser.find_element(By.CSS_SELECTOR, "#review-note textarea")
    wait_for(lambda: browser.switch_to.active_element == note)
    note.send_keys("Judul menyesatkan", Keys.CONTROL, Keys.ENTER)
    shown(browser, title)
    wait_for(lambda: "Jawaban model:" in text_of(browser, "#review-notice"))
    [kept] = [review for review in store.reviews() if review.person == "Sari"]
    assert kept.blind and kept.answer.flag and kept.answer.note == "Judul menyesatkan"
    assert kept.answer.quotes == ("mengkritik kebijakan",) and len(kept.answer.sentences) == 2
    assert (kept.article.title, kept.answer.labels["stance"]) == (title, "oppose")
    # The next one is blind again, and has nothing of this one.
    assert ticked(browser) == [False] * 3 and note.get_property("value") == ""
    click(browser, "#review-answered > button")
    search = wait_for(lambda: browser.find_element(By.CSS_SELECTOR, "#review-search :is(input, textarea)"))
    wait_for(search.is_displayed)
    search.send_keys("tidak ada yang begini")
    wait_for(lambda: "Tidak ada tinjauan" in text_of(browser, "#review-found"))
    search.send_keys(Keys.CONTROL, "a")
    search.send_keys("MENYESATKAN")
    wait_for(lambda: title in text_of(browser, "#review-found") and "ditandai" in text_of(browser, "#review-found"))
    click(browser, "#review-found [data-reopen]")
    wait_for(lambda: "dibuka lagi" in text_of(browser, "#review-notice"))
    wait_for(lambda: note.get_property("value") == "Judul menyesatkan")
    # Answered, so the model's probabilities are there.
    assert "·" in text_of(browser, "#review-topics label") and ticked(browser) == [True, False, False]
    press(browser, "2", Keys.ALT)
    wait_for(lambda: ticked(browser) == [True, True, False])
    press(browser, Keys.ENTER, Keys.CONTROL)
    wait_for(lambda: "Tersimpan" in text_of(browser, "#review-notice"))
    [changed] = [review for review in store.reviews() if review.person == "Sari"]
    assert changed.answer.labels["topics"] == ("censorship", "terrorism") and changed.answer.note == "Judul menyesatkan"
    assert not changed.blind
    click(browser, "#review-team > button")
    wait_for(lambda: "Alpha Krippendorff" in text_of(browser, "#review-team-figures"))
    rows = [row.text.split() for row in browser.find_elements(By.CSS_SELECTOR, ".review-agreement tbody tr")]
    assert [row[1:3] for row in rows] == [["1", "0"], ["1", "100"], ["1", "100"]]
    assert console_errors(browser) == []


def test_the_model_is_hidden_and_shown_by_the_switch(browser: Chrome, address: str, store: Store) -> None:
    taxonomy = store.taxonomy
    with store.changing() as db:
        db.execute("UPDATE turns SET missing = 0")
    store.add([(article(9), analysis(taxonomy, 9))], THRESHOLDS)
    sit_down(browser, address, "Tono")
    assert ticked(browser) == [True, False, False]
    click(browser, "#review-blind input")
    wait_for(lambda: ticked(browser) == [False] * 3 and "·" not in text_of(browser, "#review-topics label"))
    press(browser, "3", Keys.ALT)
    wait_for(lambda: ticked(browser) == [False, False, True])
    click(browser, "#review-blind input")
    wait_for(lambda: "·" in text_of(browser, "#review-topics label"))
    # What was chosen by hand stays.
    assert ticked(browser) == [False, False, True]
    assert console_errors(browser) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_tab_has_no_finding_and_fits_every_width(browser: Chrome, address: str, theme: str) -> None:
    pytest.importorskip("axe_playwright_python")
    from tests.browser.test_accessibility import findings

    browser.set_script_timeout(120)
    sit_down(browser, f"{address}/?__theme={theme}", "Sari")
    for panel in ("answered", "team"):
        click(browser, f"#review-{panel} > button")
    wait_for(lambda: text_of(browser, "#review-team-figures") and text_of(browser, "#review-found"))
    try:
        for width in (1440, 820, 390):
            set_width(browser, width)
            wait_for(lambda width=width: not too_wide(browser, width), 15)  # type: ignore[misc]
        assert findings(browser) == []
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
