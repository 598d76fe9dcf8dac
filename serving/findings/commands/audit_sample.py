"""The command `sorot audit-sample`."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from sorot.data.messages import print_message
from sorot.serving.findings.commands.options import Scored, open_corpus
from sorot.serving.options import BundleOption


def audit_sample_command(
    scored: Scored,
    output: Annotated[Path, typer.Option("--output", "-o", help="JSONL file to write.")],
    n: Annotated[int, typer.Option("-n", min=10, help="Number of articles.")] = 200,
    task: Annotated[
        str | None, typer.Option(help="Task by whose labels to stratify; by default one that depends on another.")
    ] = None,
    texts: Annotated[
        list[str] | None, typer.Option(help="The articles that were scored, if the output has no column body; may be repeated.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed draws other articles.")] = 0,
    review: Annotated[
        Path | None, typer.Option(help="Queue the sample in this folder: first, and without the model's labels.")
    ] = None,
    people: Annotated[int, typer.Option(min=1, max=20, help="Number of people who review each article of --review.")] = 1,
    bundle: BundleOption = None,
) -> None:
    """Draw a random sample of a scored corpus for people to label.

    Drawn by the model's label and the period; each row keeps its probability of
    being drawn. With --review it waits on the page for people who do not see
    the model's labels. Label all of it, export with sorot feedback export, and
    give the labels to sorot prevalence --audit.
    """
    from sorot.data.article import Article
    from sorot.data.reading.readers import read_articles
    from sorot.serving.findings.audit_sample import draw_sample
    from sorot.serving.findings.errors import FindingsError

    if output.exists():
        raise FindingsError(f"{output}: exists already, and may be labelled; name another file, or move that one away")
    if not output.parent.is_dir():
        raise FindingsError(f"{output}: cannot be written; name a file in an existing folder")
    corpus, _, _ = open_corpus(scored, bundle, texts=("title", "url") if texts else ("title", "url", "body"))
    bodies: dict[str, str] = {}
    if texts:
        seen: Counter[str] = Counter()
        for item in read_articles(texts):
            if isinstance(item, Article):
                seen[item.id] += 1
                bodies[item.id if seen[item.id] == 1 else f"{item.id} #{seen[item.id]}"] = item.body
    elif "body" in corpus.texts:
        bodies = {article_id: body or "" for article_id, body in zip(corpus.ids, corpus.texts["body"], strict=True)}
    rows = draw_sample(corpus, bodies, n, task=task, seed=seed)
    output.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    strata = Counter(row["stratum"] for row in rows)
    print_message(f"{len(rows)} of {len(corpus)} articles drawn from {len(strata)} strata, written to {output}")
    if review is None:
        print_message(f"queue them with: sorot feedback add --blind FOLDER {output}")
        return
    queue_sample(output, review, people, bundle)


def queue_sample(sample: Path, folder: Path, people: int, bundle: Path | None) -> None:
    """Queue a sample's articles for people who do not see the model's labels."""
    from sorot.data.reading.columns import Columns
    from sorot.serving.model.scorer import Scorer
    from sorot.serving.review.add import add_articles
    from sorot.serving.review.store import create_store

    scorer = Scorer.load(bundle)
    store = create_store(folder, scorer.taxonomy)
    added = add_articles(store, scorer, [str(sample)], Columns(), people=people, audit=True)
    print_message(f"{added.queued} queued, {added.repeats} queued before, {added.rejects} not queued")
    print_message(f"review them with: sorot demo --review {folder}")
