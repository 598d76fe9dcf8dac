"""One browser for all tests of the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from selenium.webdriver import Chrome


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    # Not at the top: a machine without selenium collects this file too.
    from tests.browser.driving import browse

    with browse(tmp_path_factory.mktemp("profile")) as driver:
        yield driver
