"""What a reviewer says of an article, checked against the labels that there are."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sorot.data.taxonomy import Taxonomy
from sorot.serving.review.errors import ReviewError

NAME_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class ReviewerAnswer:
    """Labels of one article, and the sentences that show them, verbatim, in the order of the text, each once."""

    topics: tuple[str, ...]
    stance: str
    sentiment: str
    sentences: tuple[str, ...] = ()


def check_name(name: object) -> str:
    """A reviewer's name with single spaces; ReviewError where there is none, or too long a one."""
    kept = name if isinstance(name, str) else ""
    # Cut before it is worked on: a caller may send megabytes.
    if len(kept) > 8 * NAME_CHARACTERS:
        raise _long_name()
    plain = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in unicodedata.normalize("NFC", kept))
    found = " ".join(plain.split())
    if not found:
        raise ReviewError("a reviewer needs a name; type one", "no_name")
    if len(found) > NAME_CHARACTERS:
        raise _long_name()
    return found


def check_answer(
    taxonomy: Taxonomy, topics: object, stance: object, sentiment: object, marked: object, sentences: Sequence[str]
) -> ReviewerAnswer:
    """The answer of someone who may send anything; `marked` are numbers of `sentences`. ReviewError where it is none."""
    known = taxonomy.labels("topics")
    chosen = topics if isinstance(topics, list | tuple) else ()
    if any(topic not in known for topic in chosen):
        raise ReviewError(f"a topic is none of {', '.join(known)}; choose among those", "unknown_label")
    if stance not in taxonomy.labels("stance") or sentiment not in taxonomy.labels("sentiment"):
        raise ReviewError("stance and sentiment must be chosen; choose one of each", "unchosen")
    default = taxonomy.stance_without_topic
    if not chosen and default is not None and stance != default:
        raise ReviewError(f"without a topic the stance is {default}; choose that, or a topic", "stance_without_topic")
    numbers = marked if isinstance(marked, list | tuple) else ()
    if any(isinstance(n, bool) or not isinstance(n, int) or not 0 <= n < len(sentences) for n in numbers):
        raise ReviewError("a marked sentence is not in the article; mark it again", "unknown_sentence")
    return ReviewerAnswer(
        topics=tuple(t for t in known if t in chosen),
        stance=str(stance),
        sentiment=str(sentiment),
        sentences=tuple(dict.fromkeys(sentences[n] for n in sorted(numbers))),
    )


def _long_name() -> ReviewError:
    return ReviewError(f"a name has at most {NAME_CHARACTERS} characters; shorten it", "long_name")
