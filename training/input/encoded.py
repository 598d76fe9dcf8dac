"""Encoded training articles as a `datasets.Dataset`: tokenised once, cached as Arrow, read by the Trainer from disk."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import datasets
import numpy as np
from tokenizers import Tokenizer

from sorot.data.article import Article
from sorot.data.labels.records import LabelledArticle
from sorot.data.taxonomy import Taxonomy
from sorot.data.text import sentences, windows
from sorot.data.text.windows import EncodedArticle, encode_article
from sorot.training.input import evidence_marks
from sorot.training.input.batches import Example, make_targets, target_row
from sorot.training.input.evidence_marks import mark_sentences, marked_stretches

# Token ids of the whole article, their number, tokens per sentence, whether the first sentence is a title, each sentence's
# bit mask of `mark_sentences`, and what `target_row` gives.
FEATURES = datasets.Features(
    {
        "ids": datasets.List(datasets.Value("int32")),
        "n_tokens": datasets.Value("int32"),
        "lengths": datasets.List(datasets.Value("int32")),
        "titled": datasets.Value("bool"),
        "marks": datasets.List(datasets.Value("int32")),
        "target": datasets.List(datasets.Value("float32")),
        "known": datasets.List(datasets.Value("float32")),
        "weight": datasets.Value("float32"),
    }
)
_LEARNED = ("target", "known", "weight")
_RAW = datasets.Features(
    {
        "title": datasets.Value("string"),
        "body": datasets.Value("string"),
        "stretches": datasets.List(datasets.List(datasets.Value("string"))),
    }
    | {name: FEATURES[name] for name in _LEARNED}
)


def encode_rows(
    rows: Sequence[LabelledArticle], tokenizer: Tokenizer, max_tokens: int, taxonomy: Taxonomy, cache: Path | None = None
) -> datasets.Dataset:
    """Labelled articles, each `repeat` times, tokenised by `map`; those without a single token are left out.

    With a folder `cache` the result is an Arrow file there, reused as long as articles, labels and tokenizer are the same,
    and mapped into memory page by page as the Trainer reads it.
    """
    raw = datasets.Dataset.from_list(list(_raw(rows, taxonomy)), features=_RAW)
    fingerprint = _fingerprint(raw, tokenizer)
    if cache is not None:
        cache.mkdir(parents=True, exist_ok=True)
    encoded = raw.map(
        partial(_encode, tokenizer, max_tokens),
        remove_columns=["title", "body", "stretches"],
        features=FEATURES,
        cache_file_name=None if cache is None else str(cache / f"encoded-{fingerprint}.arrow"),
        keep_in_memory=cache is None,
        load_from_cache_file=True,
        new_fingerprint=fingerprint,
        desc="tokenising",
    ).with_format("numpy")
    filled = np.flatnonzero(encoded["n_tokens"])
    return encoded if len(filled) == len(encoded) else encoded.select(filled)


def encoded_table(examples: Iterable[Example], taxonomy: Taxonomy) -> datasets.Dataset:
    """Examples that are encoded already, such as those with soft labels, in the same form."""
    rows = []
    for example in examples:
        target, known = target_row(example, taxonomy)
        learned = {"target": target.tolist(), "known": known.tolist(), "weight": example.targets.weight}
        rows.append({**_tokens(example.encoded), "marks": [0] * len(example.encoded.segments), **learned})
    return datasets.Dataset.from_list(rows, features=FEATURES).with_format("numpy")


def _raw(rows: Sequence[LabelledArticle], taxonomy: Taxonomy) -> Iterator[dict[str, Any]]:
    for row in rows:
        target, known = target_row(make_targets(row, taxonomy), taxonomy)
        record = {
            "title": row.article.title,
            "body": row.article.body,
            "stretches": marked_stretches(row, taxonomy),
            "target": target.tolist(),
            "known": known.tolist(),
            "weight": row.weight,
        }
        yield from (record for _ in range(row.repeat))


def _encode(tokenizer: Tokenizer, max_tokens: int, record: dict[str, Any]) -> dict[str, Any]:
    article = Article(id="", title=record["title"], body=record["body"])
    encoded = encode_article(article, tokenizer, max_tokens)
    return {**_tokens(encoded), "marks": mark_sentences(article, encoded.segments, record["stretches"])}


def _tokens(encoded: EncodedArticle) -> dict[str, Any]:
    lengths = np.bincount(encoded.segment, minlength=len(encoded.segments))
    titled = bool(encoded.segments) and encoded.segments[0].start is None
    return {"ids": encoded.ids.tolist(), "n_tokens": encoded.n_tokens, "lengths": lengths.tolist(), "titled": titled}


def _fingerprint(raw: datasets.Dataset, tokenizer: Tokenizer) -> str:
    digest = hashlib.sha256(tokenizer.to_str().encode())
    # What is cached depends on this code too.
    for module in (windows, sentences, evidence_marks):
        digest.update(inspect.getsource(module).encode())
    for record in raw:
        digest.update(repr(record).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()[:16]
