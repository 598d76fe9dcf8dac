"""The tab of reviews in a real browser: two people, the keyboard, marks, a narrow screen."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("selenium")
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from sorot.data.article import Article
from sorot.data.labels.records import validate_labelled
from sorot.data.taxonomy import load_taxonomy
from sorot.serving.review.export import write_records
from sorot.serving.review.store import Store
from tests.browser.driving import NEEDS_BROWSER, console_errors, open_page, serve, set_width, text_of, too_wide, wait_for
from tests.serving.command import lines
from tests.serving.reviewing import THRESHOLDS, analysis, fill

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = [NEEDS_BROWSER, pytest.mark.timeout(900)]
HOSTILE = "Pemerintah memblokir <img src=x onerror=\"document.title='kena'\"> **situs** itu. <script>document.title='kena'</script> Warga mengkritik."
NARROW = 390
# As long as a second click counts as a double one, by review_keys.js.
DOUBLE_MS = 600
# Clicks once more shortly after the next article is there; how many milliseconds after the first.
CLICK_TWICE = """
const done = arguments[0], button = document.querySelector("#review-confirm"), began = performance.now();
const title = () => document.querySelector("#review-sentences label")?.textContent;
const first = title();
button.click();
const wait = setInterval(() => {
  if (title() === first) return;
  clearInterval(wait);
  // While the page is still busy with the first click it takes no second one anyway.
  setTimeout(() => { button.click(); done(performance.now() - began); }, 150);
}, 5);
"""
# Quicker than anybody: the page comes to none of it before all of it has happened.
AT_ONCE = """
for (const given of [{code: "Digit3", altKey: true}, {key: "Enter", ctrlKey: true}])
  document.body.dispatchEvent(new KeyboardEvent("keydown", {...given, bubbles: true}));
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return fill(tmp_path_factory.mktemp("review"), 12)


