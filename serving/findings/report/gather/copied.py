"""Articles that share their text with others, and who had it first."""

from __future__ import annotations

from datetime import datetime

from sorot.serving.findings.report.findings import Copies, CopyGroup, LabelShare
from sorot.serving.findings.report.gather.bands import wilson_band
from sorot.serving.findings.tables.scored_tables import ScoredTables
from sorot.serving.output.columns import COPY

TOP_GROUPS = 10
# Longer than a day: the time is known too.
_DAY_LENGTH = len("2026-01-31")


def count_copies(scored: ScoredTables) -> Copies | None:
    """The groups of copies; None if the scored file has no column for them."""
    if COPY not in scored.columns:
        return None
    run = scored.connection.execute
    counts = run(
        f"SELECT (SELECT count(*) FROM facts), coalesce(sum(n), 0)::BIGINT, count(*) "
        f"FROM (SELECT count(*) AS n FROM facts WHERE {COPY} IS NOT NULL GROUP BY {COPY} HAVING n > 1)"
    ).fetchone()
    assert counts is not None
    articles, copied, groups = counts
    rows = run(
        f"SELECT {COPY}, count(*), count(DISTINCT outlet), min(day)::VARCHAR FROM facts WHERE {COPY} IS NOT NULL "
        f"GROUP BY 1 HAVING count(*) > 1 ORDER BY 2 DESC, 3 DESC, 1 LIMIT {TOP_GROUPS}"
    ).fetchall()
    members: dict[str, list[tuple[str | None, str | None, str | None]]] = {name: [] for name, *_ in rows}
    if members:
        query = (
            f"SELECT {COPY}, title, nullif(trim(outlet), ''), published FROM articles "
            f"WHERE list_contains($names, {COPY}) ORDER BY published NULLS LAST, id"
        )
        for name, *member in run(query, {"names": list(members)}).fetchall():
            members[name].append((member[0], member[1], member[2]))
    return Copies(
        groups=groups,
        share=LabelShare(COPY, copied, articles, band=wilson_band(copied, articles, articles)),
        of=articles,
        largest=tuple(
            CopyGroup(name, next((title for title, *_ in members[name] if title), name), n, outlets, day, _first(members[name]))
            for name, n, outlets, day in rows
        ),
    )


def _first(members: list[tuple[str | None, str | None, str | None]]) -> str | None:
    """The outlet of the article that came first; None if a day, an hour or the outlet is not known, or two came at once."""
    days = [published[:_DAY_LENGTH] if published else None for _, _, published in members]
    if None in days:
        return None
    moments = []
    for _, outlet, published in members:
        try:
            moment = datetime.fromisoformat(published or "")
        except ValueError:
            return None
        if len(published or "") <= _DAY_LENGTH or moment.tzinfo is None:
            # Days differ from place to place, so an article that has only a day may be as early as the one of the day after.
            return None
        moments.append((moment, outlet))
    earliest = min(moment for moment, _ in moments)
    first = {outlet for moment, outlet in moments if moment == earliest}
    return first.pop() if len(first) == 1 else None
