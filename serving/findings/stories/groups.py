"""Copies and stories among many articles.

Two relations are kept apart. A *copy* has the text of another, edited, or both come from one agency text or press release. A
*story* is one event that several articles have as their main subject. Copies are always of one story.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from sorot.serving.findings.stories.bursts import burst_pairs
from sorot.serving.findings.stories.candidates import WINDOW_DAYS, Candidate, similar_pairs, sketched_pairs
from sorot.serving.findings.stories.digest import Digest
from sorot.serving.findings.stories.linkage import link_groups
from sorot.serving.findings.stories.shared_text import number_agreement, shared_text
from sorot.serving.findings.stories.weights import weigh_terms


@dataclass(frozen=True, slots=True)
class StoryRules:
    """Limits of the two relations, chosen with tests.benchmarks.stories.

    copy: shared narrative of the shorter text, `narrative` within the window and `narrative_later` at any time, with a share
    `in_order` of the shared runs in one order. story: cosine similarity, less `per_day` for every day between, is `similar` or
    more; with an unknown day, less `undated`; or the cosine of one day's bursts is `burst` or more. Articles with more than
    `dense` digits a word whose numbers agree by less than `numbers` are daily items on other days' figures, such as prices and
    the weather, and neither. The vetoes are those of `link_groups`.
    """

    narrative: float = 0.19
    narrative_later: float = 0.6
    in_order: float = 0.75
    copy_veto: float = 0.18
    similar: float = 0.41
    per_day: float = 0.065
    undated: float = 0.13
    burst: float = 0.3
    story_veto: float = 0.23
    unseen: float = 0.2
    numbers: float = 0.6
    dense: float = 0.1


@dataclass(frozen=True, slots=True)
class ArticleGroups:
    """The names of an article's groups, None where it is alone; a group has the id of its first article as its name."""

    id: str
    copy: str | None
    story: str | None


@dataclass(frozen=True, slots=True)
class PairEvidence:
    """How strongly two articles are one text, and one event; 0 for a copy that is none."""

    one: int
    other: int
    copy: float
    story: float


def find_groups(
    digests: Sequence[Digest], rules: StoryRules | None = None, advance: Callable[[int], None] = lambda _: None
) -> list[ArticleGroups]:
    """The groups of each article, in order. `advance` gets numbers of compared articles."""
    rules = rules or StoryRules()
    return name_groups(digests, weigh_pairs(digests, rules, advance), rules)


def weigh_pairs(
    digests: Sequence[Digest], rules: StoryRules, advance: Callable[[int], None] = lambda _: None
) -> list[PairEvidence]:
    """The evidence of every pair that may be in one group, each pair once."""
    weights = weigh_terms(digests)
    found: dict[tuple[int, int], PairEvidence] = {}
    seen: set[tuple[int, int]] = set()
    for candidate in chain(similar_pairs(digests, weights, advance), sketched_pairs(digests)):
        if (pair := (candidate.one, candidate.other)) not in seen:
            seen.add(pair)
            if evidence := _weigh(digests, candidate, rules):
                found[pair] = evidence
    leads = np.ones(len(digests), dtype=bool)
    leads[[pair.other for pair in found.values() if pair.copy]] = False
    scale = rules.similar / rules.burst
    for one, other, cosine in burst_pairs(digests, weights, leads, rules.unseen / scale):
        known = found.get((one, other)) or PairEvidence(one, other, 0.0, 0.0)
        if cosine * scale > known.story and not _are_daily_items(digests[one], digests[other], rules):
            found[one, other] = replace(known, story=cosine * scale)
    return list(found.values())


def name_groups(digests: Sequence[Digest], pairs: Sequence[PairEvidence], rules: StoryRules) -> list[ArticleGroups]:
    """Link pairs to groups: copies first, then stories of copies and single articles."""
    number = len(digests)
    copies = link_groups(
        number, ((p.one, p.other, p.copy) for p in pairs if p.copy), enough=rules.narrative, veto=rules.copy_veto, unseen=0.0
    )
    stories = link_groups(
        number,
        ((p.one, p.other, p.story) for p in pairs),
        enough=rules.similar, veto=rules.story_veto, unseen=rules.unseen, joined=copies,
    )  # fmt: skip
    named = zip(_names(digests, copies), _names(digests, stories), strict=True)
    return [ArticleGroups(digest.id, copy, story) for digest, (copy, story) in zip(digests, named, strict=True)]


def _weigh(digests: Sequence[Digest], candidate: Candidate, rules: StoryRules) -> PairEvidence | None:
    one, other = digests[candidate.one], digests[candidate.other]
    known = one.day is not None and other.day is not None
    days = abs(one.day - other.day) if one.day is not None and other.day is not None else 0
    if _are_daily_items(one, other, rules):
        return None
    shared = shared_text(one, other)
    within = known and days <= WINDOW_DAYS
    text = shared.narrative if shared.in_order >= rules.in_order else 0.0
    copy = text if text >= (rules.narrative if within else rules.narrative_later) else 0.0
    story = 0.0
    if candidate.cosine is not None and (within or not known):
        story = candidate.cosine - (rules.per_day * days if known else rules.undated)
    return PairEvidence(candidate.one, candidate.other, copy, story) if copy or story > rules.unseen else None


def _are_daily_items(one: Digest, other: Digest, rules: StoryRules) -> bool:
    return _is_dense(one, rules) and _is_dense(other, rules) and number_agreement(one, other) < rules.numbers


def _is_dense(digest: Digest, rules: StoryRules) -> bool:
    return float(digest.digits.sum()) > rules.dense * len(digest.marks)


def _names(digests: Sequence[Digest], groups: Sequence[int]) -> list[str | None]:
    """The name of each article's group; a second group with a first article of the same id gets a number after it."""
    sizes = Counter(groups)
    names: dict[int, str] = {}
    taken: Counter[str] = Counter()
    for group in groups:
        if sizes[group] > 1 and group not in names:
            name = digests[group].id
            taken[name] += 1
            names[group] = name if taken[name] == 1 else f"{name}#{taken[name]}"
    return [names.get(group) for group in groups]
