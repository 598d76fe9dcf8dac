"""The page as the service serves it: behind a token, under a strict policy, with other pages kept out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("selenium")
from selenium.webdriver.common.by import By

from sorot.serving.model.scorer import Scorer
from tests.browser.driving import NEEDS_BROWSER, analyse, console_errors, open_page, text_of, wait_for
from tests.serving.running_service import TOKEN, Running, running

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = [NEEDS_BROWSER, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def service(tiny_scorer: Scorer) -> Iterator[Running]:
    with running(tiny_scorer, tokens=(TOKEN,), page=True) as service:
        yield service


def test_the_page_works_behind_a_token_and_its_policy(browser: Chrome, service: Running) -> None:
    # As if typed into the browser's question; scripts of an address that holds a password may not fetch.
    browser.get(service.url.replace("://", f"://siapa:{TOKEN}@") + "/v1/model")
    box = open_page(browser, service.url)
    analyse(browser, box, "Pemerintah memblokir situs judi daring. Polisi menangkap terduga teroris di Jakarta hari ini.")
    # Until then the example is shown.
    wait_for(lambda: "terduga teroris" in text_of(browser, "#evidence"))
    assert console_errors(browser) == []


def test_without_the_token_there_is_no_page(browser: Chrome, service: Running) -> None:
    # By another name, for which the browser knows no token.
    browser.get(service.url.replace("127.0.0.1", "localhost"))
    assert not browser.find_elements(By.CSS_SELECTOR, "#text textarea")
