"""The tool for assistants, called with the protocol's own client on a running service."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

pytest.importorskip("mcp")
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, TextContent, Tool

from sorot.data.prepare import prepare_text
from sorot.serving.answers import Options, make_answer
from sorot.serving.host.command import ServeError, serve
from sorot.serving.limits import Limits
from sorot.serving.model.scorer import Scorer
from tests.serving.command import GOOD
from tests.serving.running_service import TOKEN, Running, running, until

SECRET = "rahasiasekali"
INITIALIZE = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "a", "version": "1"}}}  # fmt: skip


@pytest.fixture(scope="module")
def service(tiny_scorer: Scorer) -> Iterator[Running]:
    """A service with the page, which is mounted at the root: the tool's address must take precedence."""
    with running(tiny_scorer, Limits(characters=5_000), (TOKEN,), page=True, mcp=True) as service:
        yield service


def ask(service: Running, *calls: dict[str, Any], name: str = "analyze_article") -> tuple[list[Tool], list[CallToolResult]]:
    """The tools listed, and the results of calling one of them."""

    async def talk() -> tuple[list[Tool], list[CallToolResult]]:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with (
            httpx.AsyncClient(headers=headers, trust_env=False, timeout=60) as http,
            streamable_http_client(f"{service.url}/mcp", http_client=http) as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            return (await session.list_tools()).tools, [await session.call_tool(name, call) for call in calls]

    return asyncio.run(talk())


def said(result: CallToolResult) -> str:
    [content] = result.content
    assert isinstance(content, TextContent)
    return content.text


def test_the_one_tool_returns_the_analysis_of_the_scorer(service: Running, tiny_scorer: Scorer) -> None:
    [tool], [plain, named] = ask(service, {"text": GOOD}, {"text": GOOD, "title": "Judul", "outlet": "Warta"})
    assert tool.name == "analyze_article" and tool.inputSchema["required"] == ["text"]
    assert tool.annotations and tool.annotations.readOnlyHint
    for result, given in ((plain, {}), (named, {"title": "Judul", "outlet": "Warta"})):
        article = prepare_text(GOOD, **given)
        want = make_answer(article, tiny_scorer.score([article])[0], Options(), tiny_scorer.taxonomy).model_dump(mode="json")
        assert not result.isError and result.structuredContent == json.loads(said(result)) == want


def test_the_log_counts_articles_of_the_tool(service: Running) -> None:
    before = len(service.lines())
    _, [result] = ask(service, {"text": GOOD})
    assert result.structuredContent
    until(lambda: any(line["route"] == "/mcp" and line["articles"] for line in service.lines()[before:]))
    [line] = [line for line in service.lines()[before:] if line["articles"]]
    assert (line["articles"], line["tokens"]) == (1, result.structuredContent["n_tokens"])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ({}, "text is missing; add it"),
        ({"text": 5}, "text is not text"),
        ({"text": SECRET, "page": SECRET}, "page is not a known field"),
        ({"text": " "}, "text is empty"),
        ({"text": SECRET * 1_000}, "more than 5000; send a shorter one"),
        ({"text": "x", "title": SECRET * 100}, "title cannot be used"),
    ],
)
def test_bad_input_is_one_sentence(service: Running, call: dict[str, Any], words: str) -> None:
    _, [result] = ask(service, call)
    assert result.isError and words in said(result) and SECRET not in said(result) and "\n" not in said(result)
    assert SECRET not in service.log.getvalue()


def test_no_other_tool_can_be_called(service: Running) -> None:
    _, [result] = ask(service, {"text": GOOD}, name="analyse")
    assert result.isError and said(result) == "there is no such tool; the only one is analyze_article"


def test_the_tool_needs_a_token(service: Running) -> None:
    accept = {"Accept": "application/json, text/event-stream"}
    with service.client() as anonymous, service.client(TOKEN) as known:
        for method in ("GET", "POST", "DELETE"):
            assert anonymous.request(method, "/mcp", json=INITIALIZE, headers=accept).status_code == 401
        assert known.post("/mcp", json=INITIALIZE, headers=accept).json()["result"]["serverInfo"]["name"] == "sorot"
        assert known.get("/mcp", headers=accept).status_code in (404, 405)
        # The page's handlers are not offered as tools.
        assert known.post("/gradio_api/mcp/", json=INITIALIZE, headers=accept).status_code == 404
        foreign = known.post("/mcp", json=INITIALIZE, headers={**accept, "Origin": "http://evil.example"})
        assert foreign.status_code == 403


def test_without_the_option_there_is_no_tool(tiny_scorer: Scorer) -> None:
    with running(tiny_scorer) as service, service.client() as client:
        assert client.post("/mcp", json=INITIALIZE).status_code == 404


def test_without_the_package_the_option_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sorot.serving.host.command.find_spec", lambda _: None)
    with pytest.raises(ServeError, match=r"pip install 'sorot\[mcp\]'"):
        serve(mcp=True)
