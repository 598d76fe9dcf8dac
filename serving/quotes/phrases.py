"""The phrase that names a speaker, after a verb such as 'kata' or before one such as 'mengatakan'."""

from __future__ import annotations

from collections.abc import Sequence

from sorot.serving.quotes.lists.name_words import NAMES_TOO, NO_NAMES
from sorot.serving.quotes.lists.words import (
    ADVERBS,
    DEMAND,
    DEMONSTRATIVES,
    HONORIFICS,
    INSTITUTIONS,
    OPENERS,
    PRONOUNS,
    REPORT,
    ROLES,
    SENTENCE_WORDS,
    STOPS,
)
from sorot.serving.quotes.sentences import Word

LONGEST = 24
_CLAUSE = frozenset("usai seusai setelah sebelum bahwa karena ketika saat sejak sementara".split())
_BEFORE_PLACE = frozenset("di ke dari pada dalam kepada oleh dan terhadap atas untuk bagi".split())


def is_speaker(word: Word) -> bool:
    """Whether a word can begin the phrase of a speaker."""
    return (
        (word.capital and (word.lower not in SENTENCE_WORDS or word.lower in NO_NAMES))
        or word.lower in PRONOUNS
        or word.lower in ROLES
        or word.lower in INSTITUTIONS
        or word.lower in HONORIFICS
        or word.lower
        in ("para", "sejumlah", "sang", "si", "pihak", "kedua", "lima", "beberapa", "sebagian", "kubu", "survei", "data")
    )


def speaker_after(words: Sequence[Word], first: int, *, closed: bool = False) -> tuple[int, int]:
    """The words, `first` to the number returned (exclusive), of the phrase of the speaker that begins at `first`.

    The second number is where the text goes on, after an apposition too. `closed`: a comma follows the phrase, as in
    'menurut ketua RT, Budi, warga resah'.
    """
    i = first
    if i >= len(words):
        return first, first
    if words[i].lower in PRONOUNS:
        return i + 1, i + 1
    named = crossed = False
    role = words[first].lower in ROLES
    last = first
    while i < len(words) and i - first < LONGEST:
        word = words[i]
        if word.text == "(":
            close = next((k for k in range(i + 1, min(i + 8, len(words))) if words[k].text == ")"), None)
            if close is None:
                break
            i = close + 1
            last = i if not named else last
            continue
        if word.text == ",":
            # 'Kepala BPPT, Hammam Riza,' goes on; 'Budi, ketua RT,' has said the name already.
            # 'Direktur Lion Air Group, Danang Prihantoro,' has a name of its own before the comma.
            if (named and (not role or crossed)) or not _begins_name(words, i + 1) or (closed and not _closes(words, i + 1)):
                break
            crossed, named = True, False
            i += 1
            continue
        if word.text in ";:)" or (i > first and words[i].start - words[i - 1].end > 6):
            break
        if word.lower in STOPS and not word.capital and not (word.lower == "dari" and not named):
            if word.lower in DEMONSTRATIVES and not named:
                last = i + 1
                if _begins_name(words, i + 2) and words[i + 1].text == "," and (not closed or _closes(words, i + 2)):
                    i += 1
                    continue
            break
        if word.capital and word.lower in STOPS and word.lower not in NAMES_TOO:
            break
        if not word.capital and named and word.lower not in ("dan", "al", "bin", "binti", "van", "de"):
            break
        if not word.capital and i > first and (word.lower in REPORT or word.lower in DEMAND):
            break
        if word.capital and word.lower not in NO_NAMES and word.lower not in HONORIFICS and not _abbreviation(word):
            named = True
        role = role or word.lower == "of"
        i += 1
        last = i
    return last, _apposition_end(words, last)


def _closes(words: Sequence[Word], i: int) -> bool:
    """Whether a comma or a bracket follows the capitalised words that begin at `i`."""
    while i < len(words) and words[i].capital:
        i += 1
    return i < len(words) and words[i].text in ",("


def _begins_name(words: Sequence[Word], i: int) -> bool:
    """Whether a name begins after a comma: no place, no day."""
    if i >= len(words) or not words[i].capital:
        return False
    while i < len(words) and words[i].lower in HONORIFICS:
        i += 1
    if i >= len(words) or not words[i].capital:
        return False
    return words[i].lower not in SENTENCE_WORDS and (words[i].lower not in NO_NAMES or words[i].lower in ROLES)


def _is_dateline(word: Word) -> bool:
    return word.text.isupper() or word.lower in NO_NAMES or "." in word.text


def _abbreviation(word: Word) -> bool:
    return word.text.isupper() and len(word.text) > 1


def _apposition_end(words: Sequence[Word], last: int) -> int:
    """Where the text goes on after 'Budi, ketua RT,' and 'Budi (38)'."""
    i = last
    if i < len(words) and words[i].text == "(":
        close = next((k for k in range(i + 1, min(i + 8, len(words))) if words[k].text == ")"), None)
        i = close + 1 if close is not None else i
    if i + 1 < len(words) and words[i].text == "," and words[i + 1].lower in ROLES and not words[i + 1].capital:
        stop = next((k for k in range(i + 1, min(i + 16, len(words))) if words[k].text == ","), None)
        if stop is not None:
            return stop
    return i


