"""Articles a second of `--engine ray` with one worker and with two, beside the local engine, from the first unit to the last.

The start of Ray (seconds, whatever the size) is left out. Run with: python -m tests.benchmarks.ray_workers
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

from serving.batch import Step, score_files
from serving.engines.engine import Engine
from serving.engines.processes import ProcessEngine
from serving.engines.ray_data import RayEngine
from serving.scorer import Scorer
from tests.benchmarks.speed import make_articles

UNITS = 12
UNIT_ROWS = 128


def main() -> None:
    """Print one table and one JSON line."""
    if find_spec("ray") is None:
        print("Ray is not installed, so nothing is measured; run: pip install 'sorot[ray]'")
        return
    scorer = Scorer.load(threads=1)
    articles = make_articles(scorer, UNITS * UNIT_ROWS)
    engines: dict[str, Engine] = {
        "local, 1 worker": ProcessEngine(scorer, 1),
        "local, 2 workers": ProcessEngine(scorer, 2),
        "ray, 1 worker": RayEngine(scorer, 1),
        "ray, 2 workers": RayEngine(scorer, 2),
    }
    rates: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "in.jsonl"
        file.write_text("".join(json.dumps({"text": a.body}) + "\n" for a in articles), encoding="utf-8")
        outputs = []
        for number, (name, engine) in enumerate(engines.items()):
            outputs.append(Path(place) / f"out{number}.jsonl")
            rates[name] = measure(scorer, file, outputs[-1], engine)
        same = len({path.read_bytes() for path in outputs}) == 1
    for name, rate in rates.items():
        print(f"{name:18} {rate:7.2f} articles/s  {'#' * round(rate)}")
    ratio = rates["ray, 2 workers"] / rates["ray, 1 worker"]
    print(f"two Ray workers give {ratio:.2f} times what one gives; all outputs are {'the same bytes' if same else 'OTHER BYTES'}")
    print(json.dumps({"rates": rates, "ratio": ratio, "same": same}))
    sys.exit(0 if same else 1)


def measure(scorer: Scorer, file: Path, output: Path, engine: Engine) -> float:
    """Articles a second, from the first that are done to the last."""
    told: list[tuple[float, int]] = []
    rows = 0

    def advance(step: Step) -> None:
        nonlocal rows
        rows += step.rows
        told.append((time.perf_counter(), rows))

    score_files(scorer, [str(file)], output, engine=engine, advance=advance)
    # Two workers end their first units together, so the second of these is left out as well.
    begun = next(at for at in told if at[1] >= 2 * UNIT_ROWS)
    return (told[-1][1] - begun[1]) / (told[-1][0] - begun[0])


if __name__ == "__main__":
    main()
