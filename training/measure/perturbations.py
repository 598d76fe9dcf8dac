"""Changes of an article that must not change its labels, or move them one way only.

After the invariance and directional tests of Ribeiro et al. 2020, "Beyond Accuracy: Behavioral Testing of NLP Models with
CheckList". A change gives None where it does not apply to an article, as where none of the names stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from random import Random

from sorot.data.article import Article
from sorot.data.prepare import prepare
from sorot.training.measure.check_tables import Boilerplate, Name

Change = Callable[[Article], Article | None]
_WORD = re.compile(r"[^\W\d_]{4,}")


def swap_names(names: Sequence[Name], seed: int) -> Change:
    """Each name that stands in an article becomes another of the same kind, the same one throughout, drawn by article."""
    bearer = {form: name for name in names for form in (name.name, *name.also)}
    whole = _whole_words(bearer)

    def change(article: Article) -> Article | None:
        text = f"{article.title or ''}\n{article.body}"
        present = list(dict.fromkeys(bearer[match[0]] for match in whole.finditer(text)))
        if not present:
            return None
        others = [name for name in names if name not in present]
        _random(seed, article).shuffle(others)
        # A shift along the circle of all names maps no name to itself and no two to one.
        circle = present + others
        shift = len(present) % len(circle) or 1
        forms: dict[str, str] = {}
        for at, name in enumerate(present):
            other = circle[(at + shift) % len(circle)]
            if name.short is not None:
                forms[name.short] = other.short or other.name
            forms.update(dict.fromkeys((name.name, *name.also), other.name))
        pattern = _whole_words(forms)
        return _mapped(article, lambda part: pattern.sub(lambda match: forms[match[0]], part))

    return change


def add_typos(share: float, seed: int) -> Change:
    """In this share of the words of four letters and more an inner letter is lost or changes places with the next."""

    def change(article: Article) -> Article | None:
        random = _random(seed, article)

        def spoil(match: re.Match[str]) -> str:
            word = match[0]
            if random.random() >= share:
                return word
            at = random.randrange(1, len(word) - 2)
            if random.random() < 0.5:
                return word[:at] + word[at + 1 :]
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

        return _mapped(article, lambda part: _WORD.sub(spoil, part))

    return change


def upper_case(article: Article) -> Article | None:
    """Title and body in capitals."""
    return _mapped(article, str.upper)


def add_boilerplate(lines: Boilerplate) -> Change:
    """What pages put around and amid a text, after which the article is cleaned as in service."""

    def change(article: Article) -> Article:
        first, gap, rest = article.body.partition("\n\n")
        parts = [*lines.before, first, *lines.between, *([rest] if gap else []), *lines.after]
        return prepare(replace(article, body="\n\n".join(parts), removed=()), detect=False)

    return change


def paraphrase(pairs: Sequence[tuple[str, str]]) -> Change:
    """Each left side, as whole words, gives way to its right side; a capital first letter stays one."""
    forms = dict(pairs)
    forms.update({_capital(left): _capital(right) for left, right in pairs})
    pattern = _whole_words(forms)

    def change(article: Article) -> Article | None:
        return _mapped(article, lambda part: pattern.sub(lambda match: forms[match[0]], part))

    return change


def add_paragraph(paragraphs: Sequence[str], seed: int) -> Change:
    """One of the paragraphs, drawn by article, stands after the last."""

    def change(article: Article) -> Article:
        return replace(article, body=f"{article.body.rstrip()}\n\n{_random(seed, article).choice(paragraphs)}")

    return change


def _mapped(article: Article, function: Callable[[str], str]) -> Article | None:
    """The article with title and body through a function; None where that changes neither."""
    title = function(article.title) if article.title else article.title
    changed = replace(article, title=title, body=function(article.body))
    return None if changed == article else changed


def _whole_words(forms: Iterable[str]) -> re.Pattern[str]:
    """Any of the forms, the longest first, not within a longer word, an address or a hyphenated word."""
    longest = sorted(forms, key=len, reverse=True)
    bounded = "|".join((r"(?<![\w@#/.-])" if form[0].isalnum() else "") + re.escape(form) for form in longest)
    return re.compile(rf"(?:{bounded})(?![\w@-]|\.\w)")


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _random(seed: int, article: Article) -> Random:
    return Random(f"{seed} {article.id}")
