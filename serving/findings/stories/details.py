"""What each copy changed: which article it is compared with, its headline, and sentences dropped and added."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sorot.data.article import moment_of
from sorot.data.text.sentences import split_sentences
from sorot.serving.findings.stories.corpus import Corpus
from sorot.serving.findings.stories.digest import Digest
from sorot.serving.findings.stories.groups import ArticleGroups
from sorot.serving.findings.stories.labels import LabelsById, moved_labels

# A sentence stands in the other article if so much of it does, in shared runs of three words.
KEPT = 0.5
_WIDTH = 3
_CREDIT = re.compile(
    r"\b(?:dilansir|dikutip|melansir|mengutip|disadur|dilaporkan)(?: (?:dari|oleh|laman|kantor|berita|situs))*"
    r" [A-Z][\w-]*(?:[ .][A-Z][\w-]*)*|\(ANT(?:ARA)?\)|\bANTARA\b"
    r"|\b(?:siaran pers|keterangan (?:tertulis|resmi)|rilis resmi)\b"
)


class SourceOrder(StrEnum):
    """How the source of a copy is known to be first."""

    FIRST = "first"
    SAME_DAY = "same day"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CopyDetails:
    """A copy beside its source, the earliest article of its group.

    `order` says whether the source was published first for certain: `first` on an earlier day or at an earlier hour, `same day`
    where an hour is unknown, `unknown` without a day. `credits` are the copy's credit lines. `dropped` are sentences of the
    source that are not in the copy, `added` those of the copy that are not in the source.
    `moved` has by task the label of the source and that of the copy where they differ; None where they were not scored.
    """

    copy: str
    id: str
    source: str
    order: SourceOrder
    outlet: str | None
    source_outlet: str | None
    headline_changed: bool
    title: str | None
    source_title: str | None
    credits: tuple[str, ...]
    dropped: tuple[str, ...]
    added: tuple[str, ...]
    moved: Mapping[str, tuple[str, str]] | None = None

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready form."""
        return asdict(self)


def describe_copies(corpus: Corpus, groups: Sequence[ArticleGroups], labels: LabelsById | None = None) -> Iterator[CopyDetails]:
    """Each copy beside its source, in input order, with what it moved of their `labels`; `corpus` must have its texts."""
    members: dict[str, list[int]] = {}
    for number, group in enumerate(groups):
        if group.copy is not None:
            members.setdefault(group.copy, []).append(number)
    sources = {name: min(numbers, key=lambda n: _rank(corpus.digests[n], n)) for name, numbers in members.items()}
    for number, group in enumerate(groups):
        if group.copy is not None and number != sources[group.copy]:
            found = _describe(corpus, group.copy, number, sources[group.copy])
            yield found if labels is None else replace(found, moved=moved_labels(labels, found.source, found.id))


def _describe(corpus: Corpus, name: str, number: int, source: int) -> CopyDetails:
    copied, first = corpus.texts[number], corpus.texts[source]
    body, source_body = copied.body, first.body
    return CopyDetails(
        copy=name,
        id=corpus.digests[number].id,
        source=corpus.digests[source].id,
        order=_order(corpus.digests[source], corpus.digests[number]),
        outlet=copied.outlet,
        source_outlet=first.outlet,
        headline_changed=_words(copied.title or "") != _words(first.title or ""),
        title=copied.title,
        source_title=first.title,
        credits=tuple(dict.fromkeys(match[0] for match in _CREDIT.finditer(body))),
        dropped=tuple(_missing(source_body, body)),
        added=tuple(_missing(body, source_body)),
    )


def _rank(digest: Digest, number: int) -> tuple[bool, int, float, int]:
    """Sorts by day, within a day by the hour where it is known, then by place in the input; those without a day come last."""
    hour = moment_of(digest.published).timestamp() if isinstance(digest.published, datetime) else float("inf")
    return digest.day is None, digest.day or 0, hour, number


def _order(source: Digest, copied: Digest) -> SourceOrder:
    if source.day is None or copied.day is None:
        return SourceOrder.UNKNOWN
    if source.day != copied.day:
        return SourceOrder.FIRST
    if isinstance(source.published, datetime) and isinstance(copied.published, datetime):
        return SourceOrder.FIRST if moment_of(source.published) < moment_of(copied.published) else SourceOrder.SAME_DAY
    return SourceOrder.SAME_DAY


def _missing(text: str, other: str) -> Iterator[str]:
    """Sentences of `text` that are not in `other`."""
    known = set(_runs(_words(other)))
    for start, end in split_sentences(text):
        words = _words(text[start:end])
        runs = list(_runs(words))
        if words and sum(run in known for run in runs) < KEPT * len(runs):
            yield text[start:end]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    width = min(_WIDTH, max(1, len(words)))
    return (tuple(words[at : at + width]) for at in range(len(words) - width + 1))
