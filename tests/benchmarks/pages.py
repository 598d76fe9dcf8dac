"""How well titles, dates and bodies are read from generated pages and dumps in the manner of Indonesian portals.

Prints the share of right titles, days and times, and the body's precision, recall and F1 over words, for the manners that the
reader was built on and for those held out; for HTML also trafilatura alone, and newspaper4k if it is installed.
`--show` prints what is wrong. Run with: python -m tests.benchmarks.pages
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sorot.data.article import Article
from sorot.data.prepare import UnreadableTextError, prepare_text
from sorot.data.text.dates import find_date
from tests.benchmarks import dump_manners, page_manners
from tests.benchmarks.page_stories import WIB, Story, stories

Reader = Callable[[str], Article | None]


@dataclass
class Tally:
    """Counts over pages; `wrong` describes each error."""

    pages: int = 0
    titles: int = 0
    dated: int = 0
    days: int = 0
    timed: int = 0
    times: int = 0
    hits: int = 0
    found: int = 0
    true: int = 0

    def __str__(self) -> str:
        precision, recall = self.hits / max(1, self.found), self.hits / max(1, self.true)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        return (
            f"{self.pages:4} pages  title {self.titles / self.pages:.3f}  day {self.days / max(1, self.dated):.3f}  "
            f"time {self.times / max(1, self.timed):.3f}  body precision {precision:.4f} recall {recall:.4f} F1 {f1:.4f}"
        )


def main() -> None:
    """Print one line for each reader and group of manners."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=5, help="pages of each manner")
    parser.add_argument("--held", action="store_true", help="also the manners held out")
    parser.add_argument("--show", action="store_true", help="print what is wrong")
    chosen = parser.parse_args()
    groups = ["BUILT", "HELD"] if chosen.held else ["BUILT"]
    for group in groups:
        makers = getattr(page_manners, group)
        for name, reader in html_readers().items():
            show = chosen.show and name == "sorot"
            print(
                f"html {group:5} {name:12} {measure(makers, reader, chosen.each, set(), page_manners.DAY_ALONE, show)}",
                flush=True,
            )
        makers = getattr(dump_manners, group)
        tally = measure(makers, read_text, chosen.each, dump_manners.NO_DATE, dump_manners.DAY_ALONE, chosen.show)
        print(f"text {group:5} {'sorot':12} {tally}", flush=True)


def measure(
    makers: Mapping[str, Callable[[Story], str]],
    read: Reader,
    each: int,
    no_date: set[str] | frozenset[str],
    day_alone: frozenset[str],
    show: bool,
) -> Tally:
    """Counts over `each` pages of every manner."""
    tally = Tally()
    for seed, (name, make) in enumerate(makers.items()):
        for story in stories(each, 7 * seed):
            article = read(make(story))
            tally.pages += 1
            title = article.title if article else None
            tally.titles += title == story.title
            published = article.published if article else None
            if name in no_date:
                tally.dated += published is not None
            else:
                tally.dated += 1
                day = published.astimezone(WIB).date() if isinstance(published, datetime) else published
                tally.days += day == story.moment.date()
            if name not in no_date | day_alone:
                tally.timed += 1
                tally.times += isinstance(published, datetime) and published == story.moment.replace(second=0)
            have, want = words(article.body if article else ""), words(story.body)
            tally.hits += (have & want).total()
            tally.found += have.total()
            tally.true += want.total()
            if show and (
                title != story.title
                or have != want
                or (name not in no_date and (published is None or str(published)[:10] != f"{story.moment:%Y-%m-%d}"))
            ):
                print(
                    f"  {name}: title {title!r} of {story.title!r}; {published} of {story.moment}; extra {list(have - want)[:12]} missing {list(want - have)[:12]}"
                )
    return tally


def words(text: str) -> Counter[str]:
    """The words of a text, counted."""
    return Counter(re.findall(r"\w+", text.lower()))


def html_readers() -> dict[str, Reader]:
    """Sorot, and others to compare with."""
    readers: dict[str, Reader] = {"sorot": read_page, "trafilatura": read_with_trafilatura}
    try:
        import newspaper  # noqa: F401
    except ModuleNotFoundError:
        print("newspaper4k is not installed, so it is not measured")
    else:
        readers["newspaper4k"] = read_with_newspaper
    return readers


def read_page(page: str) -> Article | None:
    """By Sorot."""
    try:
        return prepare_text(page, html=True)
    except UnreadableTextError:
        return None


def read_text(text: str) -> Article | None:
    """By Sorot, as pasted text."""
    return prepare_text(text)


def read_with_trafilatura(page: str) -> Article | None:
    """By trafilatura alone."""
    import trafilatura

    settings = {"outputformat": "%Y-%m-%dT%H:%M:%S%z", "original_date": True}
    found = trafilatura.bare_extraction(page, favor_precision=True, with_metadata=True, date_extraction_params=settings)
    if found is None or isinstance(found, dict):
        return None
    return Article(id="page", body=found.text or "", title=found.title, published=moment_of(found.date))


def read_with_newspaper(page: str) -> Article | None:
    """By newspaper4k."""
    import newspaper

    found = newspaper.Article("https://berita.example/a", language="id")
    found.download(input_html=page)
    found.parse()
    return Article(id="page", body=found.text, title=found.title, published=moment_of(str(found.publish_date or "")))


def moment_of(text: str | None) -> datetime | None:
    """The date in a text."""
    found = find_date(text) if text else None
    moment: date | None = found.moment if found else None
    return moment if isinstance(moment, datetime) else None


if __name__ == "__main__":
    main()
