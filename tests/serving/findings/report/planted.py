"""Scored corpora with planted facts, written through the project's own writers, without a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from sorot.data.taxonomy import Taxonomy
from sorot.serving.output.columns import TEXT, WHOLE_NUMBER, Column, as_json, output_columns
from sorot.serving.output.target import parse_target
from sorot.serving.output.writers import open_output

Row = dict[str, Any]
MODEL = "tiny-0"


def plant_rows(taxonomy: Taxonomy, n: int = 120) -> list[Row]:
    """`n` articles of three outlets over six weeks: every second one has the first label of each task, the others the second
    or, of a `many` task, none. The outlet Loreng always has the first label; every tenth article is one of a copied pair."""
    rows = []
    for at in range(n):
        outlet = ("Loreng", "Kabar Petang", "Nusa Raya")[at % 3]
        first = outlet == "Loreng" or at % 2 == 0
        day = f"2024-0{1 + at % 42 // 28}-{1 + at % 42 % 28:02d}"
        row: Row = {
            "id": f"artikel-{at}",
            "source": "corpus.jsonl",
            "row": at + 1,
            "title": f"Judul {at}",
            "outlet": outlet,
            "published": day if at % 4 else f"{day}T{at % 24:02d}:00:00+07:00",
            "url": f"https://contoh.example/{at}?a=1&b=2",
            "evidence": [],
            "n_tokens": 30,
            "n_windows": 1,
            "language": "id",
            "withheld": None,
            "model": MODEL,
            "body": f"Loreng {'terang ' * (outlet == 'Loreng')}menulis {'kelam ' * (outlet == 'Nusa Raya')}tentang aturan itu.",
        }
        for task in taxonomy.tasks:
            key = task.keys[0] if first else task.keys[1] if len(task.keys) > 1 and not task.many else None
            row[task.key] = ([key] if key else []) if task.many else key
            if not task.many:
                row[f"{task.key}_set"] = [key]
            for label in task.keys:
                row[task.column_of(label)] = 0.9 if label == key else 0.1
            if key:
                row["evidence"].append(
                    {"task": task.key, "label": key, "sentence": f"Bukti {at}.", "start": 0, "end": 5, "contribution": 1.5}
                )
        rows.append(row)
    return rows


def plant_groups(rows: Sequence[Row], taxonomy: Taxonomy) -> list[Row]:
    """The rows with stories, copies and quotes: 'Rina Sari' is quoted most."""
    tasks = [task.key for task in taxonomy.one_tasks]
    grouped = []
    for at, row in enumerate(rows):
        quote = {
            "type": "direct" if at % 2 else "indirect", "start": 0, "end": 4, "text": "kata", "cue": "ujar",
            "speaker": "Rina Sari" if at % 3 != 1 else "Budi", **{key: row[key] for key in tasks},
        }  # fmt: skip
        groups = {"copy": f"copy-{at // 20}" if at % 20 < 2 else None, "story": f"story-{at // 2}", "quotes": [quote]}
        grouped.append(row | groups)
    return grouped


def write_scored(path: Path, rows: Sequence[Row], taxonomy: Taxonomy, name: str | None = None) -> Path:
    """Write rows as `sorot score` does; the columns are those that the first row has. `name` ends in / for a folder."""
    columns: list[Any] = [c for c in output_columns(taxonomy, with_body=True) if not rows or c.name in rows[0]]
    quote = pa.struct(
        [("type", TEXT), ("start", WHOLE_NUMBER), ("end", WHOLE_NUMBER), ("text", TEXT), ("speaker", TEXT), ("cue", TEXT)]
        + [(task.key, TEXT) for task in taxonomy.one_tasks]
    )
    added = {"copy": TEXT, "story": TEXT, "quotes": pa.list_(quote)}
    columns += [
        Column(name=key, type=kind, description="", **({"csv": as_json} if key == "quotes" else {}))
        for key, kind in added.items()
        if rows and key in rows[0]
    ]
    staging = path.parent / ".staging"
    staging.mkdir(exist_ok=True)
    target = replace(parse_target(name or str(path)), path=path)
    with open_output(target, columns, staging) as output:
        output.write([{column.name: row[column.name] for column in columns} for row in rows])
    return path
