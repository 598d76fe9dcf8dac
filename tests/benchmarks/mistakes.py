"""What the shipped model gets wrong among our own held-out articles, for the Model tab: python -m tests.benchmarks.mistakes

Writes serving/page/model/mistakes.json: for each task the number of articles whose labels differ from those that people gave,
and as examples those of which the model is surest, at most EXAMPLES for each pair of true and given labels.
"""

from __future__ import annotations

import json
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

from sorot.data.labels.records import LabelledArticle, read_labelled
from sorot.data.prepare import prepare
from sorot.data.taxonomy import Task, held
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.scorer import Scorer
from sorot.serving.page.model.mistakes import MISTAKES_FILE

HELD_OUT = ("held_out.jsonl", "beats_held_out.jsonl")
EXAMPLES, SHOWN = 1, 3


def surest(task: Task, true: tuple[str, ...], given: tuple[str, ...], analysis: Analysis) -> tuple[str, float]:
    """The label that is wrong with the greatest confidence, and that confidence in the decision about it."""
    p = analysis.probabilities[task.key]
    wrong = set(true) ^ set(given) if task.many else set(given)
    return max(((key, p[key] if key in given else 1 - p[key]) for key in sorted(wrong)), key=lambda pair: pair[1])


def example(record: LabelledArticle, task: Task, analysis: Analysis) -> dict[str, Any]:
    """A mistake with the sentence that spoke most for the label that was given, or against the one that was not."""
    true, given = held(record.labels[task.key]), held(analysis.labels[task.key])
    label, probability = surest(task, true, given, analysis)
    sign = 1 if label in given else -1
    shares = [part for part in analysis.contributions if part.task == task.key and part.label == label]
    sentence = max(shares, key=lambda part: sign * part.contribution).sentence if shares else ""
    return {
        "id": record.article.id, "title": record.article.title, "true": list(true), "given": list(given),
        "probability": round(probability, 4), "sentence": sentence,
    }  # fmt: skip


def main() -> None:
    """Score, compare, write, and print how many were wrong."""
    scorer, folder = Scorer.load(), files("sorot.data.corpus")
    records = [record for name in HELD_OUT for record in read_labelled(Path(str(folder.joinpath(name))), scorer.taxonomy)]
    analyses = scorer.score([prepare(record.article) for record in records])
    tasks = {}
    for task in scorer.taxonomy.tasks:
        pairs = [(r, a) for r, a in zip(records, analyses, strict=True) if r.labels.get(task.key) is not None and not a.withheld]
        wrong = [example(r, task, a) for r, a in pairs if set(held(r.labels[task.key])) != set(held(a.labels[task.key]))]
        chosen: list[dict[str, Any]] = []
        seen: Counter[str] = Counter()
        for one in sorted(wrong, key=lambda one: (-one["probability"], one["id"])):
            kind = json.dumps([one["true"], one["given"]])
            if seen[kind] < EXAMPLES and len(chosen) < SHOWN:
                seen[kind] += 1
                chosen.append(one)
        tasks[task.key] = {"articles": len(pairs), "wrong": len(wrong), "examples": chosen}
        print(f"{task.key}: {len(wrong)} of {len(pairs)} differ")
    target = Path(str(files("sorot.serving.page.model").joinpath(MISTAKES_FILE)))
    found = {"model": scorer.model, "files": list(HELD_OUT), "tasks": tasks}
    target.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
