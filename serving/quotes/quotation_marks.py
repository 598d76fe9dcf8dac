"""Pairs quotation marks, also where they are unpaired, nested, of the wrong kind, or set apart by spaces."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Longest stretch between two marks that have no sign of being a pair; longer ones are mistakes of pairing.
LONGEST = 3000
_DOUBLE = re.compile(r"''|``|[\"“”„«»]")
_SINGLE = re.compile(r"(?<![\w'’])(['‘])(?=\w)([^\n'‘’]{12,600}?(?:\w['’]\w[^\n'‘’]*?){0,8}[,.!?…\w)])(['’])(?!\w)")
_CUE = re.compile(
    r"\s*,?\s*(?:kata|ujar|tutur|ucap|ungkap|jelas|tegas|imbuh|tambah|lanjut|terang|papar|tandas|pungkas|cetus|sebut|beber)(?:nya)?\b"
)
_LOST_CLOSE = re.compile(
    r"[,.!?](?=\s*(?:kata|ujar|tutur|ucap|ungkap|imbuh|tegas|jelas|papar|terang|tandas|pungkas)(?:nya\b|\s+(?:dia|ia|[A-Z])))"
)


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch in quotation marks: its marks are `body[open:start]` and `body[end:close]`, white space at the rim included."""

    open: int
    start: int
    end: int
    close: int
    single: bool = False


def find_marked(text: str) -> list[Marked]:
    """The stretches in quotation marks, in order and apart from each other; time is linear in the length of the text."""
    marks = [(m.start(), m.end()) for m in _DOUBLE.finditer(text)]
    # Where every mark is ”, its shape says nothing.
    if not any(text[start] in "“„«" for start, _ in marks):
        text = text.replace("”", '"').replace("»", '"')
    found: list[Marked] = []
    at: tuple[int, int] | None = None
    for number, mark in enumerate(marks):
        lean = _lean(text, *mark)
        if at is None:
            # A mark that can only close has lost its opening one.
            if lean > -2:
                at = mark
            continue
        if _ends_before(text, at, mark, lean, marks[number + 1] if number + 1 < len(marks) else None):
            if (lost := _LOST_CLOSE.search(text, at[1], mark[0])) is not None:
                _add(text, at, (lost.end(), lost.end()), found)
            elif (line := text.find("\n", at[1], mark[0])) >= 0:
                _add(text, at, (line, line), found)
            at = mark
            continue
        _add(text, at, mark, found)
        at = None
    if at is not None:
        line = text.find("\n", at[1])
        lost = _LOST_CLOSE.search(text, at[1], line if line >= 0 else len(text))
        stop = lost.end() if lost else line if line >= 0 else len(text)
        if stop - at[1] <= LONGEST and (lost or character_before(text, stop) in ".!?") and _lean(text, *at) > 0:
            _add(text, at, (stop, stop), found)
    return _with_singles(text, found)


def character_before(text: str, at: int) -> str:
    """The last character before an offset that is no white space; empty if there is none."""
    while at and text[at - 1].isspace():
        at -= 1
    return text[at - 1 : at] if at else ""


def _lean(text: str, start: int, end: int) -> int:
    """How much a mark looks like an opening one (above zero) or a closing one (below zero)."""
    before, after = text[start - 1 : start], text[end : end + 1]
    lean = 0
    if text[start] in "“„«":
        lean += 1
    elif text[start] in "”»":
        lean -= 1
    spaced_before = not before or before.isspace() or before in "([-–—"
    spaced_after = not after or after.isspace() or after in ".,;:!?)]"
    if spaced_before and not spaced_after:
        return lean + 3
    if spaced_after and not spaced_before:
        # After ',' or ':' with its space lost, a mark may open: 'katanya,"Kami'; but a space follows here.
        return lean - 3
    if _CUE.match(text, end):
        return lean - 3
    context = text[max(0, start - 4) : start].rstrip()
    if context.endswith(":"):
        return lean + 2
    if not spaced_before and not spaced_after:
        # 'selesai.,"Kami' opens, 'selesai,"kata' closes.
        if before in ".!?" or (before in "," and after.islower()):
            return lean - 1
        if before == ",":
            return lean + 2
    return lean


def _ends_before(text: str, at: tuple[int, int], mark: tuple[int, int], lean: int, following: tuple[int, int] | None) -> bool:
    """Whether the opening mark `at` has lost its closing one before `mark`, which then opens."""
    if mark[0] - at[1] > LONGEST:
        return True
    line = text.find("\n", at[1], mark[0])
    if line >= 0:
        # A paragraph of a longer quote begins with a mark of its own; else the quote runs on over the line.
        between = text[line : mark[0]]
        if not between.strip():
            return lean > -2 and following is not None
        return lean > 1 or (lean > -2 and between.rstrip(" ").endswith("\n"))
    return lean > 2 and (_lean(text, *following) < 0 if following else False)


def _add(text: str, at: tuple[int, int], mark: tuple[int, int], found: list[Marked]) -> None:
    inside = text[at[1] : mark[0]]
    start = at[1] + len(inside) - len(inside.lstrip())
    end = at[1] + len(inside.rstrip())
    if start < end:
        found.append(Marked(at[0], start, end, mark[1]))


def _with_singles(text: str, found: list[Marked]) -> list[Marked]:
    """Adds stretches in single marks that stand outside the others."""
    singles: list[Marked] = []
    places = iter([*found, Marked(len(text), len(text), len(text), len(text))])
    at = 0
    for place in places:
        for m in _SINGLE.finditer(text, at, place.open):
            singles.append(Marked(m.start(), m.start(2), m.end(2), m.end(), single=True))
        at = place.close
    return sorted([*found, *singles], key=lambda m: m.open) if singles else found
