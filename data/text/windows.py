"""Cuts an article into the token windows that the encoder reads, the same way in training and serving.

The model's text is the title and the sentences of the body. Each sentence is tokenised on its own, so that every token
belongs to exactly one sentence and a sum over tokens is a sum over sentences. A sentence in capitals is read in lower case,
as the encoder's vocabulary has whole words in lower case and only letters in capitals. Articles longer than one window are cut
into the fewest windows that hold them, of about equal length, at sentence ends where possible; no token is dropped.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from sorot.data.article import Article
from sorot.data.text.sentences import split_sentences

IdArray = NDArray[np.int32]
# Fewer words in capitals may be a heading or abbreviations.
SHOUTED_WORDS = 4
SHOUTED_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence of the model's text: the title (`start` and `end` None) or a span of the body in characters."""

    text: str
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class EncodedArticle:
    """Token ids of an article, without special tokens.

    `ids` and `segment` have shape (n_tokens,); `segment[t]` indexes `segments`. `windows` are half-open token ranges
    that cover 0..n_tokens without gap or overlap.
    """

    ids: IdArray
    segment: IdArray
    segments: tuple[Segment, ...]
    windows: tuple[tuple[int, int], ...]

    @property
    def n_tokens(self) -> int:
        return len(self.ids)


def segment_article(article: Article) -> tuple[Segment, ...]:
    """The title, if there is one, then the body's sentences in order."""
    title = (article.title or "").strip()
    head = (Segment(title, None, None),) if title else ()
    body = tuple(Segment(article.body[s:e], s, e) for s, e in split_sentences(article.body))
    return head + body


def unshout(text: str) -> str:
    """A sentence in capitals, changed to lower case with a capital first letter; any other sentence unchanged."""
    if len(text.split()) < SHOUTED_WORDS:
        return text
    upper = sum(map(str.isupper, text))
    return text.capitalize() if upper and upper >= SHOUTED_SHARE * (upper + sum(map(str.islower, text))) else text


def cut_windows(lengths: list[int], size: int) -> tuple[tuple[int, int], ...]:
    """Cut sum(lengths) tokens into the fewest windows of at most `size`, of about equal length, at segment ends if near.

    `lengths` are token counts per segment. A cut falls on the segment end nearest the equal-length target as long as
    the remaining tokens still fit the remaining windows, else exactly at the target. Time is linear, but for a logarithm.
    """
    total = sum(lengths)
    if total == 0:
        return ()
    n = -(-total // size)
    ends = list(accumulate(lengths))
    cuts = [0]
    for k in range(1, n):
        remaining = n - k
        low = max(cuts[-1] + 1, total - remaining * size)
        high = min(cuts[-1] + size, total - remaining)
        target = min(max(round(total * k / n), low), high)
        # Of the sorted ends only the two around the target may be the nearest.
        after = bisect_left(ends, target)
        near = [e for e in ends[max(after - 1, 0) : after + 1] if low <= e <= high]
        cuts.append(min(near, key=lambda e: abs(e - target), default=target))
    cuts.append(total)
    return tuple(pairwise(cuts))


def encode_article(article: Article, tokenizer: Tokenizer, max_tokens: int) -> EncodedArticle:
    """Tokenises an article sentence by sentence and cuts it into windows.

    `max_tokens` is the encoder's limit, its two special tokens included. The tokenizer must have truncation switched
    off, or long sentences would be cut silently; raises ValueError otherwise.
    """
    if tokenizer.truncation is not None:
        raise ValueError("the tokenizer truncates; load it with truncation switched off")
    segments = segment_article(article)
    encodings = tokenizer.encode_batch_fast([unshout(s.text) for s in segments], add_special_tokens=False)
    lengths = [len(e.ids) for e in encodings]
    ids = np.array([i for e in encodings for i in e.ids], dtype=np.int32)
    segment = np.repeat(np.arange(len(segments), dtype=np.int32), lengths)
    return EncodedArticle(ids, segment, segments, cut_windows(lengths, max_tokens - 2))
