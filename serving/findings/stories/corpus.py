"""Digests of whole inputs: articles are read here, and prepared and digested in a process per core."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from sorot.data.article import Article, Reject
from sorot.serving.batch.chunks import map_chunks
from sorot.serving.batch.units import Failure, Item, plan_item
from sorot.serving.findings.stories.digest import Digest, make_digests
from sorot.serving.model.runtime import usable_cores

DIGESTED_AT_ONCE = 128


@dataclass(slots=True)
class Corpus:
    """What was read: digests in input order, with their `places` among all items from 0, and rejects.

    With `keep_texts` also each article's text, packed.
    """

    keep_texts: bool = False
    places: list[int] = field(default_factory=list)
    digests: list[Digest] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    texts: list[PackedText] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PackedText:
    """Title, outlet and compressed body of an article."""

    title: str | None
    outlet: str | None
    packed: bytes

    @property
    def body(self) -> str:
        """The cleaned body."""
        return zlib.decompress(self.packed).decode("utf-8", "surrogatepass")


DigestedChunk = tuple[list[int], list[Digest], list[Reject], list[PackedText]]


def read_corpus(
    items: Iterable[Item],
    *,
    keep_texts: bool = False,
    clean: bool = True,
    workers: int | None = None,
    advance: Callable[[int], None] = lambda _: None,
) -> Corpus:
    """Prepare and digest articles, cleaned if `clean`; rejects are collected. `advance` gets numbers of finished items.

    An input of one chunk, or `workers` = 1, is handled in this process.
    """
    corpus = Corpus(keep_texts)
    digest = partial(digest_chunk, keep_texts=keep_texts, clean=clean)
    for places, digests, rejects, texts in map_chunks(digest, items, size=DIGESTED_AT_ONCE, workers=workers or usable_cores()):
        read = len(corpus.digests) + len(corpus.rejects)
        corpus.places += [read + place for place in places]
        corpus.digests += digests
        corpus.rejects += rejects
        corpus.texts += texts
        advance(len(digests) + len(rejects))
    return corpus


def digest_chunk(items: Sequence[Item], *, keep_texts: bool, clean: bool) -> DigestedChunk:
    """Places, digests and rejects of consecutive items, and the packed texts of the articles if they are wanted."""
    planned = [plan_item(item, clean=clean) for item in items]
    places = [place for place, item in enumerate(planned) if isinstance(item, Article)]
    articles = [item for item in planned if isinstance(item, Article)]
    rejects = [_as_reject(item) for item in planned if not isinstance(item, Article)]
    return places, make_digests(articles), rejects, [_pack(article) for article in articles] if keep_texts else []


def _as_reject(item: Failure | Reject) -> Reject:
    if isinstance(item, Reject):
        return item
    source = item.article.source
    return Reject(source.file if source else item.article.id, source.row if source else None, f"cannot be cleaned: {item.error}")


def _pack(article: Article) -> PackedText:
    return PackedText(article.title, article.outlet, zlib.compress(article.body.encode("utf-8", "surrogatepass"), 1))
