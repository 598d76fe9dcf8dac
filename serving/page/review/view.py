"""A reviewer's article as the Review tab shows it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from pathlib import Path

from sorot.data.article import Article
from sorot.data.taxonomy import Task, Taxonomy
from sorot.data.text.sentences import split_sentences
from sorot.serving.page.common.templates import render
from sorot.serving.page.review.reviewer_session import Draft
from sorot.serving.page.review.words import RULES_AFTER, RULES_BEFORE, review_text
from sorot.serving.review.leases import HeldArticle, ReviewerProgress
from sorot.serving.review.store_rows import Guess
from sorot.serving.words.language import Language, format_count, format_number
from sorot.serving.words.task_words import task_text

DIGITS = 2
# Keys of the labels, in the order of tasks and labels; those after the last key have none.
KEYS = "1234567890"


def sentences_of(article: Article) -> tuple[str, ...]:
    """The sentences that can be marked, verbatim: the title, if there is one, and those of the body."""
    body = tuple(article.body[start:end] for start, end in split_sentences(article.body))
    return (article.title, *body) if article.title and article.title.strip() else body


def sentence_choices(article: Article) -> list[tuple[str, int]]:
    """(shown, number) of each sentence; the first of a paragraph begins with line breaks, which the style keeps."""
    shown: list[str] = []
    if article.title and article.title.strip():
        shown.append(article.title)
    position = 0
    for start, end in split_sentences(article.body):
        gap = article.body[position:start] if position else ("\n" if shown else "")
        shown.append(("\n\n" if "\n" in gap else "") + article.body[start:end])
        position = end
    return [(text, n) for n, text in enumerate(shown)]


def label_keys(taxonomy: Taxonomy) -> dict[tuple[str, str], str]:
    """The number key of each label by task and label, as many as there are keys."""
    labels = [(task.key, key) for task in taxonomy.tasks for key in task.keys]
    return dict(zip(labels, KEYS, strict=False))


def task_label(task: Task, language: Language) -> str:
    """The heading of a task's labels; of a `many` task it says that none may hold."""
    title = task_text(task, "title", language)
    return review_text("may_be_none", language, task=title) if task.many else title


def label_choices(taxonomy: Taxonomy, task: Task, guess: Guess | None, language: Language) -> list[tuple[str, str]]:
    """(shown, key) of a task's labels with the model's probabilities and their number keys, if they have one."""
    choices, keys = [], label_keys(taxonomy)
    for label in task.labels:
        key = keys.get((task.key, label.key))
        shortcut = f"{key}. " if key else ""
        probability = guess.probabilities.get(task.key, {}).get(label.key) if guess else None
        shown = "" if probability is None else f" · {format_number(probability, language, DIGITS)}"
        choices.append((f"{shortcut}{label.name(language)}{shown}", label.key))
    return choices


def first_draft(taxonomy: Taxonomy, held: HeldArticle) -> Draft:
    """The choices to begin with: this person's earlier answer, or else the model's labels."""
    given = held.before or held.guess
    kept = set(held.before.sentences) if held.before else set()
    marks = tuple(n for n, sentence in enumerate(sentences_of(held.article)) if sentence in kept)
    return Draft({task.key: given.labels[task.key] for task in taxonomy.tasks}, marks)


def fields_html(article: Article) -> str:
    """Outlet and date above the text; empty without either."""
    day = article.published.strftime("%d-%m-%Y") if article.published else None
    fields = [value for value in (article.outlet, day) if value]
    return render("review/fields.html.j2", fields=fields) if fields else ""


def review_progress_html(person: str, progress: ReviewerProgress, language: Language) -> str:
    """The reviewer's name and progress, as text and as a bar."""
    done, left = progress.done, progress.left
    done_text = f"{format_count(done, language)} {review_text('done', language)}"
    return render(
        "review/progress.html.j2",
        reviewer=review_text("reviewer", language),
        person=person,
        progress=f"{done_text} · {format_count(left, language)} {review_text('left', language)}",
        percent=100 * done / (done + left) if done + left else 100,
    )


def shortcuts_html(taxonomy: Taxonomy, language: Language) -> str:
    """The keys that work while the tab is shown."""
    keys = [(key, review_text(name, language)) for key, name in (("Ctrl+Enter", "key_confirm"), ("Alt+S", "key_skip"))]
    keys.append(("Alt+Z", review_text("key_undo", language)))
    last = [*label_keys(taxonomy).values()][-1]
    keys.insert(0, (f"Alt+1–{last}" if last != "1" else "Alt+1", review_text("key_labels", language)))
    return render("review/shortcuts.html.j2", heading=review_text("shortcuts", language), keys=keys)


def guidelines_html(taxonomy: Taxonomy, language: Language) -> str:
    """The rules for reviewers, and the definition of every label by task."""
    own = [rule for task in taxonomy.tasks for rule in _task_rules(task, language)]
    return render(
        "review/guidelines.html.j2",
        name=review_text("guidelines", language),
        rules=[*(rule[language] for rule in RULES_BEFORE), *own, *(rule[language] for rule in RULES_AFTER)],
        tasks=[
            (task_text(task, "title", language), [(label.name(language), label.definition(language)) for label in task.labels])
            for task in taxonomy.tasks
        ],
    )


def _task_rules(task: Task, language: Language) -> list[str]:
    """The task's phrases rule_1, rule_2, ... in the taxonomy."""
    rules: list[str] = []
    for n in count(1):
        rule = task.phrase(f"rule_{n}", language)
        if rule is None:
            break
        rules.append(rule)
    return rules


def keeps_html(file: Path, language: Language) -> str:
    """What this tab saves, and the name of the folder."""
    before, after = review_text("keeps", language).split("{folder}")
    return render("review/keeps.html.j2", before=before, folder=file.resolve().parent.name, after=after)


def status_html(messages: Sequence[str]) -> str:
    """What just happened, for eyes and screen readers."""
    message = " ".join(messages)
    return render("review/status.html.j2", message=message) if message else ""


def guess_note_html(language: Language) -> str:
    """What the numbers after labels mean."""
    return render("review/guess_note.html.j2", note=review_text("guess_note", language))
