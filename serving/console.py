"""Text and JSON forms of articles and rejects for `sorot clean`."""

from __future__ import annotations

import typer

from sorot.data.article import Article, Reject
from sorot.serving.output.rows import Row, writable


def describe_reject(reject: Reject) -> str:
    """'file:row: reason'."""
    place = reject.file if reject.row is None else f"{reject.file}:{reject.row}"
    return f"{place}: {reject.reason}"


def clean_record(item: Article | Reject) -> Row:
    """The JSON-ready form of a cleaned article or a reject."""
    if isinstance(item, Reject):
        return writable({"source": item.file, "row": item.row, "reason": item.reason})
    return writable(
        {
            "id": item.id,
            "title": item.title,
            "body": item.body,
            "outlet": item.outlet,
            "published": item.published.isoformat() if item.published else None,
            "place": item.place,
            "url": item.url,
            "language": item.language,
            "source": item.source.file if item.source else None,
            "row": item.source.row if item.source else None,
            "removed": [{"kind": r.kind, "text": r.text} for r in item.removed],
        }
    )


def print_article(article: Article, *, heading: bool) -> None:
    """Print a cleaned article for people: its source if `heading`, fields, removed text by kind, and the body."""
    record = clean_record(article)
    if heading:
        typer.echo(f"==> {record['source']}:{record['row']} <==")
    for name in ("title", "outlet", "published", "place", "language"):
        if record[name]:
            typer.echo(f"{name}: {record[name]}")
    # Kinds in order of first appearance.
    kinds: dict[str, list[str]] = {}
    for stretch in record["removed"]:
        kinds.setdefault(stretch["kind"], []).append(" ".join(stretch["text"].split()))
    for kind, texts in kinds.items():
        typer.echo("\n  ".join([f"removed, {kind}:", *texts]))
    typer.echo(f"\n{record['body']}\n")
