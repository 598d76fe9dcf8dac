"""Time and memory of `sorot score` on plain corpora of growing size and on each hostile file: none may take far more than the rest.

Memory is the proportional share (PSS) of all processes of the command together. Run with: python -m tests.benchmarks.hostile_batch
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.benchmarks.scale import measure
from tests.hostile_texts import FILES, PAGES, TEXTS

PLAIN = (250, 1_000, 4_000)
HOSTILE_CHARACTERS = 100_000
MOST_MEGABYTES = 700


def main() -> None:
    """Print one table and one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plain", type=int, nargs="*", default=PLAIN, help="Numbers of plain articles.")
    parser.add_argument("--characters", type=int, default=HOSTILE_CHARACTERS, help="Size of each hostile file.")
    options = parser.parse_args()
    found: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name, file in _inputs(folder, options.plain, options.characters):
            found[name] = seconds, megabytes = measure(folder, file, "-o", "out.parquet")
            print(f"{name:24}{seconds:8.1f} s{megabytes:8.0f} MB", flush=True)
            for written in folder.glob("out.parquet*"):
                written.unlink()
    plain = max((megabytes for name, (_, megabytes) in found.items() if name.startswith("plain, ")), default=0.0)
    print(f"plain input takes {plain:.0f} MB at most; the promise is {MOST_MEGABYTES} MB")
    print(json.dumps({name: {"seconds": s, "megabytes": m} for name, (s, m) in found.items()}))


def _inputs(folder: Path, plain: list[int], characters: int) -> Iterator[tuple[str, str]]:
    """Name and file of each input, written when it is asked for."""
    for rows in plain:
        file = folder / "plain.jsonl"
        with file.open("w", encoding="utf-8") as out:
            for number in range(rows):
                out.write(json.dumps({"isi": f"{TEXTS['plain'](2_500)}Nomor {number}."}) + "\n")
        yield f"plain, {rows:,} articles", file.name
    made = {
        **FILES,
        **{f"{name}.html": make for name, make in PAGES.items()},
        **{f"{name}.txt": make for name, make in TEXTS.items()},
    }
    for name, make in made.items():
        (folder / name).write_text(make(characters), encoding="utf-8")
        yield name, name
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 2_000, pa.int32()), pa.array(["kata " * 2_000_000]))
    pq.write_table(pa.table({"teks": column}), folder / "one value.parquet", compression="zstd", store_schema=False)
    yield "one value.parquet", "one value.parquet"
    (folder / "one row.jsonl").write_text(json.dumps({"isi": TEXTS["plain"](38_000_000)}), encoding="utf-8")
    yield "one row.jsonl", "one row.jsonl"


if __name__ == "__main__":
    main()
