"""What one hostile caller among 32 costs the others, and how much memory the service and its workers take under each attack.

The others send articles of our own corpus; p99 with the attack is at most RATIO times that without, or the exit code is 1. Each
attack is compared with the times without one right before and right after it, as other work on the machine comes and goes. The
exit code is 1 as well if the service and its workers took more than MEMORY_MIB together (proportional set size, shared pages
counted once).
Run with: python -m tests.benchmarks.hostile [--seconds 20] [--callers 32] [--attacks html batch ...]
The attackers share the machine with the service and with the other callers.
"""

from __future__ import annotations

import argparse
import json
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from sorot.serving.model.scorer import Scorer
from tests.benchmarks.serving import Load, Served, begin_load, read_load, read_texts, served, with_wanted

RATIO = 2.0
MEMORY_MIB = 1_200
GOOD = "Polisi menangkap terduga teroris di Jakarta."
Attack = Callable[[httpx.Client], object]


def send_html(client: httpx.Client) -> object:
    """JSON-LD on which a pattern of the HTML library takes quadratic time."""
    script = '"Person",' * 60_000
    page = f'<html><head><script type="application/ld+json">[{script}</script></head><body><p>{GOOD}</p></body></html>'
    return client.post("/v1/analyze", json={"html": page})


def send_batch(client: httpx.Client) -> object:
    """Mistakes by the million."""
    return client.post(
        "/v1/analyze/batch", content=b'{"articles":[' + b"0," * 3_900_000 + b"0]}", headers={"Content-Type": "application/json"}
    )


def send_dates(client: httpx.Client) -> object:
    """Lines that look like dates, above a paragraph."""
    return client.post("/v1/analyze", json={"text": "2019 WIB\n" * 4_000 + GOOD * 20})


def send_chunks(client: httpx.Client) -> object:
    """A body of chunks of one byte, without a token."""
    url = urlsplit(str(client.base_url))
    with suppress(OSError), socket.create_connection((url.hostname, url.port), timeout=10) as peer:
        peer.sendall(b"POST /v1/analyze HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(100):
            peer.sendall(b"1\r\n \r\n" * 10_000)
    return None


def send_page_calls(client: httpx.Client) -> object:
    """Calls of the page whose answers nobody fetches."""
    return client.post("/gradio_api/call/analyse", json={"data": [f"{GOOD} " * 1_000, "id"]})


def send_large_bodies(client: httpx.Client) -> object:
    """Bodies of nearly the largest size that hold one long text."""
    return client.post("/v1/analyze", json={"html": "<p>" + "a\u0301 " * 900_000})


ATTACKS: dict[str, Attack] = {
    "html": send_html,
    "batch": send_batch,
    "dates": send_dates,
    "chunks": send_chunks,
    "page": send_page_calls,
    "large": send_large_bodies,
}


def main() -> None:
    """Print a row an attack, and one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20, help="of each attack")
    parser.add_argument("--callers", type=int, default=32, help="the hostile one included")
    parser.add_argument("--attacks", nargs="*", choices=ATTACKS, default=list(ATTACKS))
    options = parser.parse_args()
    texts = with_wanted(Scorer.load(), read_texts(200, headlines=False))
    rows: dict[str, dict[str, float]] = {}
    print(f"{'attack':10} {'req/s':>8} {'p50 ms':>8} {'p99 ms':>8} {'ratio':>6} {'lost':>5} {'MiB':>6} {'attacks':>8}")
    with tempfile.TemporaryDirectory() as place, served(Path(place), "--rate", "100000000") as service:

        def measured(name: str) -> dict[str, float]:
            load, memory, sent = measure(Path(place), service, texts, ATTACKS.get(name), options.callers - 1, options.seconds)
            p50, p99 = load.milliseconds(0.5), load.milliseconds(0.99)
            return {"rate": load.rate, "p50": p50, "p99": p99, "lost": load.lost, "mib": memory, "sent": sent}

        before = rows["none"] = measured("none")
        show("none", before)
        for name in options.attacks:
            rows[name] = measured(name)
            after = measured("none")
            rows[name]["ratio"] = 2 * rows[name]["p99"] / (before["p99"] + after["p99"])
            before = after
            show(name, rows[name])
            show("none", after)
    print(json.dumps(rows))
    bad = [name for name, row in rows.items() if row.get("ratio", 1) > RATIO or row["mib"] > MEMORY_MIB or row["lost"]]
    sys.exit(f"over a bound: {', '.join(bad)}" if bad else 0)


def show(name: str, row: dict[str, float]) -> None:
    """Print a row."""
    ratio = f"{row['ratio']:6.2f}" if "ratio" in row else f"{'':6}"
    print(
        f"{name:10} {row['rate']:8.1f} {row['p50']:8.0f} {row['p99']:8.0f} {ratio} {row['lost']:5} {row['mib']:6.0f} {row['sent']:8}",
        flush=True,
    )


def measure(
    folder: Path, service: Served, texts: list[dict[str, object]], attack: Attack | None, callers: int, seconds: float
) -> tuple[Load, float, int]:
    """What the callers got, the most memory that was taken meanwhile in MiB, and how often the attack was sent."""
    over, sent = threading.Event(), 0

    def repeat() -> None:
        nonlocal sent
        with httpx.Client(base_url=service.url, trust_env=False, timeout=120) as client:
            while attack and not over.is_set():
                with suppress(httpx.HTTPError):
                    attack(client)
                sent += 1

    thread = threading.Thread(target=repeat)
    process = begin_load(folder, service.url, texts, callers=callers, seconds=seconds)
    thread.start()
    most = 0.0
    while process.poll() is None:
        most = max(most, service.mib())
        time.sleep(0.25)
    over.set()
    load = read_load(folder, process)
    thread.join()
    return load, most, sent


if __name__ == "__main__":
    main()
