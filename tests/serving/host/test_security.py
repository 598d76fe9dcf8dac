"""Access control, rate limits, security headers, and what the log holds."""

from __future__ import annotations

import base64
import hmac
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sorot.data.errors import SorotError
from sorot.serving.host.token_file import add_token, hash_token
from sorot.serving.host.tokens import RateLimiter, TokenError, Tokens, read_tokens
from sorot.serving.limits import Limits
from sorot.serving.model.scorer import Scorer
from tests.serving.command import GOOD, run
from tests.serving.running_service import OTHER, TOKEN, Running, running, until

SECRET = "rahasiasekali"
PAGE = (
    "/",
    "/config",
    "/theme.css",
    "/gradio_api/info",
    "/gradio_api/startup-events",
    "/gradio_api/queue/status",
    "/gradio_api/heartbeat/abc",
)
OURS = ("/v1/model", "/v1/taxonomy", "/readyz", "/metrics", "/openapi.json", "/docs", "/nowhere")
POSTS = (
    "/v1/analyze",
    "/v1/analyze/batch",
    "/gradio_api/upload",
    "/gradio_api/queue/join",
    "/gradio_api/call/analyse",
    "/gradio_api/run/predict",
    "/gradio_api/reset",
    "/gradio_api/component_server",
)


@pytest.fixture(scope="module")
def service(tiny_scorer: Scorer) -> Iterator[Running]:
    """A service with tokens and the page."""
    with running(tiny_scorer, Limits(body_bytes=100_000), (TOKEN, OTHER), page=True) as service:
        yield service


