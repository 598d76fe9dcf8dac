"""Score planned articles; every engine calls this."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from sorot.data.article import Article, Reject
from sorot.data.budget import BUDGET, BudgetError, OverBudgetError, Within
from sorot.data.errors import TRACEBACK
from sorot.serving.batch.parts import Line
from sorot.serving.batch.units import NOT_THE_ARTICLES_FAULT, Failure, Planned, Repeat, ScoreOptions, portable
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.scorer import Scorer
from sorot.serving.output.columns import output_columns
from sorot.serving.output.rows import Row, make_reject_row, make_row

# A line of a part, or a repeat, which takes its line from the article that it repeats.
Outcome = Line | Repeat


@dataclass(frozen=True, slots=True)
class Scored:
    """Outcomes of consecutive items, in order; `articles` counts the items to score, `errors` holds the errors among them."""

    outcomes: tuple[Outcome, ...]
    articles: int
    errors: tuple[Exception, ...]


def score_items(scorer: Scorer, items: Sequence[Planned], options: ScoreOptions) -> Scored:
    """Score the articles among planned items. An article that cannot be scored becomes a reject and affects no other."""
    columns = output_columns(scorer.taxonomy, with_body=options.with_body, quotes=options.quotes)
    outcomes: list[Outcome] = []
    errors: list[Exception] = []
    for item, found in zip(items, score_together(scorer, items, options), strict=True):
        match item, found:
            case Article(), Analysis():
                outcomes.append(make_line(item, make_row(item, found, columns)))
            case Article() | Failure(), Exception():
                errors.append(found)
                outcomes.append({"reject": make_reject_row(reject_failed(item, found))})
            case Reject(), _:
                outcomes.append({"reject": make_reject_row(item)})
            case Repeat(), _:
                outcomes.append(item)
    return Scored(tuple(outcomes), sum(isinstance(item, Article | Failure) for item in items), tuple(errors))


def score_together(scorer: Scorer, items: Sequence[Planned], options: ScoreOptions) -> Iterator[Analysis | Exception | None]:
    """The analysis or error of each item, None for items that are not scored. If scoring together fails, the rest go singly."""
    done = 0
    articles = [item for item in items if isinstance(item, Article)]
    seconds = BUDGET.to_score(sum(len(article.body) + len(article.title or "") for article in articles))
    try:
        # Closed, so that a stopped run does not wait for the windows of all articles.
        with closing(scorer.score_each(articles, gate=options.gate, contributions=False, quotes=options.quotes)) as analyses:
            for item in items:
                if isinstance(item, Article):
                    with Within(seconds):
                        found: Analysis | Exception | None = next(analyses)
                else:
                    found = _error_of(item)
                done += 1
                yield found
        return
    except NOT_THE_ARTICLES_FAULT:
        raise
    except (Exception, OverBudgetError):
        remaining = items[done:]
    for item in remaining:
        yield _score_alone(scorer, item, options) if isinstance(item, Article) else _error_of(item)


def join(parts: Sequence[Scored]) -> Scored:
    """The outcomes of all of them, in order."""
    return Scored(
        tuple(outcome for part in parts for outcome in part.outcomes),
        sum(part.articles for part in parts),
        tuple(error for part in parts for error in part.errors),
    )


def make_line(article: Article, row: Row) -> Line:
    """The line of a scored article: its row, and the values of its own columns if they are kept."""
    return {"row": row, "kept": dict(article.extra)} if article.extra else {"row": row}


def reject_article(article: Article, reason: str) -> Reject:
    """The reject of an article that was read but has no row."""
    source = article.source
    return Reject(source.file if source else "-", source.row if source else None, reason)


def reject_failed(item: Article | Failure, error: Exception) -> Reject:
    """The reject of an article that cannot be scored, with the error."""
    article = item if isinstance(item, Article) else item.article
    return reject_article(article, f"could not be scored ({' '.join(str(error).split())[:200]})")


def _error_of(item: Planned) -> Exception | None:
    return item.error if isinstance(item, Failure) else None


def _score_alone(scorer: Scorer, article: Article, options: ScoreOptions) -> Analysis | Exception:
    try:
        with Within(BUDGET.to_score(len(article.body) + len(article.title or ""))):
            [analysis] = scorer.score_each([article], gate=options.gate, contributions=False, quotes=options.quotes)
    except OverBudgetError as error:
        return BudgetError(f"it {error}; cut the text")
    except NOT_THE_ARTICLES_FAULT:
        raise
    except Exception as error:
        if os.environ.get(TRACEBACK):
            traceback.print_exception(error)
        return portable(error)
    return analysis
