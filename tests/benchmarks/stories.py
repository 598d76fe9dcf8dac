"""Copies and stories: on the worked case, on judged pairs, and time and memory on a large corpus.

Case: B-cubed precision, recall and F1 (Bagga and Baldwin 1998) of the stories against the planted events.

Pairs: `sorot stories` groups the whole of pool, train and train_extra, and a pair counts as found when both of its articles are in
one group. The two limits that matter most are chosen on four fifths of the pairs and tried on the rest, in turn; intervals are
from resampled pairs. It needs the news and pairs of SHARED and says so where they are absent.

Speed: articles put together from sentences of the shipped corpus, their numbers and names altered so that each is a text of its
own, every twentieth a shortened copy of an earlier one, over a year. Run with: python -m tests.benchmarks.stories
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from statistics import mean

import numpy as np

from sorot.data.reading.readers import read_articles
from sorot.data.text.sentences import split_sentences
from sorot.serving.findings.stories.corpus import read_corpus
from sorot.serving.findings.stories.groups import ArticleGroups, StoryRules, find_groups, name_groups, weigh_pairs

NEWS = ("pool.jsonl.gz", "train.jsonl", "train_extra.jsonl")
FOLDS = 5
SENTENCES = 14
COPY_EVERY = 20
DAYS = 365
NARRATIVE = (0.16, 0.18, 0.19, 0.2, 0.22, 0.25)
SIMILAR = (0.37, 0.39, 0.4, 0.41, 0.42, 0.43, 0.45)
VETO = (0.2, 0.23, 0.26, 0.29)
Found = dict[str, bool]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--articles", type=int, default=100_000, help="articles of the speed test; 0 leaves it out")
    options = parser.parse_args()
    measure_case(Path("data/corpus/case"))
    pairs = options.shared / "stories" / "pairs.jsonl"
    if pairs.is_file():
        measure_pairs([json.loads(line) for line in pairs.read_text(encoding="utf-8").splitlines()], options.shared / "news")
    else:
        print(f"{pairs}: no pairs there, so they are not measured; name the folder with --shared", file=sys.stderr)
    if options.articles:
        measure_speed(options.articles)


def measure_case(case: Path) -> None:
    """B-cubed scores of the stories over the articles that have a planted event."""
    events: dict[str, int] = json.loads((case / "facts.json").read_text(encoding="utf-8"))["events"]
    groups = find_groups(read_corpus(read_articles([str(case / "articles.jsonl")])).digests)
    story = {group.id: group.story or group.id for group in groups}
    in_event, in_story = Counter(events.values()), Counter(story.values())
    in_both = Counter((event, story[key]) for key, event in events.items())
    precision = mean(in_both[event, story[key]] / in_story[story[key]] for key, event in events.items())
    recall = mean(in_both[event, story[key]] / in_event[event] for key, event in events.items())
    f1 = 2 * precision * recall / (precision + recall)
    print(
        f"case: {len(events)} articles, {len(in_event)} events  B-cubed P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}",
        flush=True,
    )


def measure_pairs(pairs: Sequence[dict[str, object]], news: Path) -> None:
    """Precision, recall and F1 of both relations, as shipped and with limits chosen on other pairs."""
    corpus = read_corpus(read_articles([str(news / name) for name in NEWS]))
    places: dict[str, int] = {}
    for number, digest in enumerate(corpus.digests):
        places.setdefault(digest.id, number)
    shipped = StoryRules()
    # Weighed without a lower limit on copies, so that all limits can be tried on the same evidence.
    evidence = weigh_pairs(corpus.digests, replace(shipped, narrative=min(NARRATIVE)))

    def found(rules: StoryRules, relation: str) -> Found:
        groups = name_groups(corpus.digests, evidence, rules)
        return {str(p["pair"]): together(groups[places[str(p["a"])]], groups[places[str(p["b"])]], relation) for p in pairs}

    tried = {
        "copy": [replace(shipped, narrative=narrative) for narrative in NARRATIVE],
        "story": [replace(shipped, similar=similar, story_veto=veto) for similar in SIMILAR for veto in VETO],
    }
    print(f"{len(corpus.digests)} articles, {len(pairs)} pairs")
    for relation, rules in tried.items():
        report(f"{relation}, shipped limits", pairs, relation, found(shipped, relation))
        report(
            f"{relation}, cross-validated", pairs, relation, cross_validate(pairs, relation, [found(r, relation) for r in rules])
        )


def together(one: ArticleGroups, other: ArticleGroups, relation: str) -> bool:
    """Whether two articles are in one group."""
    name = getattr(one, relation)
    return name is not None and name == getattr(other, relation)


def cross_validate(pairs: Sequence[dict[str, object]], relation: str, tried: Sequence[Found]) -> Found:
    """What the limits with the best F1 on the other folds find in each fold."""
    order = list(pairs)
    random.Random(0).shuffle(order)
    result: Found = {}
    for fold in range(FOLDS):
        held = order[fold::FOLDS]
        others = [pair for number, pair in enumerate(order) if number % FOLDS != fold]
        best = max(tried, key=lambda found: scores(others, relation, found)[2])
        result |= {str(pair["pair"]): best[str(pair["pair"])] for pair in held}
    return result


def scores(pairs: Sequence[dict[str, object]], relation: str, found: Found) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    right = sum(bool(pair[relation]) and found[str(pair["pair"])] for pair in pairs)
    said = sum(found[str(pair["pair"])] for pair in pairs)
    true = sum(bool(pair[relation]) for pair in pairs)
    return right / max(1, said), right / max(1, true), 2 * right / max(1, said + true)


def report(name: str, pairs: Sequence[dict[str, object]], relation: str, found: Found) -> None:
    """One line: each score with the 95 % interval of resampled pairs."""
    chance = random.Random(0)
    drawn = np.array([scores(chance.choices(pairs, k=len(pairs)), relation, found) for _ in range(500)])
    low, high = np.percentile(drawn, [2.5, 97.5], axis=0)
    cells = [
        f"{score} {value:.3f} [{a:.3f}, {b:.3f}]"
        for score, value, a, b in zip(("P", "R", "F1"), scores(pairs, relation, found), low, high, strict=True)
    ]
    print(f"{name:26} {'  '.join(cells)}", flush=True)


def measure_speed(size: int) -> None:
    """Seconds and greatest memory of the command on `size` articles."""
    with tempfile.TemporaryDirectory() as place:
        source = Path(place) / "articles.jsonl"
        with source.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in generate(size))
        program = str(Path(sys.executable).with_name("sorot"))
        begun = time.perf_counter()
        subprocess.run([program, "stories", str(source), "-o", str(Path(place) / "groups.jsonl")], check=True)
        seconds = time.perf_counter() - begun
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    print(f"{size} articles  {seconds:.0f} s  {size / seconds:.0f} articles/s  {memory:.2f} GB in the largest process")


def generate(size: int) -> Iterator[dict[str, str]]:
    """`size` articles, the same on every call."""
    chance = random.Random(0)
    sentences = [sentence for text in _texts() for sentence in _cut(text)]
    earlier: list[tuple[list[str], date]] = []
    for number in range(size):
        if number % COPY_EVERY == COPY_EVERY - 1:
            own, day = chance.choice(earlier)
            own = own[: SENTENCES // 2]
        else:
            own = [_alter(chance.choice(sentences), chance) for _ in range(SENTENCES)]
            day = date(2020, 1, 1) + timedelta(days=chance.randrange(DAYS))
            # The last thousand are copied from.
            earlier = [*earlier[-999:], (own, day)]
        yield {
            "id": str(number),
            "title": own[0][:80],
            "text": "\n\n".join(own),
            "outlet": f"o{number % 30}",
            "date": day.isoformat(),
        }


def _texts() -> Iterator[str]:
    for line in files("sorot.data").joinpath("corpus", "beats.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)["text"]


def _cut(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def _alter(sentence: str, chance: random.Random) -> str:
    """The sentence with other numbers, and with some of its words in another spelling, as in no other article."""
    words = re.sub(r"\d+", str(chance.randrange(10, 10**5)), sentence).split(" ")
    for _ in range(max(1, len(words) // 4)):
        words[chance.randrange(len(words))] = f"kata{chance.randrange(10**5)}"
    return " ".join(words)


if __name__ == "__main__":
    main()
