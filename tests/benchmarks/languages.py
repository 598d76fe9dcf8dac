"""How often the language of a text is found, on our own texts and on the pool of news.

languages.jsonl has texts written for this: Malay, Javanese and Sundanese news, and Indonesian that is easily mistaken for
them. Of each language, the first half served to mend `detect_language`, the second half was left alone. The pool is not part of
the project; its articles are taken to be Indonesian, so one withheld is an error until somebody reads it (`--show`).
Run with: python -m tests.benchmarks.languages [--shared FOLDER] [--show] [--errors]
(`--errors` lists the errors of the first half)
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sorot.data.article import Article
from sorot.data.prepare import prepare
from sorot.data.reading.readers import read_articles
from sorot.data.text.language import detect_language
from sorot.serving.findings.estimates.shares import wilson

TEXTS = Path(__file__).with_name("languages.jsonl")
SHARED = Path("../shared/data")
POOL = Path("news/pool.jsonl.gz")
LANGUAGES = ("ms", "jv", "su", "id")
HALVES = ("first", "held")
SHOWN_WORDS = 12


@dataclass(frozen=True, slots=True)
class LanguageText:
    language: str
    half: str
    text: str


def read_language_texts(path: Path = TEXTS) -> list[LanguageText]:
    """The texts of every language, the first and the second half of each in the order of the file."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    total = Counter(row["language"] for row in rows)
    seen: Counter[str] = Counter()
    texts = []
    for row in rows:
        code = row["language"]
        texts.append(LanguageText(code, HALVES[2 * seen[code] >= total[code]], row["text"]))
        seen[code] += 1
    return texts


def confusions(texts: Sequence[LanguageText]) -> Counter[tuple[str, str]]:
    """Number of texts by (true language, found language); 'none' where none was found."""
    return Counter((each.language, detect_language(each.text) or "none") for each in texts)


def print_half(half: str, texts: Sequence[LanguageText]) -> None:
    """A table of one half: the share of each language found with its 95 % Wilson interval, and what was found instead."""
    table = confusions([each for each in texts if each.half == half])
    columns = [*LANGUAGES, *sorted({found for _, found in table} - set(LANGUAGES))]
    print(f"| {half} half | texts | found right (95 %) | " + " | ".join(f"as {each}" for each in columns) + " |")
    print("| --- " * (3 + len(columns)) + "|")
    for code in LANGUAGES:
        n = sum(count for (true, _), count in table.items() if true == code)
        share = table[code, code] / n
        low, high = wilson(share, n)
        counts = " | ".join(str(table[code, each]) for each in columns)
        print(f"| {code} | {n} | {share:.3f} ({low:.3f} to {high:.3f}) | {counts} |")
    print()


def withheld_articles(pool: Path) -> Iterator[tuple[str, str | None, str]]:
    """Id, body and language of every article, with its encoding mended; the language is None unless it costs the labels."""
    for article in read_articles([str(pool)]):
        if not isinstance(article, Article):
            continue
        prepared = prepare(article, clean=False)
        language = prepared.language
        yield article.id, language if language not in (None, "id") else None, prepared.body


def print_pool(pool: Path, *, show: bool) -> None:
    """How many articles of the pool would be withheld as another language."""
    if not pool.exists():
        print(f"{pool} is absent: the articles withheld from news were not counted")
        return
    total, found = 0, []
    for name, language, body in withheld_articles(pool):
        total += 1
        if language:
            found.append((name, language, body))
    kinds = ", ".join(f"{code} {n}" for code, n in sorted(Counter(code for _, code, _ in found).items()))
    print(f"Pool: {len(found)} of {total} articles withheld as another language" + (f" ({kinds})" if found else ""))
    if show:
        for name, language, body in found:
            print(f"  {name} {language}: {' '.join(body.split()[:SHOWN_WORDS])}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how often the language of a text is found.")
    parser.add_argument("--shared", type=Path, default=SHARED, metavar="FOLDER", help="where news/pool.jsonl.gz lies")
    parser.add_argument("--show", action="store_true", help="print id and first words of the pool's withheld articles")
    parser.add_argument("--errors", action="store_true", help="print the errors of the first half")
    arguments = parser.parse_args()
    texts = read_language_texts()
    for half in HALVES:
        print_half(half, texts)
    if arguments.errors:
        for each in texts:
            if each.half == HALVES[0] and (found := detect_language(each.text)) != each.language:
                print(f"{each.language} as {found}: {each.text}")
    print_pool(arguments.shared / POOL, show=arguments.show)


if __name__ == "__main__":
    main()
