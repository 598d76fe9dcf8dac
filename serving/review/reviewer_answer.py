"""A reviewer's answer about an article, checked against the taxonomy."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sorot.data.article import Article
from sorot.data.taxonomy import Task, Taxonomy, Value
from sorot.serving.review.errors import ReviewError

NAME_CHARACTERS = 60
NOTE_CHARACTERS = 1000
QUOTE_CHARACTERS = 2000
MOST_QUOTES = 50


@dataclass(frozen=True, slots=True)
class ReviewerAnswer:
    """Labels of one article by task, and the sentences that show them: verbatim, in the order of the text, without repeats.

    `quotes` are stretches of the article that quote somebody, verbatim. A `flag` asks others to look at the answer, a `note`
    says why, or anything else.
    """

    labels: Mapping[str, Value]
    sentences: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    flag: bool = False
    note: str = ""


def check_name(name: object) -> str:
    """A reviewer's name with single spaces. Raises ReviewError if it is missing or too long."""
    given = name if isinstance(name, str) else ""
    # Checked before any work on it: a caller may send megabytes.
    if len(given) > 8 * NAME_CHARACTERS:
        raise _long_name()
    printable = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in unicodedata.normalize("NFC", given))
    cleaned = " ".join(printable.split())
    if not cleaned:
        raise ReviewError("a reviewer needs a name; type one", "no_name")
    if len(cleaned) > NAME_CHARACTERS:
        raise _long_name()
    return cleaned


def check_note(given: object) -> str:
    """A reviewer's note without white space around it. Raises ReviewError if it is too long."""
    note = given.strip() if isinstance(given, str) else ""
    if len(note) > NOTE_CHARACTERS:
        raise ReviewError(f"a note has at most {NOTE_CHARACTERS} characters; shorten it", "long_note")
    return "".join(c if unicodedata.category(c) != "Cs" else "\ufffd" for c in note)


def find_quote(text: object, article: Article) -> str:
    """The stretch of an article's title or body that has the words of `text`, verbatim, whatever its white space.

    Raises ReviewError if there is none, or it is too long.
    """
    words = text.split() if isinstance(text, str) and len(text) <= 2 * QUOTE_CHARACTERS else []
    pattern = r"\s*".join(map(re.escape, words))
    found = re.search(pattern, article.body) or re.search(pattern, article.title or "") if words else None
    if found is None or len(found[0]) > QUOTE_CHARACTERS:
        raise ReviewError(
            f"a quote is a stretch of the article of at most {QUOTE_CHARACTERS} characters; select it again", "unknown_quote"
        )
    return found[0]


def add_remarks(answer: ReviewerAnswer, article: Article, quotes: object, flag: object, note: object) -> ReviewerAnswer:
    """The answer with the quotes, flag and note that a browser sent, which may be anything.

    Raises ReviewError if a quote is not in the article, or the note is too long.
    """
    given = quotes[:MOST_QUOTES] if isinstance(quotes, list | tuple) else ()
    found = tuple(dict.fromkeys(find_quote(quote, article) for quote in given))
    return replace(answer, quotes=found, flag=flag is True, note=check_note(note))


def check_answer(taxonomy: Taxonomy, labels: Mapping[str, object], marked: object, sentences: Sequence[str]) -> ReviewerAnswer:
    """The answer in what a browser sent, which may be anything: values by task, and `marked` numbers of `sentences`.

    Raises ReviewError if a label is unknown, a task that needs one label has none, a default is not followed, or a mark is
    not in the article.
    """
    checked = {task.key: _check_value(task, labels.get(task.key)) for task in taxonomy.tasks}
    for task in taxonomy.tasks:
        if checked[task.key] != taxonomy.settle(checked)[task.key]:
            raise ReviewError(
                f"without a label of {task.without}, {task.key} is {task.default}; choose that, or a label of {task.without}",
                "default_not_chosen",
                task.key,
            )
    numbers = marked if isinstance(marked, list | tuple) else ()
    if any(isinstance(n, bool) or not isinstance(n, int) or not 0 <= n < len(sentences) for n in numbers):
        raise ReviewError("a marked sentence is not in the article; mark it again", "unknown_sentence")
    return ReviewerAnswer(checked, tuple(dict.fromkeys(sentences[n] for n in sorted(numbers))))


def _check_value(task: Task, given: object) -> Value:
    if task.many:
        chosen = given if isinstance(given, list | tuple) else ()
        if any(key not in task.keys for key in chosen):
            raise ReviewError(f"a label of {task.key} is unknown; choose among {', '.join(task.keys)}", "unknown_label", task.key)
        return tuple(key for key in task.keys if key in chosen)
    if not isinstance(given, str) or given not in task.keys:
        raise ReviewError(f"{task.key} needs exactly one label; choose one of {', '.join(task.keys)}", "unchosen", task.key)
    return given


def _long_name() -> ReviewError:
    return ReviewError(f"a name has at most {NAME_CHARACTERS} characters; shorten it", "long_name")
