"""Articles a second of `--engine ray` with one worker and with two, beside the local engine, from runs of two lengths.

What a longer run takes more than a shorter one is the time of its additional articles: the start of Ray (seconds, whatever the
size) and the end of a run fall out. Run with: python -m tests.benchmarks.ray_workers
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

from sorot.serving.batch.engines.engine import Engine
from sorot.serving.batch.engines.processes import ProcessEngine
from sorot.serving.batch.engines.ray_data import RayEngine
from sorot.serving.batch.run import score_files
from sorot.serving.model.scorer import Scorer
from tests.benchmarks.speed import make_articles

# As many units for each of two workers, in both.
UNITS = (2, 10)
UNIT_ROWS = 128


def main() -> None:
    """Print one table and one JSON line."""
    if find_spec("ray") is None:
        print("Ray is not installed, so nothing is measured; run: pip install 'sorot[ray]'")
        return
    scorer = Scorer.load(threads=1)
    lines = [json.dumps({"text": a.body}) + "\n" for a in make_articles(scorer, max(UNITS) * UNIT_ROWS)]
    engines: dict[str, Engine] = {
        "local, 1 worker": ProcessEngine(scorer, 1),
        "local, 2 workers": ProcessEngine(scorer, 2),
        "ray, 1 worker": RayEngine(scorer, 1),
        "ray, 2 workers": RayEngine(scorer, 2),
    }
    rates: dict[str, float] = {}
    outputs: list[set[bytes]] = [set() for _ in UNITS]
    with tempfile.TemporaryDirectory() as place:
        for number, (name, engine) in enumerate(engines.items()):
            seconds = []
            for units, found in zip(UNITS, outputs, strict=True):
                file, output = Path(place) / f"{units}.jsonl", Path(place) / f"{number}-{units}.jsonl"
                file.write_text("".join(lines[: units * UNIT_ROWS]), encoding="utf-8")
                begun = time.perf_counter()
                score_files(scorer, [str(file)], output, engine=engine)
                seconds.append(time.perf_counter() - begun)
                found.add(output.read_bytes())
            rates[name] = (UNITS[1] - UNITS[0]) * UNIT_ROWS / (seconds[1] - seconds[0])
            print(f"{name:18} {rates[name]:7.2f} articles/s  {'#' * round(rates[name])}", flush=True)
    same = all(len(found) == 1 for found in outputs)
    ratio = rates["ray, 2 workers"] / rates["ray, 1 worker"]
    print(f"two Ray workers give {ratio:.2f} times what one gives; all outputs are {'the same bytes' if same else 'OTHER BYTES'}")
    print(json.dumps({"rates": rates, "ratio": ratio, "same": same}))
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
