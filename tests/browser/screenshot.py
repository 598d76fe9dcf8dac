"""Make the picture of the page in the README from a running `sorot demo`: python -m tests.browser.screenshot URL OUT.png [WIDTH]"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from selenium.webdriver.common.by import By

from serving.page.samples import example_texts
from tests.browser.driving import analyse, browse, open_page, set_width, too_wide, wait_for

TALLEST = 6000


def main(address: str, target: Path, width: int) -> None:
    """Analyse the raw dump of the examples and save the whole page as it is shown at a width, 1200 and 390 for instance."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, browse(Path(profile)) as browser:
        set_width(browser, width)
        analyse(browser, open_page(browser, address), example_texts()[-1])
        wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, "#verdict .bar"))
        wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, "#strongest li"))
        time.sleep(1.5)  # The page's transitions.
        height = int(browser.execute_script("return document.querySelector('.gradio-container').scrollHeight"))
        set_width(browser, width, min(height, TALLEST))
        time.sleep(1)
        wide = too_wide(browser, width)
        browser.save_screenshot(str(target))
    print(f"{target}: {width} by {min(height, TALLEST)}" + (f"; too wide: {', '.join(wide)}" if wide else ""))


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) == 4 else 1200)
