"""The commands `sorot serve` and `sorot demo`. Heavy parts are imported when they are needed."""

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
from sorot.serving.host.listen_address import LOCAL_HOSTS, free_port
from sorot.serving.host.tokens import TOKENS, Tokens, read_tokens
from sorot.serving.limits import DEFAULT_LIMITS, Limits
from sorot.serving.options import BundleOption

Review = Annotated[
    Path | None, typer.Option("--review", help="Folder of sorot feedback; the page then has a tab to review its articles.")
]


class ServeError(SorotError):
    """The service cannot be started as it was asked to; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What to serve and where: address, page, review folder (None: no review tab), MCP tool."""

    host: str
    port: int
    page: bool
    review: Path | None = None
    mcp: bool = False


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; any but this machine's own needs tokens.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes any free one.")] = 8000,
    token_file: Annotated[
        Path | None, typer.Option(help="File of tokens, one a line; those of the environment's SOROT_TOKENS are taken too.")
    ] = None,
    page: Annotated[bool, typer.Option(help="Serve the page as well; without it only programs are answered.")] = True,
    mcp: Annotated[bool, typer.Option("--mcp", help="Offer assistants a tool at /mcp (Model Context Protocol).")] = False,
    threads: Annotated[int | None, typer.Option(min=1, help="Windows scored at a time; one a core by default.")] = None,
    rate: Annotated[int, typer.Option(min=1, help="POST requests a minute with one token.")] = DEFAULT_LIMITS.rate,
    queue: Annotated[
        int, typer.Option(min=1, help="Articles taken and not yet answered, over all callers.")
    ] = DEFAULT_LIMITS.queue,
    batch_articles: Annotated[int, typer.Option(min=1, help="Articles of one batch request.")] = DEFAULT_LIMITS.articles,
    batch_tokens: Annotated[int, typer.Option(min=1, help="Tokens scored together, about.")] = DEFAULT_LIMITS.batch_tokens,
    max_characters: Annotated[int, typer.Option(min=1, help="Characters of one article.")] = DEFAULT_LIMITS.characters,
    max_html_characters: Annotated[
        int, typer.Option(min=1, help="Characters of one page's HTML source.")
    ] = DEFAULT_LIMITS.html_characters,
    max_sentences: Annotated[int, typer.Option(min=1, help="Sentences of one article.")] = DEFAULT_LIMITS.sentences,
    max_body: Annotated[int, typer.Option(min=1, help="Bytes of one request's body.")] = DEFAULT_LIMITS.body_bytes,
    body_seconds: Annotated[float, typer.Option(min=0.1, help="Seconds for a body to arrive.")] = DEFAULT_LIMITS.body_seconds,
    stop_seconds: Annotated[
        float, typer.Option(min=1, help="Seconds to answer what is queued when stopped.")
    ] = DEFAULT_LIMITS.stop_seconds,
    review: Review = None,
    bundle: BundleOption = None,
) -> None:
    """Answer programs under /v1 and people with the page. Ctrl-C or SIGTERM stops it once what it has taken is answered.

    One JSON line a request goes to standard error, with nothing of what was sent.
    """
    if batch_articles > queue:
        raise ServeError(f"--batch-articles {batch_articles} is more than --queue {queue}; raise the queue or send less at once")
    if review is not None and not page:
        raise ServeError("reviews need the page; leave --no-page or --review out")
    limits = Limits(
        body_bytes=max_body,
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
    _run(ServeOptions(host, port, page, review, mcp), limits, read_tokens(token_file), bundle, threads, _say_service, sys.stderr)


def demo(
    host: Annotated[str, typer.Option(help="Address of this machine to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes any free one.")] = 7860,
    review: Review = None,
    bundle: BundleOption = None,
) -> None:
    """Open the page on this machine: paste an article, see its labels and the sentences that show them. Ctrl-C stops it."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        _run(
            ServeOptions(host, port, page=True, review=review),
            DEFAULT_LIMITS,
            read_tokens(None),
            bundle,
            None,
            _say_page,
            nowhere,
        )


def _say_service(url: str, model: str) -> str:
    return f"The service is at {url} with model {model} (Ctrl-C stops it)"


def _say_page(url: str, model: str) -> str:
    del model
    return f"The page is at {url} (Ctrl-C stops it)"


def _run(
    where: ServeOptions, limits: Limits, tokens: Tokens, bundle: Path | None, threads: int | None, say: Callable[[str, str], str],
    log: TextIO,
) -> None:  # fmt: skip
    """Serve until a signal; ServeError where others could reach it without a token."""
    if where.host not in LOCAL_HOSTS and not tokens:
        raise ServeError(
            f"{where.host} may be reached by others, so tokens are needed; set {TOKENS}, or use sorot serve --token-file FILE"
        )
    if where.mcp and find_spec("mcp") is None:
        raise ServeError(f"--mcp needs the package mcp; run: {install_extra('mcp')}")
    # A taken port or an unusable bundle is told at once, before the seconds that importing Gradio takes.
    port = free_port(where.host, where.port)
    from sorot.serving.model.scorer import Scorer
    from sorot.serving.review.store import open_store

    scorer = Scorer.load(bundle, threads)
    store = open_store(where.review, scorer.taxonomy) if where.review else None
    from sorot.serving.host.app import build_service
    from sorot.serving.host.server import Server

    service = build_service(scorer, limits, tokens, page=where.page, review=store, mcp=where.mcp, log=log)

    def announce(url: str) -> None:
        typer.echo(say(url, scorer.model), err=True)

    Server(service, limits, host=where.host, port=port, announce=announce).run()
    typer.echo("stopped", err=True)