def test_without_a_token_only_healthz_answers(service: Running) -> None:
    with service.client() as anonymous:
        config = service.client(TOKEN).get("/config").json()
        script = re.search(r"\./(assets/[^\"]+\.js)", service.client(TOKEN).get("/").text)
        assert config["dependencies"] and script
        for path in (
            *PAGE,
            *OURS,
            f"/{script[1]}",
            "/gradio_api/file=/etc/passwd",
            "/healthz/",
            "//healthz",
            "/healthz/../v1/model",
        ):
            answer = anonymous.get(path)
            assert (answer.status_code, answer.headers["www-authenticate"][:5]) == (401, "Basic"), path
        for path in POSTS:
            assert anonymous.post(path, json={}).status_code == 401, path
        assert anonymous.post("/gradio_api/upload", files={"files": ("a.txt", b"x")}).status_code == 401
        assert anonymous.post("/healthz").status_code == 401
        assert anonymous.options("/v1/model").status_code == 401
        assert anonymous.get("/healthz").json() == {"status": "ok"}
    head = f"GET /gradio_api/queue/data?session_hash=a HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    with socket.create_connection(("127.0.0.1", service.port), timeout=20) as peer:
        peer.sendall(f"{head}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
        assert peer.recv(4096).split()[1] == b"401"


def test_with_a_token_the_api_and_the_page_answer(service: Running) -> None:
    for token in (TOKEN, OTHER):
        with service.client(token) as client:
            assert client.get("/v1/model").json()["name"] == "tiny"
            assert client.post("/v1/analyze", json={"text": GOOD}).status_code == 200
    basic = base64.b64encode(f"siapa:{TOKEN}".encode()).decode()
    with httpx.Client(base_url=service.url, headers={"Authorization": f"Basic {basic}"}, trust_env=False, timeout=60) as browser:
        page = browser.get("/")
        assert page.status_code == 200 and "window.gradio_config" in page.text
        event = browser.post("/gradio_api/call/analyse", json={"data": [GOOD, "id"]}).json()["event_id"]
        with browser.stream("GET", f"/gradio_api/call/analyse/{event}") as stream:
            told = stream.read().decode()
        assert told.startswith("event: complete") and "label-chip" in told


@pytest.mark.parametrize(
    "sent", ["Bearer", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Token {TOKEN}", "Basic !", "Basic /////w==", TOKEN]
)
def test_a_wrong_token_is_refused(service: Running, sent: str) -> None:
    with service.client() as client:
        assert client.get("/v1/model", headers={"Authorization": sent}).status_code == 401


def test_all_tokens_are_compared_by_their_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[int, int]] = []
    real = hmac.compare_digest

    def compare(one: str, other: str) -> bool:
        compared.append((len(one), len(other)))
        return real(one, other)

    monkeypatch.setattr(hmac, "compare_digest", compare)
    tokens = Tokens([TOKEN, OTHER])
    assert [tokens.find(given) for given in (TOKEN, OTHER, "", "x" * 9_999)] == [hash_token(TOKEN), hash_token(OTHER), None, None]
    assert compared == [(64, 64)] * 8


def test_other_origins_are_refused(service: Running) -> None:
    with service.client(TOKEN) as client:
        for origin in ("http://evil.example", "http://localhost:1", "null", "http://[", "http://]:1"):
            answer = client.post("/gradio_api/queue/join", json={}, headers={"Origin": origin})
            assert answer.status_code == 403 and "other origins" in answer.text
            for path in ("/", "/config", "/v1/model"):
                assert not [
                    name for name in client.get(path, headers={"Origin": origin}).headers if name.startswith("access-control")
                ]
        assert client.post("/v1/analyze", json={"text": GOOD}, headers={"Origin": service.url}).status_code == 200


def test_every_answer_has_the_security_headers(service: Running) -> None:
    with service.client(TOKEN) as client:
        for path in ("/", "/v1/model", "/nowhere"):
            headers = client.get(path).headers
            assert (headers["x-content-type-options"], headers["x-frame-options"], headers["referrer-policy"]) == (
                "nosniff",
                "DENY",
                "same-origin",
            )
            assert "frame-ancestors 'none'" in headers["content-security-policy"] and "server" not in headers
        assert client.get("/v1/model").headers["content-security-policy"].startswith("default-src 'none'")


def test_uploads_are_limited_like_all_bodies(service: Running) -> None:
    with service.client(TOKEN) as client:
        assert client.post("/gradio_api/upload", files={"files": ("a.txt", b"x" * 400_000)}).status_code == 413
        assert client.get("/gradio_api/file=/etc/passwd").status_code in (403, 404)


def test_without_tokens_only_host_names_of_this_machine_are_accepted(tiny_scorer: Scorer) -> None:
    with running(tiny_scorer) as service, service.client() as client:
        assert client.get("/v1/model").status_code == 200
        # A foreign name that resolves to this machine (DNS rebinding).
        assert client.get("/v1/model", headers={"Host": f"evil.example:{service.port}"}).status_code == 403
        assert client.get("/v1/model", headers={"Host": f"localhost:{service.port}"}).status_code == 200


def test_requests_per_token_and_minute_are_limited(tiny_scorer: Scorer) -> None:
    with running(tiny_scorer, Limits(rate=3), (TOKEN, OTHER)) as service, service.client(TOKEN) as client:
        answers = [client.post("/v1/analyze", json={"text": GOOD}) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 20 and "too many requests with this token" in answers[-1].text
        assert client.get("/v1/model").status_code == 200
        assert client.post("/v1/analyze", json={"text": GOOD}, headers={"Authorization": f"Bearer {OTHER}"}).status_code == 200


def test_a_bucket_refills() -> None:
    now = [0.0]
    rates = RateLimiter(60, clock=lambda: now[0])
    assert [rates.wait(0) for _ in range(61)] == [None] * 60 + [1]
    now[0] = 2.0
    assert [rates.wait(0) for _ in range(3)] == [None, None, 1]
    now[0] = 9_999.0
    assert [rates.wait(0) for _ in range(61)] == [None] * 60 + [1]


def test_log_and_counters_hold_no_text(service: Running) -> None:
    with service.client(TOKEN) as client:
        before = len(service.lines())
        answer = client.post(
            f"/v1/analyze?{SECRET}", json={"text": f"{GOOD} {SECRET}", "title": SECRET}, headers={"X-Request-ID": "abc-1"}
        )
        client.post("/v1/analyze", json={SECRET: SECRET}, headers={"X-Request-ID": f"{SECRET} {{}}"})
        client.get(f"/{SECRET}")
        counts = client.get("/metrics").text
        # A log line is written after the answer is sent.
        until(lambda: len(service.lines()) == before + 4)
        first, second, third, _ = service.lines()[before:]
        assert set(first) == {"time", "request_id", "method", "route", "status", "ms", "articles", "tokens"}
        assert answer.headers["X-Request-ID"] == first["request_id"] == "abc-1"
        assert (first["route"], first["status"], first["articles"], first["tokens"]) == (
            "/v1/analyze",
            200,
            1,
            answer.json()["n_tokens"],
        )
        assert re.fullmatch("[0-9a-f]{32}", second["request_id"]) and (second["status"], second["articles"]) == (422, 0)
        assert (third["route"], third["status"]) == ("page", 404)
    written = service.log.getvalue() + counts
    assert SECRET not in written and TOKEN not in written and "Pemerintah" not in written
    assert 'sorot_requests_total{route="/v1/analyze",status="422"} 1.0' in counts
    assert re.search(r'sorot_request_seconds_bucket\{le="\+Inf",route="/v1/analyze"\} [1-9]', counts)
    assert (
        re.search(r"sorot_articles_total [1-9]", counts)
        and re.search(r"sorot_tokens_total [1-9]", counts)
        and "sorot_queue_articles 0.0" in counts
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "holds no token"),
        (f"{TOKEN}\n", "tokens:1: is not a line of sorot tokens"),
        ('\n{"name": "a space", "sha256": ""}\n', "tokens:2: is not a line of sorot tokens"),
    ],
)
def test_a_token_file_that_cannot_be_used_is_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "tokens").write_text(text)
    with pytest.raises(SorotError, match=words) as told:
        read_tokens(tmp_path / "tokens")
    assert TOKEN not in str(told.value) and "a space" not in str(told.value)


def test_tokens_come_from_the_environment_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOROT_TOKENS", TOKEN)
    made = add_token(tmp_path / "tokens", "redaksi", None)
    tokens = read_tokens(tmp_path / "tokens")
    assert len(tokens) == 2 and tokens.find(TOKEN) is not None and tokens.find(made) is not None
    for weak in ("a" * 40, TOKEN[:21]):
        monkeypatch.setenv("SOROT_TOKENS", weak)
        with pytest.raises(TokenError, match="at least 22"):
            read_tokens(None)
    monkeypatch.delenv("SOROT_TOKENS")
    with pytest.raises(SorotError, match="cannot be read"):
        read_tokens(tmp_path / "nowhere")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_other_hosts_are_refused_without_tokens(
    host: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SOROT_TOKENS", raising=False)
    assert run(monkeypatch, "serve", "--host", host) == 2
    assert (
        capfd.readouterr().err
        == f"sorot: {host} can be reached by others, so tokens are needed; set SOROT_TOKENS, or use sorot serve --token-file FILE\n"
    )
