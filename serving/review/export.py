"""What people said, as labelled records (sorot.data.labels.records) that a recipe's [[data]] takes and `sorot audit` compares.

One record an answer: the last of each person. Where several people reviewed an article each has a record of its own, with the
article's text and group, so that agreement can be measured and no split of the data parts them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from sorot.data.taxonomy import TASKS
from sorot.serving.output.rows import Row, writable
from sorot.serving.output.writers import write_whole
from sorot.serving.review.errors import ReviewError
from sorot.serving.review.store import Store
from sorot.serving.review.store_rows import Review


def export_records(store: Store) -> Iterator[Row]:
    """A labelled record for each answer that stands, in the order in which they were given."""
    seen: set[str] = set()
    for review in store.reviews():
        yield writable(_record(review, _own_id(review, seen)))


def write_records(store: Store, path: Path) -> int:
    """Write them as JSON lines, whole or not at all; how many. Raises ReviewError where the file is there, or none is."""
    if path.exists():
        raise ReviewError(f"{path}: is there already, and may hold labels; name another file, or move that one away")
    if not path.parent.is_dir():
        raise ReviewError(f"{path}: cannot be written; name a file in a folder that is there")
    lines = [json_line(record) for record in export_records(store)]
    if not lines:
        raise ReviewError(f"{store.path}: nothing is reviewed yet; review an article first, with sorot demo --review")
    write_whole(path, "".join(line + "\n" for line in lines), path.parent)
    return len(lines)


def json_line(record: Row) -> str:
    """A record as a line of JSON."""
    return json.dumps(record, ensure_ascii=False, allow_nan=False)


def _own_id(review: Review, seen: set[str]) -> str:
    """The article's id for its first record; for others with the reviewer's name, and with a number where that is taken too."""
    base = name = review.article.id
    if name in seen:
        base = name = f"{review.article.id} ({review.person})"
    number = 1
    while name in seen:
        number += 1
        name = f"{base} {number}"
    seen.add(name)
    return name


def _record(review: Review, own_id: str) -> Row:
    article, answer = review.article, review.answer
    return {
        "id": own_id,
        "title": article.title,
        "text": article.body,
        "outlet": article.outlet,
        "date": article.published.isoformat() if article.published else None,
        "url": article.url,
        "topics": list(answer.topics),
        "stance": answer.stance,
        "sentiment": answer.sentiment,
        "evidence": answer.sentences[0] if answer.sentences else "",
        "evidence_sentences": list(answer.sentences),
        "note": f"chosen for {review.reason}; {_compare(review)}",
        "annotator": review.person,
        "reviewed": review.at,
        "group": f"review-{review.text_hash[:16]}",
        "source": review.source,
    }


def _compare(review: Review) -> str:
    """What the reviewer changed of the model's labels."""
    guess, answer = review.guess, review.answer
    changed = [
        f"{task} from {_shown(getattr(guess, task))}"
        for task in TASKS
        if (set(guess.topics) != set(answer.topics) if task == "topics" else getattr(guess, task) != getattr(answer, task))
    ]
    return f"{guess.model}, changed: {', '.join(changed)}" if changed else f"{guess.model}, confirmed"


def _shown(labels: str | tuple[str, ...]) -> str:
    return labels if isinstance(labels, str) else ", ".join(labels) or "none"
