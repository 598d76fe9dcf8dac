"""Exports reviews as labelled records (sorot.data.labels.records), for a recipe's [[data]] and for `sorot audit`.

One record per article and person, with that person's last answer. Records of one article share text and group, so that
agreement can be measured and no split separates them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from sorot.data.errors import install_extra
from sorot.data.taxonomy import Taxonomy, Value, held, json_value
from sorot.serving.output.rows import Row, writable
from sorot.serving.output.writers import write_whole
from sorot.serving.review.errors import ReviewError, review_errors
from sorot.serving.review.store import Store
from sorot.serving.review.store_rows import Review


def export_records(store: Store) -> Iterator[Row]:
    """A labelled record for each answer that was not undone, in the order in which they were given."""
    used: set[str] = set()
    for review in store.reviews():
        yield writable(_record(store.taxonomy, review, _record_id(review, used)))


def write_records(store: Store, path: Path) -> int:
    """Write the records as JSON lines, all or none. Returns how many. Raises ReviewError if `path` exists or there are none."""
    records = _records_for(store, path)
    write_whole(path, "".join(json_line(record) + "\n" for record in records), path.parent)
    return len(records)


def write_dataset(store: Store, folder: Path) -> int:
    """Write the records as a folder that `datasets.load_from_disk` reads, all or none. Returns how many.

    One row per record, with the columns of the JSON lines. Raises ReviewError if `folder` exists, there are no records, or
    the package datasets is missing.
    """
    records = _records_for(store, folder)
    try:
        from datasets import Dataset, Features, Value
    except ImportError as error:
        raise ReviewError(f"{folder}: needs the package datasets; run: {install_extra('train')}") from error
    lists = {task.key for task in store.taxonomy.many_tasks} | {"evidence_sentences", "quotes"}
    types = {name: Value("bool") for name in ("flag", "blind")}
    # Given, because columns without any value have no type to be guessed.
    features = Features({name: [Value("string")] if name in lists else types.get(name, Value("string")) for name in records[0]})
    dataset = Dataset.from_list(records, features=features)
    with review_errors(folder), TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
        whole = Path(scratch) / folder.name
        dataset.save_to_disk(whole)
        whole.rename(folder)
    return len(records)


def json_line(record: Row) -> str:
    """A record as one line of JSON, without the line break."""
    return json.dumps(record, ensure_ascii=False, allow_nan=False)


def _records_for(store: Store, path: Path) -> list[Row]:
    """All records. Raises ReviewError if `path` exists or cannot be written, or there are none."""
    if path.exists():
        raise ReviewError(f"{path}: exists already, and may hold labels; name another path, or move that one away")
    if not path.parent.is_dir():
        raise ReviewError(f"{path}: cannot be written; name a path in an existing folder")
    records = list(export_records(store))
    if not records:
        raise ReviewError(f"{store.path}: nothing is reviewed yet; review an article first, with sorot demo --review")
    return records


def _record_id(review: Review, used: set[str]) -> str:
    """The article's id; if it is used, with the reviewer's name; if that is used too, with a number."""
    base = name = review.article.id
    if name in used:
        base = name = f"{review.article.id} ({review.person})"
    number = 1
    while name in used:
        number += 1
        name = f"{base} {number}"
    used.add(name)
    return name


def _record(taxonomy: Taxonomy, review: Review, record_id: str) -> Row:
    article, answer = review.article, review.answer
    return {
        "id": record_id,
        "title": article.title,
        "text": article.body,
        "outlet": article.outlet,
        "date": article.published.isoformat() if article.published else None,
        "url": article.url,
        **{task: json_value(answer.labels[task]) for task in taxonomy.keys},
        "evidence": answer.sentences[0] if answer.sentences else "",
        "evidence_sentences": list(answer.sentences),
        "quotes": list(answer.quotes),
        "flag": answer.flag,
        "reviewer_note": answer.note,
        "blind": review.blind,
        "note": f"chosen for {review.reason}; {_changes(taxonomy, review)}",
        "annotator": review.person,
        "reviewed": review.at,
        "group": f"review-{review.text_hash[:16]}",
        "source": review.source,
    }


def _changes(taxonomy: Taxonomy, review: Review) -> str:
    """The model, and which of its labels the reviewer changed."""
    guess, answer = review.guess, review.answer
    changed = [
        f"{task} from {_shown(guess.labels[task])}"
        for task in taxonomy.keys
        if set(held(guess.labels[task])) != set(held(answer.labels[task]))
    ]
    return f"{guess.model}, changed: {', '.join(changed)}" if changed else f"{guess.model}, confirmed"


def _shown(value: Value) -> str:
    return ", ".join(held(value)) or "no label"
