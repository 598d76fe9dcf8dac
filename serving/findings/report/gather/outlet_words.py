"""The words that set an outlet apart from the others, from a sample of its articles."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from sorot.serving.findings.distinctive_words import compare_counts, word_counts
from sorot.serving.findings.report.findings import OutletWord, OutletWords
from sorot.serving.findings.tables.scored_tables import ScoredTables

# Outlets compared, articles read for each, words shown of each.
TOP_OUTLETS, MAX_READ, WORDS = 8, 1_000, 12
# A word of one article is that article's, not its outlet's.
LEAST_ARTICLES_OF_WORD = 3
_BATCH = 500


def find_outlet_words(scored: ScoredTables, population: str) -> tuple[tuple[OutletWords, ...], Literal["body", "title"] | None]:
    """Words by outlet, and the column they are of: the body, else the title, which is None if neither is there.

    At most MAX_READ articles of an outlet are read, chosen by the hash of their identity: always the same ones, and in effect
    at random.
    """
    source = _text_column(scored, population)
    if source is None:
        return (), None
    run = scored.connection.execute
    run(
        'CREATE TEMP TABLE read AS SELECT id, source, "row", media FROM (SELECT *, row_number() OVER '
        "(PARTITION BY media ORDER BY md5(concat_ws('|', id, source, \"row\")), id) AS place FROM facts "
        f"WHERE {population} AND media IN (SELECT media FROM facts WHERE {population} AND media IS NOT NULL "
        f"GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT {TOP_OUTLETS})) WHERE place <= {MAX_READ}"
    )
    sizes = dict(
        run(f"SELECT media, count(*) FROM facts WHERE {population} AND media IN (SELECT media FROM read) GROUP BY 1").fetchall()
    )
    texts = "concat_ws(chr(10), a.title, a.body)" if source == "body" else "a.title"
    cursor = run(
        f"SELECT r.media, {texts} FROM articles AS a JOIN read AS r ON a.id = r.id "
        'AND a.source IS NOT DISTINCT FROM r.source AND a."row" IS NOT DISTINCT FROM r."row"'
    )
    counts: dict[str, Counter[str]] = {name: Counter() for name in sizes}
    in_articles: dict[str, Counter[str]] = {name: Counter() for name in sizes}
    n_read: Counter[str] = Counter()
    while rows := cursor.fetchmany(_BATCH):
        for outlet, text in rows:
            words = word_counts(text or "")
            counts[outlet].update(words)
            in_articles[outlet].update(words.keys())
            n_read[outlet] += 1
    order = sorted(sizes, key=lambda name: (-sizes[name], name))
    found = []
    for outlet, words_of in zip(order, compare_counts([counts[name] for name in order], 10 * WORDS), strict=True):
        kept = [
            OutletWord(w.word, w.here, w.elsewhere, n, w.z)
            for w in words_of
            if (n := in_articles[outlet][w.word]) >= LEAST_ARTICLES_OF_WORD
        ]
        if kept:
            found.append(OutletWords(outlet, n_read[outlet], sizes[outlet], tuple(kept[:WORDS])))
    return tuple(found), source


def _text_column(scored: ScoredTables, population: str) -> Literal["body", "title"] | None:
    run = scored.connection.execute
    (outlets,) = run(f"SELECT count(DISTINCT outlet) FROM facts WHERE {population}").fetchone() or (0,)
    if outlets < 2:
        return None
    if "body" in scored.columns:
        return "body"
    (titled,) = run("SELECT count(title) FROM articles").fetchone() or (0,)
    return "title" if titled else None
