"""Changes of an article that must not change its labels, or may move them in one direction only.

After the invariance and directional tests of Ribeiro et al. 2020, "Beyond Accuracy: Behavioral Testing of NLP Models with
CheckList". A change returns None for an article that it does not apply to, such as one without any of the names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from random import Random

from sorot.data.article import Article
from sorot.data.prepare import prepare
from sorot.training.measure.checks.check_tables import Boilerplate, SwapName

Change = Callable[[Article], Article | None]
_WORD = re.compile(r"[^\W\d_]{4,}")


def swap_names(names: Sequence[SwapName], seed: int) -> Change:
    """Replace each name in an article by another of the same kind, the same one throughout, drawn for each article."""
    by_form = {form: name for name in names for form in (name.name, *name.also)}
    whole = _whole_words(by_form)

    def change(article: Article) -> Article | None:
        text = f"{article.title or ''}\n{article.body}"
        present = list(dict.fromkeys(by_form[match[0]] for match in whole.finditer(text)))
        if not present:
            return None
        others = [name for name in names if name not in present]
        _random(seed, article).shuffle(others)
        # A shift along the circle of all names maps no name to itself and no two names to the same one.
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
    """Drop an inner letter, or swap it with the next, in this share of the words of four letters or more."""

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
    """Put title and body in capitals."""
    return _mapped(article, str.upper)


def add_boilerplate(lines: Boilerplate) -> Change:
    """Put a web page's lines around and within the text, then clean the article as in service."""

    def change(article: Article) -> Article:
        first, gap, rest = article.body.partition("\n\n")
        parts = [*lines.before, first, *lines.between, *([rest] if gap else []), *lines.after]
        return prepare(replace(article, body="\n\n".join(parts), removed=()), detect=False)

    return change


def paraphrase(pairs: Sequence[tuple[str, str]]) -> Change:
    """Replace the left side of each pair, as whole words, by its right side; a capital first letter stays a capital."""
    forms = dict(pairs)
    forms.update({_capital(left): _capital(right) for left, right in pairs})
    pattern = _whole_words(forms)

    def change(article: Article) -> Article | None:
        return _mapped(article, lambda part: pattern.sub(lambda match: forms[match[0]], part))

    return change


def add_paragraph(paragraphs: Sequence[str], seed: int) -> Change:
    """Add one of the paragraphs, drawn for each article, at the end."""

    def change(article: Article) -> Article:
        return replace(article, body=f"{article.body.rstrip()}\n\n{_random(seed, article).choice(paragraphs)}")

    return change


def _mapped(article: Article, function: Callable[[str], str]) -> Article | None:
    """The article with a function applied to title and body; None if that changes neither."""
    title = function(article.title) if article.title else article.title
    changed = replace(article, title=title, body=function(article.body))
    return None if changed == article else changed


def _whole_words(forms: Iterable[str]) -> re.Pattern[str]:
    """Matches any of the forms, longest first, but not inside a longer word, an address or a hyphenated word."""
    longest = sorted(forms, key=len, reverse=True)
    bounded = "|".join((r"(?<![\w@#/.-])" if form[0].isalnum() else "") + re.escape(form) for form in longest)
    return re.compile(rf"(?:{bounded})(?![\w@-]|\.\w)")


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _random(seed: int, article: Article) -> Random:
    return Random(f"{seed} {article.id}")
