"""How well quotes and speakers are found, on marked articles that are not part of the project.

Direct quotes count where the span is equal, reported ones where it overlaps by four fifths of the longer span; speakers where
the name is equal but for case, punctuation and brackets, once with the marks as they are and once without the stray characters in
those of one article. Rules were designed on the articles of even number: both halves are
printed. `raw` reads the scraped text, `cleaned` the body that `sorot quotes` reads. Intervals: 95 %, bootstrap over articles.
Run with: python -m tests.benchmarks.quotes
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from sorot.data.article import Article
from sorot.data.prepare import prepare
from sorot.data.text.encodings import mend
from sorot.serving.model.runtime import usable_cores
from sorot.serving.quotes.find import find_quotes
from sorot.serving.quotes.quote import Quote

MARKED = Path("../shared/data/quotes/quotes.jsonl")
PFSA = (Path("../shared/data/pfsa-id/dev-40.txt.gz"), Path("../shared/data/pfsa-id/test-data.txt.gz"))
OWN, TIMES = Path("data/corpus/articles.jsonl"), 10
OVERLAP = 0.8
RESAMPLES = 2000
# What is counted of an article, in this order.
COUNTS = ("direct found", "direct right", "direct marked", "reported found", "reported right", "reported equal",
          "reported marked", "name right", "name mended", "name all", "resolved right", "resolved mended", "resolved all")  # fmt: skip


@dataclass(frozen=True, slots=True)
class MarkedQuote:
    """A quote that an annotator marked; offsets in the text that is read."""

    type: str
    start: int
    end: int
    speaker: str | None


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--marked", type=Path, default=MARKED)
    chosen = parser.parse_args()
    if not chosen.marked.exists():
        raise SystemExit(f"{chosen.marked}: absent; the marked articles are not part of the project")
    rows = [json.loads(line) for line in chosen.marked.read_text(encoding="utf-8").splitlines()]
    for name, half in (("even", rows[::2]), ("odd", rows[1::2]), ("all", rows)):
        for cleaned in (False, True):
            print_table(f"{name}, {'cleaned' if cleaned else 'raw'}", half, cleaned=cleaned)
    for path in PFSA:
        if path.exists():
            right, marked = pfsa_recall(path)
            print(f"PFSA-ID {path.name}: recall of statements, equal spans, {right}/{marked} = {right / marked:.3f}")
        else:
            print(f"{path}: absent")
    measure_command()
    texts = [(row["title"], mend(row["text"])) for row in rows]
    begun = time.process_time()
    for title, text in texts:
        find_quotes(title, text)
    print(f"{len(texts) / (time.process_time() - begun):.0f} articles a second of one core, without reading and cleaning")


def measure_command() -> None:
    """Articles a second of `sorot quotes --no-model`, from reading to writing, on a corpus of our own many times over."""
    rows = [json.loads(line) for line in OWN.read_text(encoding="utf-8").splitlines()]
    with TemporaryDirectory() as folder:
        source = Path(folder) / "in.jsonl"
        numbered = (row | {"id": f"{turn}-{row['id']}"} for turn in range(TIMES) for row in rows)
        source.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in numbered), encoding="utf-8")
        program = str(Path(sys.executable).with_name("sorot"))
        begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        given = [program, "quotes", str(source), "-o", str(Path(folder) / "out.jsonl"), "--no-model"]
        subprocess.run(given, check=True, capture_output=True)
        seconds, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    n = TIMES * len(rows)
    print(
        f"sorot quotes --no-model: {n} articles, {n / seconds:.0f}/s on {usable_cores()} cores; {n / cpu:.0f} a second of one core"
    )


def print_table(name: str, rows: Sequence[dict[str, Any]], *, cleaned: bool) -> None:
    """Scores of some articles, with intervals."""
    counted = np.array([count_article(row, cleaned=cleaned) for row in rows], dtype=float)
    random = np.random.default_rng(0)
    draws = counted[random.integers(len(rows), size=(RESAMPLES, len(rows)))].sum(axis=1)
    print(f"{name}: {len(rows)} articles")
    for label, value in scores(counted.sum(axis=0)).items():
        spread = [scores(draw)[label] for draw in draws]
        low, high = np.nanpercentile(spread, [2.5, 97.5])
        print(f"  {label:34} {value:.3f} [{low:.3f}, {high:.3f}]")


def scores(counts: np.ndarray) -> dict[str, float]:
    """The scores of summed counts."""
    c = dict(zip(COUNTS, (float(n) for n in counts), strict=True))
    reported = c["reported found"] + c["reported marked"]
    return {
        "direct precision, equal spans": share(c["direct right"], c["direct found"]),
        "direct recall, equal spans": share(c["direct right"], c["direct marked"]),
        "reported F1, overlap of 4/5": share(2 * c["reported right"], reported),
        "reported F1, equal spans": share(2 * c["reported equal"], reported),
        "speaker, direct with a name": share(c["name right"], c["name all"]),
        "speaker, resolved or reported": share(c["resolved right"], c["resolved all"]),
        "speaker, with a name, marks mended": share(c["name mended"], c["name all"]),
        "speaker, resolved, marks mended": share(c["resolved mended"], c["resolved all"]),
    }


def share(part: float, whole: float) -> float:
    """A part of a whole; not a number for nothing of nothing."""
    return part / whole if whole else float("nan")


def count_article(row: dict[str, Any], *, cleaned: bool) -> list[int]:
    """The COUNTS of one article. A marked quote that cleaning removed is missed."""
    title = mend(row["title"]) if row["title"] else None
    text = mend(row["text"])
    if cleaned:
        article = prepare(Article(id=row["id"], title=title, body=text), detect=False)
        title, text = article.title, article.body
    marked = list(located(row["quotes"], text))
    found = find_quotes(title, text)
    c = dict.fromkeys(COUNTS, 0)
    for kind, name in (("direct", "direct"), ("indirect", "reported")):
        open_quotes = [q for q in found if q.type == kind]
        c[f"{name} found"] = len(open_quotes)
        for wanted in (m for m in marked if m.type == kind):
            c[f"{name} marked"] += 1
            best = max(open_quotes, key=lambda q: overlap(wanted, q), default=None)
            if best is None or overlap(wanted, best) < (1 if kind == "direct" else OVERLAP):
                continue
            open_quotes.remove(best)
            c[f"{name} right"] += 1
            if kind == "indirect":
                c["reported equal"] += overlap(wanted, best) == 1
            # A direct quote whose verb ends in '-nya', or that has none, names nobody by itself.
            resolved = kind == "indirect" or best.cue is None or best.cue.endswith("nya")
            group = "resolved" if resolved else "name"
            c[f"{group} all"] += 1
            c[f"{group} right"] += plain(best.speaker) == plain(wanted.speaker)
            c[f"{group} mended"] += plain(mend_mark(best.speaker)) == plain(mend_mark(wanted.speaker))
    return [c[name] for name in COUNTS]


def located(quotes: Sequence[dict[str, Any]], text: str) -> Iterator[MarkedQuote]:
    """The marked quotes at their places in a text, found by their words; of length 0 where the text lacks them."""
    at = 0
    for quote in sorted(quotes, key=lambda q: (q["start"], -q["end"])):
        words = mend(quote["text"])
        start = text.find(words, at)
        start = text.find(words) if start < 0 else start
        at = max(at, start)
        yield MarkedQuote(quote["type"], start, start + len(words) if start >= 0 else start, quote["speaker"])


def overlap(wanted: MarkedQuote, quote: Quote) -> float:
    """Shared characters by those of the longer span."""
    shared = min(wanted.end, quote.end) - max(wanted.start, quote.start)
    return max(0, shared) / max(wanted.end - wanted.start, quote.end - quote.start)


def plain(name: str | None) -> str:
    """A name in lower case, without brackets and punctuation."""
    return " ".join(re.findall(r"\w+", re.sub(r"\([^)]*\)", "", name or "").lower()))


def mend_mark(name: str | None) -> str:
    """A speaker without half of a no-break space in the wrong encoding, which the marks of one article kept."""
    return (name or "").replace("\xc2 ", " ")


def pfsa_recall(path: Path) -> tuple[int, int]:
    """Marked statements that are found as direct quotes, and all; tokens are joined by spaces, articles begin with ISSUE."""
    right = marked = 0
    for tokens in pfsa_articles(path):
        text, spans, start = "", [], 0
        for token, label in tokens:
            if label.startswith(("B-STATEMENT", "U-STATEMENT")):
                start = len(text)
            text += token
            if label.startswith(("L-STATEMENT", "U-STATEMENT")):
                spans.append(text[start:].strip(" \"“”'‘’"))
            text += " "
        found = {q.text.strip(" \"“”'‘’") for q in find_quotes(None, text) if q.type == "direct"}
        marked += len(spans)
        right += sum(span in found for span in spans)
    return right, marked


def pfsa_articles(path: Path) -> Iterator[list[tuple[str, str]]]:
    """The articles of a file with a token and a label a line; a sentence with the first token of an ISSUE begins one."""
    article: list[tuple[str, str]] = []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for sentence in file.read().split("\n\n"):
            tokens = [(p[0], p[1]) for line in sentence.splitlines() if len(p := line.split("\t")) > 1]
            if article and any(label in ("B-ISSUE", "U-ISSUE") for _, label in tokens):
                yield article
                article = []
            article += tokens
    if article:
        yield article


if __name__ == "__main__":
    main()
