"""What news text says for each entry of the table of actors: how many articles have each of its names, and which have none.

An abbreviation is confirmed where an article has it in brackets behind a longer name of the same actor ('Badan Siber dan Sandi
Negara (BSSN)'), a renaming by the first and last day on which articles have each name. It reads the news of SHARED, which is not
part of the project, and says so where it is absent. Run with: python -m tests.benchmarks.actor_table [--shared FOLDER]
"""

from __future__ import annotations

import argparse
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from sorot.data.article import Article
from sorot.data.reading.readers import read_articles
from sorot.serving.names.table import TABLE

NEWS = ("pool.jsonl.gz", "train.jsonl", "train_extra.jsonl")


class Seen:
    """Articles that have each name, in brackets behind another or not, and the first and last day of each."""

    def __init__(self, names: set[str]) -> None:
        self.articles: Counter[str] = Counter()
        self.explained: Counter[tuple[str, str]] = Counter()
        self.days: dict[str, tuple[date, date]] = {}
        self._by_word: dict[str, list[str]] = defaultdict(list)
        for name in sorted(names, key=len, reverse=True):
            self._by_word[re.split(r"\W", name, maxsplit=1)[0]].append(name)

    def add(self, article: Article) -> None:
        """Count the names of an article, the longest at each place."""
        text = f"{article.title or ''}\n{article.body}"
        found = set()
        for name, end in self._names(text):
            found.add(name)
            if text[end : end + 2] == " (" and (close := text.find(")", end)) > 0:
                self.explained[name, text[end + 2 : close]] += 1
        self.articles.update(found)
        if (when := article.published) is not None:
            day = date.fromordinal(when.toordinal())
            for name in found:
                first, last = self.days.get(name, (day, day))
                self.days[name] = min(first, day), max(last, day)

    def _names(self, text: str) -> Iterator[tuple[str, int]]:
        for word in re.finditer(r"\w+", text):
            for name in self._by_word.get(word[0], ()):
                end = word.start() + len(name)
                if text.startswith(name, word.start()) and not text[end : end + 1].isalnum():
                    yield name, end
                    break


def main() -> None:
    """Print a line for each entry, those without an article first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    files = [str(parser.parse_args().shared / "news" / name) for name in NEWS]
    if not Path(files[0]).is_file():
        raise SystemExit(f"{files[0]}: absent; the news are not part of the project; name their folder with --shared")
    entries = [entry for kind in tomllib.loads(TABLE.read_text(encoding="utf-8"))["actors"].values() for entry in kind]
    seen = Seen({name for entry in entries for name in names_of(entry)})
    for item in read_articles(files):
        if isinstance(item, Article):
            seen.add(item)
    total = {entry["id"]: sum(seen.articles[name] for name in names_of(entry)) for entry in entries}
    for entry in sorted(entries, key=lambda one: total[one["id"]] > 0):
        print(f"{entry['id']}: {'; '.join(describe(entry, name, seen) for name in names_of(entry))}")
    named = sum(count > 0 for count in total.values())
    print(f"{named} of {len(entries)} entries are named; {sum(len(names_of(e)) > 1 for e in entries)} have several names")


def names_of(entry: dict[str, Any]) -> list[str]:
    """Every name of an entry, the first its own."""
    return [entry["name"], *(one["name"] for one in entry.get("was", ())), *entry.get("aliases", ()), *entry.get("short", ())]


def describe(entry: dict[str, Any], name: str, seen: Seen) -> str:
    """A name with its number of articles; `=` how often it stands in brackets behind another name; days of renamed ones."""
    times = sum(seen.explained[longer, name] for longer in names_of(entry) if longer != name)
    days = seen.days.get(name) if entry.get("was") else None
    between = f" {days[0]} to {days[1]}" if days else ""
    return f"{name} {seen.articles[name]}{f' ={times}' if times else ''}{between}"


if __name__ == "__main__":
    main()
