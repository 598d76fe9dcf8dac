"""The commands `sorot serve` and `sorot demo`. Heavy modules are imported when a command needs them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, TextIO

import typer

from sorot.data.errors import SorotError, install_extra
from sorot.data.messages import print_message
from sorot.serving.host.listen_address import LOCAL_HOSTS, free_port
from sorot.serving.host.tokens import TOKENS, Tokens, read_tokens
from sorot.serving.limits import DEFAULT_LIMITS, MOST_ARTICLES, Limits
from sorot.serving.options import BundleOption

Review = Annotated[
    Path | None, typer.Option("--review", help="Folder made by sorot feedback; adds a tab to the page to review its articles.")
]


class ServeError(SorotError):
    """The service cannot start with these options; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What to serve and where: address, page, review folder (None: no review tab), MCP tool, folder of
    the page's scored corpora (None: they stay in memory)."""

    host: str
    port: int
    page: bool
    review: Path | None = None
    mcp: bool = False
    sessions: Path | None = None


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on; other than this machine's own, it needs tokens.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes any free one.")] = 8000,
    token_file: Annotated[
        Path | None, typer.Option(help="File made by sorot tokens; adds to the tokens in SOROT_TOKENS.")
    ] = None,
    page: Annotated[bool, typer.Option(help="Serve the page too; --no-page serves only the API.")] = True,
    mcp: Annotated[bool, typer.Option("--mcp", help="Serve a tool for assistants at /mcp (Model Context Protocol).")] = False,
    threads: Annotated[int | None, typer.Option(min=1, help="Windows scored in parallel; one per core by default.")] = None,
    rate: Annotated[int, typer.Option(min=1, help="POST requests per minute and token.")] = DEFAULT_LIMITS.rate,
    queue: Annotated[
        int, typer.Option(min=1, help="Articles accepted and not yet answered, over all callers.")
    ] = DEFAULT_LIMITS.queue,
    batch_articles: Annotated[
        int, typer.Option(min=1, max=MOST_ARTICLES, help="Articles per batch request.")
    ] = DEFAULT_LIMITS.articles,
    batch_tokens: Annotated[
        int, typer.Option(min=1, help="Tokens scored together, approximately.")
    ] = DEFAULT_LIMITS.batch_tokens,
    max_characters: Annotated[int, typer.Option(min=1, help="Characters per article.")] = DEFAULT_LIMITS.characters,
    max_html_characters: Annotated[
        int, typer.Option(min=1, help="Characters of HTML source per page.")
    ] = DEFAULT_LIMITS.html_characters,
    max_sentences: Annotated[int, typer.Option(min=1, help="Sentences per article.")] = DEFAULT_LIMITS.sentences,
    article_seconds: Annotated[
        int, typer.Option(min=1, help="Seconds of CPU time to read and clean one article.")
    ] = DEFAULT_LIMITS.article_seconds,
    article_memory: Annotated[
        int, typer.Option(min=50_000_000, help="Bytes of memory to read and clean one article.")
    ] = DEFAULT_LIMITS.article_memory,
    max_body: Annotated[int, typer.Option(min=1, help="Bytes per request body.")] = DEFAULT_LIMITS.body_bytes,
    answer_seconds: Annotated[
        float, typer.Option(min=1, help="Seconds for an answer, once the body has arrived.")
    ] = DEFAULT_LIMITS.answer_seconds,
    body_seconds: Annotated[
        float, typer.Option(min=0.1, help="Seconds for a request body to arrive.")
    ] = DEFAULT_LIMITS.body_seconds,
    stop_seconds: Annotated[
        float, typer.Option(min=1, help="Seconds to answer queued articles when stopped.")
    ] = DEFAULT_LIMITS.stop_seconds,
    review: Review = None,
    bundle: BundleOption = None,
) -> None:
    """Serve the JSON API under /v1 and the page at /. Ctrl-C or SIGTERM stops it after the accepted articles are answered.

    Logs one JSON line per request to standard error, without anything that was sent.
    """
    if batch_articles > queue:
        raise ServeError(f"--batch-articles {batch_articles} is more than --queue {queue}; raise the queue or send less at once")
    if review is not None and not page:
        raise ServeError("--review needs the page; leave out --no-page or --review")
    limits = Limits(
        body_bytes=max_body,
        # At least eight bodies of the greatest size.
        waiting_bytes=max(DEFAULT_LIMITS.waiting_bytes, 8 * max_body),
        article_seconds=article_seconds,
        article_memory=article_memory,
        answer_seconds=answer_seconds,
        characters=max_characters,
        html_characters=max_html_characters,
        sentences=max_sentences,
        articles=batch_articles,
        queue=queue,
        batch_tokens=batch_tokens,
        body_seconds=body_seconds,
        rate=rate,
        stop_seconds=stop_seconds,
    )
    _run(
        ServeOptions(host, port, page, review, mcp),
        limits,
        read_tokens(token_file),
        bundle,
        threads,
        _service_message,
        sys.stderr,
    )


def demo(
    host: Annotated[str, typer.Option(help="Address of this machine to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes any free one.")] = 7860,
    review: Review = None,
    sessions: Annotated[
        Path | None, typer.Option(help="Folder that keeps the Corpus tab's scored corpora, to open again later.")
    ] = None,
    bundle: BundleOption = None,
) -> None:
    """Serve the page on this machine: paste an article, see its labels and the sentences that show them. Ctrl-C stops it."""
    with Path(os.devnull).open("w", encoding="utf-8") as no_log:
        options = ServeOptions(host, port, page=True, review=review, sessions=sessions)
        _run(options, DEFAULT_LIMITS, read_tokens(None), bundle, None, _page_message, no_log)


def _service_message(url: str, model: str) -> str:
    return f"The service is at {url} with model {model} (Ctrl-C stops it)"


def _page_message(url: str, model: str) -> str:
    del model
    return f"The page is at {url} (Ctrl-C stops it)"


def _run(
    options: ServeOptions, limits: Limits, tokens: Tokens, bundle: Path | None, threads: int | None,
    message: Callable[[str, str], str], log: TextIO,
) -> None:  # fmt: skip
    """Serve until a signal. Raises ServeError if others could reach the service without a token, or an extra is missing."""
    if options.host not in LOCAL_HOSTS and not tokens.needed:
        raise ServeError(
            f"{options.host} can be reached by others, so tokens are needed; set {TOKENS}, or use sorot serve --token-file FILE"
        )
    if options.mcp and find_spec("mcp") is None:
        raise ServeError(f"--mcp needs the package mcp; run: {install_extra('mcp')}")
    # Check port and bundle first: importing Gradio takes seconds.
    port = free_port(options.host, options.port)
    from sorot.serving.model.scorer import Scorer
    from sorot.serving.review.store import open_store

    scorer = Scorer.load(bundle, threads)
    store = open_store(options.review, scorer.taxonomy) if options.review else None
    from sorot.serving.host.app import build_service
    from sorot.serving.host.server import Server

    service = build_service(
        scorer, limits, tokens, page=options.page, review=store, mcp=options.mcp, sessions=options.sessions, log=log
    )

    def announce(url: str) -> None:
        print_message(message(url, scorer.model))

    Server(service, limits, host=options.host, port=port, announce=announce).run()
    print_message("stopped")
