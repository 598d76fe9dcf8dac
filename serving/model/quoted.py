"""What the model says of each quote of an article, from the same run of the encoder.

A quote is pooled like a small document: the attention of its own tokens, which have read the whole article, is made to sum to
one (the pooling of `pooling.py` over these tokens alone), and the wide part reads the quote's text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from sorot.data.taxonomy import Taxonomy, Value
from sorot.data.text.windows import EncodedArticle, Segment, unshout
from sorot.serving.model.labels import choose_labels, label_set
from sorot.serving.model.pooling import FloatArray, token_logits
from sorot.serving.model.wide import Wide
from sorot.serving.quotes.quote import Quote


def quote_logits(
    quotes: Sequence[Quote],
    encoded: EncodedArticle,
    outputs: tuple[FloatArray, FloatArray],
    columns: dict[str, slice],
    tokenizer: Tokenizer,
    wide: Wide,
) -> FloatArray:
    """The logits of each quote without bias, shape (n_quotes, n_labels); not a number for a quote without a token.

    `outputs` are the encoder's attention (n_tokens, n_tasks) and value (n_tokens, n_labels) of the article's tokens.
    """
    attention, value = outputs
    places = token_places(encoded, quotes, tokenizer)
    logits = np.full((len(quotes), value.shape[1]), np.nan, dtype=np.float32)
    for row, quote in enumerate(quotes):
        inside = (places[:, 0] < quote.end) & (places[:, 1] > quote.start)
        if inside.any():
            deep = token_logits(attention[inside], value[inside], columns).sum(axis=0)
            # One by one: the features of all segments together are brought to norm 1.
            [words] = wide.segment_logits((Segment(quote.text, quote.start, quote.end),))
            logits[row] = deep + words
    return logits


def token_places(encoded: EncodedArticle, quotes: Sequence[Quote], tokenizer: Tokenizer) -> NDArray[np.int32]:
    """Start and end in the body of each token of a sentence with a quote, shape (n_tokens, 2); -1 for all other tokens."""
    places = np.full((encoded.n_tokens, 2), -1, dtype=np.int32)
    quoted = [
        (row, s.start, s.text)
        for row, s in enumerate(encoded.segments)
        if s.start is not None and s.end is not None and any(q.start < s.end and s.start < q.end for q in quotes)
    ]
    encodings = tokenizer.encode_batch([unshout(text) for _, _, text in quoted], add_special_tokens=False)
    firsts = np.searchsorted(encoded.segment, [row for row, _, _ in quoted])
    for (_, start, _), first, encoding in zip(quoted, firsts, encodings, strict=True):
        if encoding.offsets:
            places[first : first + len(encoding.offsets)] = start + np.array(encoding.offsets, dtype=np.int32)
    return places


def label_quotes(
    taxonomy: Taxonomy, quotes: Sequence[Quote], labels: Mapping[str, Value], least: Mapping[str, float]
) -> tuple[Quote, ...]:
    """The quotes with their labels for each `one` task.

    A task that has its default label because the article has none of the task it depends on gives that to each quote.
    A label is None where the article's is withheld, or where more than one may hold: see `Analysis.label_sets`.
    """
    return tuple(
        replace(quote, labels={task.key: _label(taxonomy, task.key, quote, labels, least) for task in taxonomy.one_tasks})
        for quote in quotes
    )


def _label(taxonomy: Taxonomy, key: str, quote: Quote, labels: Mapping[str, Value], least: Mapping[str, float]) -> str | None:
    task, probabilities = taxonomy.task(key), quote.probabilities.get(key)
    if labels[key] is None or not probabilities:
        return None
    if task.without is not None and labels[task.without] == ():
        return task.default
    label = choose_labels(task, probabilities, {})
    assert isinstance(label, str)
    sure = key not in least or len(label_set(task, label, probabilities, least[key])) == 1
    return label if sure else None
