"""The page's one public endpoint, called with Gradio's own client, with and without a token."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gradio_client import Client

from sorot.serving.model.scorer import Scorer
from tests.serving.command import GOOD
from tests.serving.running_service import TOKEN, Running, running


@pytest.fixture(scope="module")
def service(tiny_scorer: Scorer) -> Iterator[Running]:
    with running(tiny_scorer, tokens=(TOKEN,), page=True) as service:
        yield service


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_a_client_with_the_token_gets_an_analysis(service: Running) -> None:
    client = Client(service.url, headers={"Authorization": f"Bearer {TOKEN}"}, verbose=False, analytics_enabled=False)
    assert "/analyse" in client.view_api(return_format="dict")["named_endpoints"]
    found = client.predict(GOOD, "en", api_name="/analyse")
    assert any("bar" in str(part) for part in found) and any("Pemerintah" in str(part) for part in found)


@pytest.mark.parametrize("headers", [None, {"Authorization": "Bearer not-a-token-of-theirs"}])
def test_a_client_without_the_token_is_refused(service: Running, headers: dict[str, str] | None) -> None:
    with pytest.raises(Exception, match="credentials were not provided"):
        Client(service.url, headers=headers, verbose=False, analytics_enabled=False)
