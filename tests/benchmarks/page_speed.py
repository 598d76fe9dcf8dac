"""How quick the Corpus tab is over 5,000 articles, in headless chromium: python -m tests.benchmarks.page_speed [--json]

The corpus is made from articles that ship: scored once, then repeated under other names, outlets and days, with words of
each text exchanged. Prints first load, first paint of the scored corpus and the time of each filter, each the median of RUNS,
beside its bar; exit code 1 where one is over its bar. With the npm package lighthouse in reach (LIGHTHOUSE names its command)
the performance score of the first load too. Needs selenium and chromium.
"""

from __future__ import annotations

import json
import os
import random
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from sorot.serving.model.bundle import SHIPPED
from sorot.serving.model.scorer import Scorer
from sorot.serving.page.corpus.kept.open_corpus import open_corpus
from sorot.serving.page.corpus.kept.sessions import CorpusSessions
from sorot.serving.page.corpus.limits import LIMITS
from sorot.serving.page.corpus.scored_articles import ScoredArticle
from sorot.serving.page.corpus.scoring import ScoredCorpus, score_corpus
from sorot.serving.page.corpus.uploads.corpus_file import column_names, guess_columns, read_corpus_file
from tests.browser.driving import BROWSER, browse, open_page, serve, set_width, wait_for

# SEEDS of the articles that ship are scored by the model.
ARTICLES, SEEDS, RUNS, OUTLETS, DAYS = 5_000, 100, 5, 60, 700
CHANGED_WORDS = 0.1
# Milliseconds, and Lighthouse's score.
FIRST_PAINT, FILTER, SCORE = 1000.0, 300.0, 90.0
# Acts and waits in the page itself, for the first frame in which what it shows has changed.
TIMED = """
const [selector, changed, done] = [arguments[0], arguments[1], arguments[2]];
const shown = () => document.querySelector(selector)?.innerHTML ?? '';
const before = shown(), started = performance.now();
const look = () => shown() !== before ? requestAnimationFrame(() => done(performance.now() - started)) : setTimeout(look, 4);
new Function(changed)();
look();
"""
CHOOSE = "document.querySelector('%s input[value=%s]').click();"
BAR = """
[...document.querySelectorAll('#corpus-plot svg.marks path')].find(p => p.__data__?.datum?.go?.labels)
  .dispatchEvent(new MouseEvent('click', { bubbles: true }));
"""
LOADED = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
DRAWN = "return !!document.querySelector('#corpus-plot svg.marks path') && !!document.querySelector('#corpus-table .row-open')"


def scored_articles(scorer: Scorer) -> ScoredCorpus:
    """The first SEEDS of the articles that ship, scored."""
    path = Path(str(files("sorot.data.corpus").joinpath("articles.jsonl")))
    found = guess_columns(column_names(path, LIMITS) or [])
    columns = {field: getattr(found, field) for field in ("text", "title", "outlet", "date", "url", "id")}
    read = read_corpus_file(path, columns, LIMITS)
    return list(score_corpus(scorer, replace(read, articles=read.articles[:SEEDS])))[-1]


def repeated(corpus: ScoredCorpus, n: int) -> Iterator[ScoredArticle]:
    """That many articles, with a part of the words of each taken from the whole vocabulary."""
    chance = random.Random(0)
    words = sorted({word for item in corpus.items for word in item.text.split() if word.isalpha() and len(word) > 4})
    # A word makes room for one of the same length, so that evidence stays in its place.
    by_length: dict[int, list[str]] = {}
    for word in words:
        by_length.setdefault(len(word), []).append(word)
    for number in range(n):
        item = corpus.items[number % len(corpus.items)]
        text = " ".join(
            chance.choice(by_length[len(word)]) if len(word) in by_length and chance.random() < CHANGED_WORDS else word
            for word in item.text.split(" ")
        )
        day = date(2024, 1, 1) + timedelta(chance.randrange(DAYS))
        row = item.row | {
            "id": f"artikel-{number}", "title": f"{item.row['title']} ({number})", "published": day.isoformat(),
            "outlet": f"Media {chance.randrange(OUTLETS)}",
        }  # fmt: skip
        yield replace(item, row=row, text=text)


def timed(browser: Chrome, selector: str, act: str) -> float:
    """Milliseconds from an act until what a part of the page shows has changed."""
    return float(browser.execute_async_script(TIMED, selector, act))