def speaker_before(words: Sequence[Word], low: int, verb: int) -> tuple[int, int]:
    """The words, first to last (exclusive), of the subject of the verb at `verb`, not before `low`."""
    last = verb
    while (
        last > low
        and (words[last - 1].lower in ADVERBS or words[last - 1].text == "-")
        and not (words[last - 1].capital and words[last - 1].lower not in OPENERS)
    ):
        last -= 1
    if last <= low:
        return low, low
    if words[last - 1].text == ",":
        # 'Budi, ketua RT, mengatakan'; 'Budi di Jakarta, Selasa (23/6), mengatakan': the name stands before.
        return _before_comma(words, low, last - 1)
    first = last
    depth = 0
    while first > low:
        word = words[first - 1]
        if word.text == ")":
            depth += 1
        elif word.text == "(":
            depth -= 1
        elif depth == 0 and word.text in ",;:":
            if word.text == "," and _is_role_before(words, low, first - 1):
                first -= 1
                continue
            if word.text == "," and words[first].lower in ROLES and not words[first].capital:
                # 'Budi, ketua RT menilai': the name stands before the comma.
                begin, stop = _trim(words, max([low, *(k + 1 for k in range(low, first - 1) if words[k].text == ",")]), first - 1)
                if begin < stop and words[begin].capital and words[begin].lower not in NO_NAMES:
                    return begin, stop
            break
        elif depth == 0 and word.text in "-–—" and (first < 2 or word.text != "-" or _is_dateline(words[first - 2])):
            break
        first -= 1
    begin, stop = _trim(words, first, last)
    if first > low and words[first - 1].text == "," and (begin == stop or words[begin].lower in STOPS):
        # 'Budi, dalam keterangannya, mengaku'
        return _before_comma(words, low, first - 1)
    return begin, stop


def _is_role_before(words: Sequence[Word], low: int, comma: int) -> bool:
    """Whether what stands before a comma is a role of the name after it: 'Ketua RT, Budi'; or part of an institution's name."""
    following = words[comma + 1]
    if not following.capital and following.lower != "dan":
        return False
    begin = comma
    while begin > low and words[begin - 1].text not in ",;:":
        begin -= 1
    part = [w for w in words[begin:comma] if w.text not in "()"]
    skipped = [w for w in part if w.lower not in SENTENCE_WORDS or w.lower in NO_NAMES]
    if not skipped:
        return False
    return skipped[0].lower in (ROLES | INSTITUTIONS) and all(
        not w.capital or w.lower in NO_NAMES or _abbreviation(w) or w.lower in HONORIFICS for w in skipped
    )


def _before_comma(words: Sequence[Word], low: int, comma: int) -> tuple[int, int]:
    """The subject that stands before an apposition, a place or a date between commas."""
    begins = [low, *(k + 1 for k in range(low, comma) if words[k].text == ",")]
    ends = [*(k for k in range(low, comma) if words[k].text == ","), comma]
    parts = list(zip(begins, ends, strict=True))
    for first, last in reversed(parts):
        if words[first].lower == "yang":
            continue
        first, stop = _trim(words, first, last)
        if first < stop and is_speaker(words[first]) and words[first].lower not in STOPS:
            named = any(w.capital and w.lower not in NO_NAMES and not _abbreviation(w) for w in words[first:stop])
            if named or first == parts[0][0] or len(parts) == 1:
                return first, stop
    first, stop = _trim(words, *parts[0])
    return first, stop


def _trim(words: Sequence[Word], first: int, last: int) -> tuple[int, int]:
    """The phrase without connectives before it, and without what follows the speaker: a place, a date, a relative clause."""
    if first < last and words[first].lower in STOPS and words[first].lower not in DEMONSTRATIVES:
        # 'Pada Sabtu (14/9) KPI mengumumkan'; 'Pada hari ini Presiden meminta'
        close = max((k for k in range(first, last) if words[k].text == ")"), default=None)
        if close is not None and close + 1 < last:
            first = close + 1
        else:
            first = next(
                (k for k in range(first + 2, last) if is_speaker(words[k]) and words[k - 1].lower not in _BEFORE_PLACE), first
            )
    while first < last and (
        (words[first].lower in OPENERS and words[first].lower not in ROLES)
        or words[first].text in "-,–—"
        or words[first].lower in ADVERBS
    ):
        if words[first].lower == "pihak":
            break
        first += 1
    named = False
    for k in range(first + 1, last):
        named = named or (
            words[k - 1].capital and words[k - 1].lower not in NO_NAMES and words[k - 1].lower not in SENTENCE_WORDS
        )
        if words[k].lower in STOPS and not words[k].capital and words[k].lower not in DEMONSTRATIVES:
            if words[k].lower in _CLAUSE and not is_speaker(words[first]) and k + 1 < last and is_speaker(words[k + 1]):
                # '... menjadi sorotan usai Kejaksaan Agung menyatakan'
                return _trim(words, k + 1, last)
            if not named and words[last - 1].lower in DEMONSTRATIVES and all(w.text not in ",;:" for w in words[first:last]):
                # 'Sosok terpandang di kota itu menilai'
                return first, last
            if (
                not named
                and k > first
                and words[k].lower == "di"
                and is_speaker(words[first])
                and k + 3 >= last
                and words[k + 1].capital
            ):
                # 'Para diplomat di PBB mengatakan'
                return first, last
            return first, k
        if words[k].lower in DEMONSTRATIVES and not words[k].capital:
            return first, k + 1
    return first, last
