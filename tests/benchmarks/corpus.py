"""Whole runs of `sorot score`, file to file, beside the usual Hugging Face pipeline, in one go.

All articles: 400 tokens each, as in tests.benchmarks.speed, which makes the peer. With the gate: a corpus as archives are, in which
3 % are on a topic (labelled ones of the training file) among articles of the pool; it needs the news of SHARED and is left out
where that is absent. Every text is another one, as repeats are not scored. Run with: python -m tests.benchmarks.corpus
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import torch
from transformers.utils import logging

from sorot.data.article import Article
from sorot.data.reading.columns import Columns
from sorot.data.reading.readers import read_file
from sorot.serving.model.scorer import Scorer
from tests.benchmarks.speed import PEER_ARTICLES, make_articles, make_peer

ROUNDS = 2
ON_TOPIC = 0.03


def main() -> None:
    """Print one table and one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1500, help="all articles: how many")
    parser.add_argument("--gated", type=int, default=10_000, help="with the gate: how many")
    parser.add_argument("--shared", type=Path, default=Path("../shared/data/news"))
    options = parser.parse_args()
    logging.set_verbosity_error()
    scorer = Scorer.load()
    articles = make_articles(scorer, options.articles)
    classify, tokens = make_peer()
    texts = [a.body + " " + a.body for a in articles[:PEER_ARTICLES]]
    with torch.inference_mode():
        classify(texts[:2])
    rates: dict[str, list[float]] = {"pipeline fp32": [], "sorot score": [], "sorot score --gate": []}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write(folder / "all.jsonl", [{"text": article.body} for article in articles])
        gated = has_gate(scorer) and write_archive(folder / "archive.jsonl", options.shared, options.gated)
        for number in range(ROUNDS):
            begun = time.perf_counter()
            classify(texts)
            rates["pipeline fp32"].append(len(texts) / (time.perf_counter() - begun))
            rates["sorot score"].append(options.articles / score(folder, "all.jsonl", f"all{number}.jsonl"))
            if gated:
                took = score(folder, "archive.jsonl", f"archive{number}.jsonl", "--gate")
                rates["sorot score --gate"].append(options.gated / took)
    report(rates, tokens)


def report(rates: dict[str, list[float]], tokens: int) -> None:
    """Rates as bars of their logarithm's length would hide what is compared: the ratio is printed beside each."""
    best = {name: max(values) for name, values in rates.items() if values}
    print(
        f"articles of {tokens} tokens, the archive's as they are; {ROUNDS} rounds in turn, the best of each; start and end included"
    )
    for name, rate in best.items():
        ratio = rate / best["pipeline fp32"]
        print(f"{name:20} {rate:8.2f} articles/s  {ratio:7.1f} times the pipeline  {'#' * max(1, round(ratio / 6))}")
    print(json.dumps({"rates": rates, "ratios": {name: rate / best["pipeline fp32"] for name, rate in best.items()}}))


def score(folder: Path, name: str, output: str, *options: str) -> float:
    """Seconds that the command takes."""
    program = str(Path(sys.executable).with_name("sorot"))
    begun = time.perf_counter()
    subprocess.run([program, "score", name, "-o", output, *options], cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - begun


def has_gate(scorer: Scorer) -> bool:
    """Whether the model in service has a gate; where it has none, that is said."""
    if scorer.manifest.gate is None:
        print(f"{scorer.model} has no gate, so that is not measured", file=sys.stderr)
    return scorer.manifest.gate is not None


def write_archive(path: Path, shared: Path, n: int) -> bool:
    """A corpus with ON_TOPIC of its articles on a topic, spread evenly; False where the texts for it are not there."""
    train, pool = shared / "train.jsonl", shared / "pool.jsonl.gz"
    if not (train.is_file() and pool.is_file()):
        print(f"{shared}: no news there, so the gate is not measured; name the folder with --shared", file=sys.stderr)
        return False
    wanted = round(ON_TOPIC * n)
    labelled = [json.loads(line) for line in train.read_text(encoding="utf-8").splitlines()]
    on_topic = [record["text"] for record in labelled if record["topics"]][:wanted]
    others = [a for a in islice(read_file(pool, Columns()), n) if isinstance(a, Article)]
    rows: list[dict[str, str]] = [{"title": a.title or "", "text": a.body} for a in others[: n - len(on_topic)]]
    for number, text in enumerate(on_topic):
        rows.insert(number * len(rows) // len(on_topic), {"title": "", "text": text})
    write(path, rows)
    return True


def write(path: Path, rows: list[dict[str, str]]) -> None:
    """One JSON object a line."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
