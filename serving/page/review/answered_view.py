"""What a person has answered, and how far and how much agreed the whole folder is, as the Review tab shows them."""

from __future__ import annotations

from sorot.data.taxonomy import Taxonomy, held
from sorot.serving.page.common.label_styles import label_style
from sorot.serving.page.common.templates import render
from sorot.serving.page.review.words import review_text
from sorot.serving.review.agreement import FEW_ARTICLES, reviewer_agreement
from sorot.serving.review.answered import AnsweredArticle, AnsweredPage
from sorot.serving.review.store import Store
from sorot.serving.words.language import Language, format_count, format_number, format_percent
from sorot.serving.words.task_words import task_text

DIGITS = 2
TITLE_CHARACTERS = 120


def answered_html(taxonomy: Taxonomy, page: AnsweredPage, language: Language) -> str:
    """The answers that a search found, each with a button that opens it again."""
    key = "found" if page.total > len(page.found) else "found_all" if page.total else "found_none"
    n, total = format_count(len(page.found), language), format_count(page.total, language)
    return render(
        "review/answered.html.j2",
        total=review_text(key, language, n=n, total=total),
        flagged=review_text("flagged", language),
        rows=[
            (
                one.number,
                one.title[:TITLE_CHARACTERS],
                " · ".join(part for part in (one.outlet, one.at[:10]) if part),
                _labels(taxonomy, one, language),
                one.answer.flag,
                one.answer.note,
            )
            for one in page.found
        ],
    )


def team_html(store: Store, language: Language) -> str:
    """Progress of the whole folder, and the agreement of people who answered the same articles."""
    status, agreements = store.status(), reviewer_agreement(store)
    shared = max((one.articles for one in agreements), default=0)
    columns = ("task", "shared_articles", "equal_answers", "reliability")
    counts = {"articles": status.articles, "done": status.articles - status.left, "left": status.left, "held": status.held}
    return render(
        "review/team.html.j2",
        progress=review_text("team", language, **{name: format_count(n, language) for name, n in counts.items()}),
        people=[(name, format_count(count, language)) for name, count in status.people.items()],
        caption=review_text("agreement", language),
        columns=[review_text(name, language) for name in columns],
        rows=[
            (
                task_text(store.taxonomy.task(one.task), "singular", language),
                format_count(one.articles, language),
                "–" if one.equal is None else format_percent(one.equal, language),
                "–" if one.reliability is None else format_number(one.reliability, language, DIGITS),
            )
            for one in agreements
            if shared
        ],
        note=review_text("not_shared" if not shared else "few_shared" if shared < FEW_ARTICLES else "agreement_note", language),
    )


def _labels(taxonomy: Taxonomy, one: AnsweredArticle, language: Language) -> list[tuple[object, str]]:
    """Style and name of each label of an answer."""
    return [
        (label_style(taxonomy, task.key, key), task.label(key).name(language))
        for task in taxonomy.tasks
        for key in held(one.answer.labels[task.key])
    ]
