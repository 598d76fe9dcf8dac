"""The pictures of the docs can be made, and nothing in them stands out of the page."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("selenium")

from tests.browser.driving import NEEDS_BROWSER
from tests.browser.screenshot import SHOTS, TALLEST, take

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = [NEEDS_BROWSER, pytest.mark.timeout(900)]


# The other pictures are made by the same steps, or by those of their tab's tests.
@pytest.mark.parametrize("name", ["answer", "page-dark", "page-narrow", "corpus"])
def test_a_picture_has_its_width_and_nothing_stands_out(browser: Chrome, address: str, tmp_path: Path, name: str) -> None:
    target = tmp_path / f"{name}.png"
    try:
        assert take(browser, address, SHOTS[name], target) == []
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    width, height = struct.unpack(">II", target.read_bytes()[16:24])
    assert width == SHOTS[name].width and 600 < height <= TALLEST
