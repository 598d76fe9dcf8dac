"""The page in a real browser, used as a person would: paste, click, read, switch."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar
from urllib.request import urlopen

import pytest

selenium = pytest.importorskip("selenium")
from selenium.common.exceptions import WebDriverException  # noqa: E402
from selenium.webdriver import Chrome, ChromeOptions, ChromeService  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.remote.webelement import WebElement  # noqa: E402

BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(not (BROWSER and DRIVER), reason="no chromium with chromedriver on this machine")
WAIT_SECONDS = 60
EXAMPLE = "button.gallery-item, .gallery-item, tr.tr-body"
T = TypeVar("T")
HOSTILE = "Pemerintah memblokir situs <img src=x onerror=\"document.title='kena'\"> dan <script>document.title='kena'</script> judi daring di Jakarta."


@pytest.fixture(scope="module")
def address(tiny_bundle: Path) -> Iterator[str]:
    """A page served by the command line, over the small bundle."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-c",
        "from serving.cli import main; main()",
        "demo",
        "--port",
        str(port),
        "--bundle",
        str(tiny_bundle),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: urlopen(url, timeout=5).status == 200)
        yield url
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    options = ChromeOptions()
    options.binary_location = str(BROWSER)
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
                 "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1200,1400",
                 f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):  # fmt: skip
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = Chrome(options=options, service=ChromeService(executable_path=str(DRIVER)))
    yield driver
    driver.quit()


def wait_for(find: Callable[[], T], seconds: float = WAIT_SECONDS) -> T:
    """The first truthy thing that `find` gives; what it raises meanwhile is not yet an answer."""
    until = time.monotonic() + seconds
    while True:
        try:
            if found := find():
                return found
        except (OSError, WebDriverException, IndexError):
            pass
        if time.monotonic() > until:
            raise AssertionError(f"not within {seconds} s: {find}")
        time.sleep(0.2)


def open_page(browser: Chrome, address: str) -> WebElement:
    browser.get_log("performance")
    browser.get(address)
    return wait_for(lambda: browser.find_element(By.CSS_SELECTOR, "#text textarea"))


def analyse(browser: Chrome, box: WebElement, text: str) -> None:
    box.clear()
    box.send_keys(text)
    browser.find_element(By.CSS_SELECTOR, "#analyse").click()


def verdict(browser: Chrome) -> str:
    return str(browser.find_element(By.CSS_SELECTOR, "#verdict").text)


def test_an_article_is_pasted_and_its_labels_and_evidence_are_shown(browser: Chrome, address: str) -> None:
    box = open_page(browser, address)
    analyse(browser, box, "Pemerintah memblokir situs judi daring. Polisi menangkap terduga teroris di Jakarta hari ini.")
    wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, "#verdict .bar"))
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
    assert "Pemerintah memblokir situs judi daring." in wait_for(lambda: browser.find_element(By.CSS_SELECTOR, "#evidence").text)
    choices = wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, "#choice label"))
    strongest = browser.find_element(By.CSS_SELECTOR, "#strongest").text
    choices[-1].click()
    if len(choices) > 1:
        wait_for(lambda: browser.find_element(By.CSS_SELECTOR, "#strongest").text != strongest)


def test_the_page_speaks_english_too(browser: Chrome, address: str) -> None:
    open_page(browser, address)
    assert "Analisis" in browser.find_element(By.CSS_SELECTOR, "#analyse").text
    browser.find_elements(By.CSS_SELECTOR, "#language label")[1].click()
    wait_for(lambda: "Analyse" in browser.find_element(By.CSS_SELECTOR, "#analyse").text)


def test_empty_and_foreign_texts_get_a_plain_word_and_no_labels(browser: Chrome, address: str) -> None:
    box = open_page(browser, address)
    analyse(browser, box, "   ")
    wait_for(lambda: "Tidak ada teks" in verdict(browser))
    analyse(
        browser, box, "The government has blocked access to several websites after a court ruling on Tuesday, officials said."
    )
    wait_for(lambda: "bukan bahasa Indonesia" in verdict(browser))
    assert not browser.find_elements(By.CSS_SELECTOR, "#verdict .bar")


def test_article_text_is_never_run(browser: Chrome, address: str) -> None:
    box = open_page(browser, address)
    analyse(browser, box, HOSTILE)
    wait_for(lambda: "<script>" in browser.find_element(By.CSS_SELECTOR, "#evidence").text)
    assert browser.title != "kena"
    assert not browser.find_elements(By.CSS_SELECTOR, "#evidence img, #strongest img, #verdict img")


def test_an_example_fills_the_box(browser: Chrome, address: str) -> None:
    box = open_page(browser, address)
    wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, EXAMPLE))[0].click()
    wait_for(lambda: len(str(box.get_property("value"))) > 300)


def test_the_page_asks_no_other_machine_and_logs_no_error(browser: Chrome, address: str) -> None:
    box = open_page(browser, address)
    analyse(browser, box, "Cuaca cerah hari ini sangat baik.")
    wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, "#verdict .bar"))
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
    assert asked
    assert [u for u in asked if not u.startswith((address, "data:", "blob:"))] == []
    errors = [e["message"] for e in browser.get_log("browser") if e["level"] == "SEVERE" and "favicon" not in e["message"]]
    assert errors == []
