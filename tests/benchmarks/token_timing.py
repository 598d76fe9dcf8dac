"""Whether the time of a refusal tells how much of a token is right: guesses with no, half and all but one of its letters right.

Run with: python -m tests.benchmarks.token_timing
Exit code 1 if the medians of two wrong guesses differ by more than a tenth: whoever measures could then find a token letter by letter.
"""

from __future__ import annotations

import random
import secrets
import statistics
import sys
import time

from sorot.serving.host.tokens import Tokens

ROUNDS = 20_000
MOST = 1.1


def main() -> None:
    """Print the median time of each kind of guess; they take turns in random order."""
    token = secrets.token_urlsafe(24)
    tokens = Tokens([secrets.token_urlsafe(24), token, secrets.token_urlsafe(24)])
    guesses = {
        "no letter right": "-" * len(token),
        "half right": token[: len(token) // 2] + "-" * (len(token) - len(token) // 2),
        "all but the last": token[:-1] + "-",
        "the token": token,
    }
    took: dict[str, list[int]] = {what: [] for what in guesses}
    turns = list(guesses) * ROUNDS
    random.Random(0).shuffle(turns)
    for what in turns:
        begun = time.perf_counter_ns()
        tokens.find(guesses[what])
        took[what].append(time.perf_counter_ns() - begun)
    for what, values in took.items():
        low, middle, high = statistics.quantiles(values, n=4)
        print(f"{what:18} {middle:7.0f} ns (middle half {low:.0f} to {high:.0f})")
    wrong = [statistics.median(values) for what, values in took.items() if what != "the token"]
    ratio = max(wrong) / min(wrong)
    print(f"the slowest wrong guess takes {ratio:.3f} times as long as the quickest (at most {MOST})")
    sys.exit(1 if ratio > MOST else 0)


if __name__ == "__main__":
    main()
