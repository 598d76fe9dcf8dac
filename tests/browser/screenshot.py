"""Make the picture of the page in the README from the running page: python -m tests.browser.screenshot URL OUT.png [WIDTH]"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By

from serving.page.app import example_texts
from tests.browser.test_page import DRIVER, analyse, open_page, wait_for


def main(address: str, target: Path, width: int) -> None:
    """Analyse the raw dump of the examples and save what the page shows."""
    options = ChromeOptions()
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                 "--disable-background-networking", "--hide-scrollbars", f"--window-size={width},1500",
                 f"--user-data-dir={tempfile.mkdtemp()}"):  # fmt: skip
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    driver = Chrome(options=options, service=ChromeService(executable_path=str(DRIVER)))
    driver.set_window_size(width, 1500)
    analyse(driver, open_page(driver, address), example_texts()[-1])
    wait_for(lambda: driver.find_elements(By.CSS_SELECTOR, "#verdict .bar"))
    time.sleep(1.5)
    height = int(driver.execute_script("return document.documentElement.scrollHeight"))
    driver.set_window_size(width, min(height + 120, 3000))
    time.sleep(1)
    driver.save_screenshot(str(target))
    driver.quit()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1200)
