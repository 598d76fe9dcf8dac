"""One browser for all tests of the page, and one page for those that keep nothing in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
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


@pytest.fixture(scope="session")
def address(tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page served by the command line, over the small bundle. A module that needs options serves its own."""
    from tests.browser.driving import serve

    errors = tmp_path_factory.mktemp("page") / "errors.txt"
    with serve(tiny_bundle, errors) as url:
        yield url
    assert errors.read_text(encoding="utf-8").splitlines()[1:] == ["stopped"]