@pytest.fixture(scope="module")
def address(tiny_bundle: Path, store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page with the tab, served by the command line."""
    errors = tmp_path_factory.mktemp("page") / "errors.txt"
    with serve(tiny_bundle, errors, "--review", str(store.path.parent)) as url:
        yield url
    assert errors.read_text(encoding="utf-8").splitlines()[1:] == ["stopped"]


def sit_down(browser: Chrome, address: str, name: str) -> str:
    """Open the tab as somebody; the first sentence of the article that comes."""
    open_page(browser, address)
    tabs = wait_for(lambda: [t for t in browser.find_elements(By.CSS_SELECTOR, "button[role=tab]") if t.text == "Tinjauan"])
    tabs[0].click()
    box = wait_for(lambda: browser.find_element(By.CSS_SELECTOR, "#review-name input, #review-name textarea"))
    wait_for(box.is_displayed)
    box.send_keys(name, Keys.ENTER)
    return shown(browser)


def shown(browser: Chrome, other_than: str = "") -> str:
    """The title of the article that is before the reviewer, once it is another one."""

    def find() -> str | None:
        text = text_of(browser, "#review-sentences label").strip()
        return text if text and text != other_than else None

    return str(wait_for(find))


def press(browser: Chrome, key: str, *held: str) -> None:
    keys = ActionChains(browser)
    for one in held:
        keys.key_down(one)
    keys.send_keys(key)
    for one in held:
        keys.key_up(one)
    keys.perform()


def ticked(browser: Chrome) -> list[bool]:
    return [box.is_selected() for box in browser.find_elements(By.CSS_SELECTOR, "#review-topics input")]


def test_two_people_review_different_articles_by_keyboard(browser: Chrome, address: str, store: Store, tmp_path: Path) -> None:
    first_tab = browser.current_window_handle
    hers = sit_down(browser, address, "Sari")
    assert "0 selesai oleh Anda · 12 tersisa" in text_of(browser, "#review-progress")
    browser.switch_to.new_window("tab")
    try:
        his = sit_down(browser, address, "Budi")
        assert his != hers
    finally:
        browser.close()
        browser.switch_to.window(first_tab)
    assert ticked(browser) == [True, False, False]
    boxes = browser.find_elements(By.CSS_SELECTOR, "#review-sentences input")
    boxes[1].send_keys(Keys.SPACE)
    browser.find_elements(By.CSS_SELECTOR, "#review-sentences label")[2].click()
    wait_for(lambda: [box.is_selected() for box in boxes] == [False, True, True, False])
    press(browser, "2", Keys.ALT)
    wait_for(lambda: ticked(browser) == [True, True, False])
    press(browser, Keys.ENTER, Keys.CONTROL)
    following = shown(browser, hers)
    assert following not in (hers, his)
    wait_for(lambda: "Tersimpan." in text_of(browser, "#review-notice"))
    [kept] = list(store.reviews())
    assert (kept.person, kept.article.title, kept.answer.labels["topics"]) == ("Sari", hers, ("censorship", "terrorism"))
    assert [s.split()[0] for s in kept.answer.sentences] == ["Pemerintah", "Warga"]
    # Who works by keyboard goes on at the article, and what was said of the last one goes at the next click.
    first_box = "return document.activeElement === document.querySelector('#review-sentences input')"
    assert wait_for(lambda: browser.execute_script(first_box))
    press(browser, Keys.SPACE)
    wait_for(lambda: text_of(browser, "#review-notice") == "")
    press(browser, "s", Keys.ALT)
    third = shown(browser, following)
    assert third not in (hers, his, following)
    press(browser, "z", Keys.ALT)
    assert shown(browser, third) == hers
    wait_for(lambda: ticked(browser) == [True, True, False])
    assert list(store.reviews()) == []
    press(browser, Keys.ENTER, Keys.CONTROL)
    shown(browser, hers)
    out = tmp_path / "reviewed.jsonl"
    wait_for(lambda: store.status().reviews == 1)
    assert write_records(store, out) == 1 and validate_labelled(out, load_taxonomy()) == []
    [record] = lines(out)
    assert record["annotator"] == "Sari" and str(record["reviewed"]).startswith("20")
    assert console_errors(browser) == []


def test_keys_do_nothing_where_somebody_types_or_another_tab_is_open(browser: Chrome, address: str, store: Store) -> None:
    title = sit_down(browser, address, "Tono")
    before = ticked(browser)
    browser.find_elements(By.CSS_SELECTOR, "button[role=tab]")[0].click()
    box = browser.find_element(By.CSS_SELECTOR, "#text textarea")
    wait_for(box.is_displayed)
    reviews = store.status().reviews
    press(browser, "1", Keys.ALT)
    press(browser, "s", Keys.ALT)
    box.send_keys("Halo")
    press(browser, Keys.ENTER, Keys.CONTROL)
    next(t for t in browser.find_elements(By.CSS_SELECTOR, "button[role=tab]") if t.text == "Tinjauan").click()
    wait_for(lambda: text_of(browser, "#review-sentences label").strip() == title)
    assert ticked(browser) == before and store.status().reviews == reviews


def stance_of(browser: Chrome) -> list[bool]:
    return [box.is_selected() for box in browser.find_elements(By.CSS_SELECTOR, "#review-stance input")]


def test_a_stance_without_a_topic_follows_the_rule(browser: Chrome, address: str) -> None:
    sit_down(browser, address, "Wati")
    press(browser, "1", Keys.ALT)
    stances = browser.find_elements(By.CSS_SELECTOR, "#review-stance input")
    wait_for(lambda: stance_of(browser) == [False, False, False, True])
    stances[0].click()
    wait_for(stances[0].is_selected)
    browser.find_element(By.CSS_SELECTOR, "#review-confirm").click()
    wait_for(lambda: "Tanpa topik, sikapnya harus “Tidak ada”" in text_of(browser, "#review-notice"))
    assert ticked(browser) == [False, False, False]
    # Chosen again and taken back: an article with a topic needs a stance, so the visitor has to choose.
    stances[3].click()
    wait_for(stances[3].is_selected)
    press(browser, "1", Keys.ALT)
    wait_for(lambda: stance_of(browser) == [False] * 4)
    press(browser, Keys.ENTER, Keys.CONTROL)
    wait_for(lambda: "Sikap dan sentimen harus dipilih" in text_of(browser, "#review-notice"))
    assert console_errors(browser) == []


@pytest.mark.parametrize("hurried", [True, False])
def test_swapping_the_topic_keeps_the_stance(browser: Chrome, address: str, store: Store, hurried: bool) -> None:
    first = sit_down(browser, address, "Lina")
    reviews = store.status().reviews
    press(browser, "1", Keys.ALT)
    wait_for(lambda: stance_of(browser) == [False, False, False, True])
    if hurried:
        browser.execute_script(AT_ONCE)
    else:
        press(browser, "3", Keys.ALT)
        wait_for(lambda: stance_of(browser) == [False, False, True, False])
        press(browser, Keys.ENTER, Keys.CONTROL)
    shown(browser, first)
    wait_for(lambda: store.status().reviews == reviews + 1)
    kept = list(store.reviews())[-1]
    assert (kept.person, kept.answer.labels["topics"], kept.answer.labels["stance"]) == (
        "Lina",
        ("platform_regulation",),
        "neutral",
    )
    assert console_errors(browser) == []


def test_a_second_click_does_not_save_the_next_article_unseen(browser: Chrome, address: str, store: Store) -> None:
    sit_down(browser, address, "Dina")
    reviews = store.status().reviews
    browser.set_script_timeout(60)
    elapsed = browser.execute_async_script(CLICK_TWICE)
    if elapsed > DOUBLE_MS:
        pytest.skip("the machine is too slow to click twice in time")
    time.sleep(1)
    assert store.status().reviews == reviews + 1


def test_a_restarted_service_takes_what_is_on_the_page(browser: Chrome, tiny_bundle: Path, tmp_path: Path) -> None:
    store = fill(tmp_path / "review", 2)
    options = ("--review", str(tmp_path / "review"))
    with serve(tiny_bundle, tmp_path / "first.txt", *options) as url:
        title = sit_down(browser, url, "Sari")
        browser.find_elements(By.CSS_SELECTOR, "#review-sentences input")[1].send_keys(Keys.SPACE)
        time.sleep(1)
    second = tmp_path / "second.txt"
    with serve(tiny_bundle, second, *options, "--port", url.rstrip("/").rsplit(":", 1)[1]):
        # The page notices after some seconds that the service is there again.
        for _ in range(15):
            if not store.status().reviews:
                press(browser, Keys.ENTER, Keys.CONTROL)
                time.sleep(2)
        assert shown(browser, title) != title
        [kept] = store.reviews()
        assert (kept.person, kept.article.title, len(kept.answer.sentences)) == ("Sari", title, 1)
        assert second.read_text(encoding="utf-8").count("\n") == 1


def test_article_text_is_never_run_and_nothing_stands_out(browser: Chrome, address: str, store: Store) -> None:
    hostile = Article(id="h", title="<b>Judul</b>", body=HOSTILE)
    store.add([(hostile, analysis(store.taxonomy, 1))], THRESHOLDS)
    with store.changing() as db:
        db.execute("UPDATE turns SET place = -1 WHERE article = (SELECT number FROM articles WHERE id = 'h')")
    assert sit_down(browser, address, "<i>Rini</i>") == "<b>Judul</b>"
    set_width(browser, NARROW)
    try:
        text = text_of(browser, "#review-sentences")
        assert "<script>" in text and "**situs**" in text and browser.title != "kena"
        assert "<i>Rini</i>" in text_of(browser, "#review-progress")
        assert not browser.find_elements(
            By.CSS_SELECTOR, "#review-desk img, #review-desk script, #review-sentences b, #review-head i"
        )
        assert wait_for(lambda: too_wide(browser, NARROW) == [])
        browser.find_elements(By.CSS_SELECTOR, "#language label")[1].click()
        wait_for(lambda: "Save and next" in text_of(browser, "#review-confirm"))
        assert "done by you" in text_of(browser, "#review-progress") and "Censorship" in text_of(browser, "#review-topics")
        assert text_of(browser, "#review-sentences label").strip() == "<b>Judul</b>"
        assert console_errors(browser) == []
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