def measure(browser: Chrome, address: str, key: str) -> dict[str, float]:
    """The median milliseconds of each step."""
    loads: list[float] = []
    paints: list[float] = []
    for _ in range(RUNS):
        browser.execute_script("try { sessionStorage.clear(); } catch { }")
        open_page(browser, address)
        loads.append(float(wait_for(lambda: browser.execute_script(LOADED))))
        # The visitor's tab remembers the corpus, and comes back to it.
        browser.execute_script(f"sessionStorage.setItem('sorot-corpus', '{key}'); sessionStorage.setItem('sorot-tab', 'corpus')")
        wait_for(lambda: browser.find_element(By.CSS_SELECTOR, "#verdict .chip-groups"))
        browser.refresh()
        wait_for(lambda: browser.execute_script("return !!document.querySelector('#corpus-key')"))
        started = time.perf_counter()
        while not browser.execute_script(DRAWN):
            time.sleep(0.005)
        paints.append(1000 * (time.perf_counter() - started))
    acts: dict[str, tuple[str, Callable[[int], str]]] = {
        "a bar": ("#corpus-left", lambda _: BAR),
        "clear": ("#corpus-left", lambda _: "document.querySelector('#corpus-clear').click()"),
        "shares": ("#corpus-plot", lambda n: CHOOSE % ("#corpus-measure", ("shares", "counts")[n % 2])),
        "outlets": ("#corpus-plot", lambda n: CHOOSE % ("#corpus-view", ("outlet_view", "time_view")[n % 2])),
    }
    found: dict[str, list[float]] = {name: [] for name in acts}
    for run in range(RUNS):
        for name, (selector, act) in acts.items():
            found[name].append(timed(browser, selector, act(run)))
            time.sleep(1.0)
    return {"first load": statistics.median(loads), "first paint of the corpus": statistics.median(paints)} | {
        f"filter: {name}": statistics.median(values) for name, values in found.items()
    }


def lighthouse(address: str) -> float | None:
    """Lighthouse's performance score of the first load, 0 to 100; None without Lighthouse."""
    command = os.environ.get("LIGHTHOUSE")
    if not command:
        return None
    flags = ["--quiet", "--output=json", "--only-categories=performance", "--chrome-flags=--headless=new --no-sandbox"]
    found = subprocess.run(
        [*shlex.split(command), address, *flags], capture_output=True, text=True, env=os.environ | {"CHROME_PATH": str(BROWSER)}
    )
    return 100 * float(json.loads(found.stdout)["categories"]["performance"]["score"])


def main(as_json: bool) -> int:
    """Measure, print a table, and give the exit code."""
    scorer = Scorer.load()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        small = scored_articles(scorer)
        items = tuple(repeated(small, ARTICLES))
        whole = ScoredCorpus(items, (), len(items), len(items), small.seconds)
        sessions = CorpusSessions(scorer.taxonomy, scorer.manifest.thresholds, Path(folder) / "sessions")
        key = sessions.put(open_corpus("lima-ribu", whole, scorer.manifest.thresholds, scorer.taxonomy))
        options = ("--sessions", str(Path(folder) / "sessions"))
        with serve(SHIPPED, Path(folder) / "errors.txt", *options) as address, browse(Path(folder) / "profile") as browser:
            browser.set_script_timeout(60)
            set_width(browser, 1440)
            open_page(browser, address)
            found, score = measure(browser, address, key), lighthouse(address)
    bars = {name: FIRST_PAINT if "paint" in name else FILTER for name in found if name != "first load"}
    if as_json:
        print(json.dumps({"articles": ARTICLES, "milliseconds": found, "lighthouse": score}))
    else:
        print("| step | ms (median) | bar |\n| --- | --: | --: |")
        for name, value in found.items():
            print(f"| {name} | {value:.0f} | {f'{bars[name]:.0f}' if name in bars else ''} |")
        print(f"Lighthouse performance: {'not measured; set LIGHTHOUSE' if score is None else f'{score:.0f} (bar {SCORE:.0f})'}")
    over = any(found[name] >= bar for name, bar in bars.items()) or (score is not None and score < SCORE)
    return int(over)


if __name__ == "__main__":
    sys.exit(main("--json" in sys.argv[1:]))
