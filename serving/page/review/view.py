"""A reviewer's article as the Review tab shows it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from pathlib import Path

from sorot.data.article import Article
from sorot.data.taxonomy import Task, Taxonomy, Value
from sorot.data.taxonomy import held as labels_in
from sorot.data.text.sentences import split_sentences
from sorot.serving.page.common.templates import render
from sorot.serving.page.review.reviewer_session import Draft, empty_draft
from sorot.serving.page.review.words import RULES_AFTER, RULES_BEFORE, review_text
from sorot.serving.review.leases import HeldArticle, ReviewerProgress
from sorot.serving.review.reviewer_answer import ReviewerAnswer
from sorot.serving.review.store_rows import Guess
from sorot.serving.words.language import Language, format_count, format_number
from sorot.serving.words.task_words import task_text

DIGITS = 2
# Keys of the labels, in the order of tasks and labels; those after the last key have none.
KEYS = "1234567890QWRTYUIOPGHJLXCVBMA"
# The keys of the buttons and fields, by the words on them.
BUTTON_KEYS = {
    "confirm": "Ctrl+Enter",
    "skip": "Alt+S",
    "undo": "Alt+Z",
    "flag": "Alt+F",
    "note": "Alt+N",
    "mark": "Alt+E",
    "quote": "Alt+K",
}


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


def first_draft(taxonomy: Taxonomy, held: HeldArticle, hidden: bool = False) -> Draft:
    """The choices to begin with: this person's earlier answer, or else the model's labels; none if they are `hidden`."""
    before = held.before
    if before is None:
        return empty_draft(taxonomy) if hidden else Draft({task.key: held.guess.labels[task.key] for task in taxonomy.tasks})
    marks = tuple(n for n, sentence in enumerate(sentences_of(held.article)) if sentence in before.sentences)
    labels = {task.key: before.labels[task.key] for task in taxonomy.tasks}
    return Draft(labels, marks, before.quotes, before.flag, before.note)


def button_text(name: str, language: Language) -> str:
    """The words of a button or field with its key."""
    return f"{review_text(name, language)} ({BUTTON_KEYS[name]})"


def quote_choices(quotes: Sequence[str]) -> list[tuple[str, str]]:
    """(shown, quote) of the quotes of an answer."""
    return [(f"“{' '.join(quote.split())}”", quote) for quote in quotes]


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
    last = [*label_keys(taxonomy).values()][-1]
    keys = [(f"Alt+1–{last}" if last != "1" else "Alt+1", review_text("key_labels", language))]
    keys += [(key, review_text(name, language)) for name, key in BUTTON_KEYS.items()]
    return render("review/shortcuts.html.j2", heading=review_text("shortcuts", language), keys=keys, label_keys=KEYS)


def tools_html(language: Language) -> str:
    """The buttons that mark what is selected in the article."""
    return render(
        "review/tools.html.j2",
        hint=review_text("tools", language),
        mark=button_text("mark", language),
        quote=button_text("quote", language),
    )


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


def guess_note_html(language: Language, *, hidden: bool = False, audit: bool = False) -> str:
    """What the numbers after labels mean, or why there are none."""
    key = "guess_note" if not hidden else "audit_note" if audit else "blind_note"
    return render("review/guess_note.html.j2", note=review_text(key, language))


def reveal_text(taxonomy: Taxonomy, guess: Guess, answer: ReviewerAnswer, language: Language) -> str:
    """After a blind answer: the model's labels, task by task, and where the person's are others."""

    def names(task: Task, value: Value) -> str:
        chosen = labels_in(value)
        named = ", ".join(label.name(language) for label in task.labels if label.key in chosen)
        return named or review_text("no_label", language)

    said = []
    for task in taxonomy.tasks:
        own, model = answer.labels[task.key], guess.labels[task.key]
        same = set(labels_in(own)) == set(labels_in(model))
        text = review_text("same" if same else "other", language, model=names(task, model), own=names(task, own))
        said.append(f"{task_text(task, 'singular', language)}: {text}")
    return review_text("model_said", language, said="; ".join(said))
