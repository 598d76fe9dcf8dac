"""The page over the shipped model: each example that it offers is loaded, analysed and shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("selenium")
from selenium.webdriver.common.by import By

from sorot.data.errors import SorotError
from sorot.serving.model.bundle import SHIPPED
from sorot.serving.model.scorer import Scorer
from sorot.serving.page.article.example_texts import example_texts
from tests.browser.driving import EXAMPLE, NEEDS_BROWSER, console_errors, open_page, serve, text_of, wait_for

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = [NEEDS_BROWSER, pytest.mark.timeout(900)]
BLOCKED_SITES, FILM = 0, 2


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    try:
        Scorer.load()
    except (SorotError, OSError, RuntimeError, ValueError) as error:
        pytest.skip(f"the shipped bundle {SHIPPED.relative_to(SHIPPED.parents[1])} does not load: {str(error).splitlines()[0]}")
    with serve(SHIPPED, tmp_path_factory.mktemp("shipped") / "errors.txt") as url:
        yield url


@pytest.mark.parametrize("number", range(len(example_texts())))
def test_an_example_is_analysed_and_shown(browser: Chrome, address: str, number: int) -> None:
    box = open_page(browser, address)
    text = example_texts()[number]
    wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, EXAMPLE)[number]).click()
    wait_for(lambda: str(box.get_property("value")).strip() == text.strip())
    wait_for(lambda: not browser.find_elements(By.CSS_SELECTOR, "#verdict .example-note"), 180)
    holding = {b.get_attribute("data-label") for b in browser.find_elements(By.CSS_SELECTOR, "#verdict .bar.on")}
    assert wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, "#evidence .shows.on"))
    assert console_errors(browser) == []
    if number == BLOCKED_SITES:
        assert "censorship" in holding
    if number == FILM:
        assert "Di luar ketiga topik" in text_of(browser, "#verdict")
