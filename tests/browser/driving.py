"""A served page and a browser on it, for the tests and for the picture in the README. Needs selenium and chromium."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
NEEDS_BROWSER = pytest.mark.skipif(not (BROWSER and DRIVER), reason="no chromium with chromedriver on this machine")
WAIT_SECONDS = 120
EXAMPLE = "button.gallery-item, .gallery-item, tr.tr-body"
# A child of a background job inherits an ignored interrupt; this one is to be stopped as a user stops it.
SERVE = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from sorot.serving.cli import main; main()"
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars")  # fmt: skip
T = TypeVar("T")


@contextmanager
def serve(bundle: Path, errors: Path, *options: str) -> Iterator[str]:
    """The address of a page that the command line serves; what it says on standard error goes to `errors`."""
    command = [sys.executable, "-c", SERVE, "demo", "--port", "0", "--bundle", str(bundle), *options]
    with errors.open("w") as sink:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=sink)
    try:
        said = wait_for(lambda: errors.read_text(encoding="utf-8") or process.poll(), 180)
        assert isinstance(said, str) and said.startswith("The page is at http://"), (
            f"{said}: {errors.read_text(encoding='utf-8')}"
        )
        yield said.removeprefix("The page is at ").split()[0]
        process.send_signal(signal.SIGINT)
        process.wait(30)
    finally:
        process.kill()
        process.wait()


@contextmanager
def browse(profile: Path, width: int = 1200, height: int = 1400, language: str = "id") -> Iterator[Chrome]:
    """A browser whose console and requests are recorded."""
    options = ChromeOptions()
    options.binary_location = str(BROWSER)
    for flag in (*FLAGS, f"--window-size={width},{height}", f"--user-data-dir={profile}"):
        options.add_argument(flag)
    # The page follows the browser's language.
    options.add_experimental_option("prefs", {"intl.accept_languages": language})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = Chrome(options=options, service=ChromeService(executable_path=str(DRIVER)))
    try:
        yield driver
    finally:
        driver.quit()


def set_width(browser: Chrome, width: int, height: int = 1400) -> None:
    """Lay the page out at a width; a window itself cannot be as narrow as a telephone."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


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
    """The box of a page opened as a new visitor's: earlier records, and what the tab of the browser remembers, are dropped."""
    browser.execute_script("try { sessionStorage.clear(); } catch { }")
    # The page that is left logs an error for each call that it still waits for.
    browser.get("about:blank")
    for log in ("performance", "browser"):
        browser.get_log(log)
    browser.get(address)
    # What is given to a page before it has run its first calls is lost.
    wait_for(lambda: browser.execute_script("return window.sorotLoaded === true"))
    return wait_for(lambda: browser.find_element(By.CSS_SELECTOR, "#text textarea"))


def analyse(browser: Chrome, box: WebElement, text: str) -> None:
    """Paste a text over what is in the box, in one go as a person does, and press the button."""
    paste = "arguments[0].focus(); arguments[0].select(); document.execCommand('insertText', false, arguments[1]);"
    browser.execute_script(paste, box, text)
    browser.find_element(By.CSS_SELECTOR, "#analyse").click()


def text_of(browser: Chrome, selector: str) -> str:
    """What a part of the page shows."""
    return str(browser.find_element(By.CSS_SELECTOR, selector).text)


def console_errors(browser: Chrome) -> list[str]:
    """Errors in the console since it was last read."""
    return [e["message"] for e in browser.get_log("browser") if e["level"] == "SEVERE" and "favicon" not in e["message"]]


def too_wide(browser: Chrome, width: int) -> list[str]:
    """Parts of the page that stand out beyond a width, and the page itself where it scrolls sideways."""
    script = """
    const wide = [...document.querySelectorAll('.gradio-container *')].filter(e => {
      const box = e.getBoundingClientRect();
      return box.width > 0 && box.right > arguments[0] + 1 && getComputedStyle(e).visibility !== 'hidden';
    }).map(e => e.tagName + '.' + e.className + '#' + e.id);
    return document.documentElement.scrollWidth > arguments[0] ? ['the page', ...wide] : wide;
    """
    return list(browser.execute_script(script, width))
