"""Sentence splitting for Indonesian news, with offsets into the text.

Rules, not a model: a full stop, question or exclamation mark or ellipsis ends a sentence when what follows looks like a
beginning, unless the word before it is an abbreviation, an initial, a number or part of a name such as
`REPUBLIKA.CO.ID`. Closing quotes and brackets belong to the sentence they close; a quote that is followed by its
attribution ("... ini," kata dia.) is not cut, as the attribution begins in lower case.
"""

from __future__ import annotations

import re

# Titles, degrees and names that precede what they belong to: a stop after them never ends a sentence.
_BEFORE_NAME = frozenset(
    """
    ac adv akp aiptu aipda akbp alm apt bid brig brigjen bripda bripka briptu capt cpl dr dra drg drh drs gub h hj
    hkm ir irjen iptu ipda jend jl jln k kab kap kapt kec kel kep ket kh kol kombes komjen kompol kopda kopka kpt
    laks laksda laksma let letda letjen letkol lettu mar marsda marsma mayjen mgr mr mrs ms muh moh m no ny nn pdt
    pgs plt plh pol pratu prof prop prov prada praka ps psi purn r rm rr rs rp rw rt sdr sdri serda serka serma
    sertu st sr sri sultan tb tgk tn tsk ust vol wkl yth bpk ib hal ps ay art no nomor pt cv ud fa pd tbk sp spd sag
    se sh si sos st mt mh mm mpd msi mkes msc mba phd ba bsc ma lc
    """.split()
)
# Abbreviations that may end a sentence: a cut follows only when a capital does.
_MAY_END = frozenset(
    """
    dll dsb dkk dst tsb sbb tbk inc ltd corp co wib wita wit spd se sh st mt mh mm mpd msi mkes msc mba phd sos lc
    ma
    """.split()
)

_END = re.compile(r"(?P<mark>\.{2,}|…|[.!?]+)(?P<close>[\"'”’»)\]]*)(?P<space>\s*)")
_WORD_BEFORE = re.compile(r"[\w'’-]+(?:\.[\w'’-]+)*$")
_OPENERS = "\"'“‘«([-–—•*"


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Half-open character spans of the sentences, in order.

    No span crosses a line break or has white space at either end; every other character is in exactly one span. Time is
    linear in the length of the text.
    """
    spans: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n\r\u2028\u2029\x0b\x0c\x1c-\x1e\x85]+", text):
        _split_line(text, line.start(), line.end(), spans)
    return spans


def _split_line(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    at = start
    for mark in _END.finditer(text, start, end):
        if mark.end() < end and _is_end(text, start, end, mark):
            _append(text, at, mark.end("close"), spans)
            at = mark.end("close")
    _append(text, at, end, spans)


def _append(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        start += len(piece) - len(piece.lstrip())
        spans.append((start, start + len(stripped)))


def _is_end(text: str, start: int, end: int, mark: re.Match[str]) -> bool:
    following = text[mark.end() : min(end, mark.end() + 4)].lstrip(_OPENERS + " ")
    if not following:
        return bool(mark["space"])
    begins = following[0].isupper() or (following[0].isdigit() and bool(mark["space"]))
    if mark["mark"] != ".":
        return begins and bool(mark["space"] or mark["close"])
    # 60 characters hold any abbreviation and keep the look-back constant.
    before = _WORD_BEFORE.search(text[max(start, mark.start() - 60) : mark.start()])
    word = before[0] if before else ""
    if not mark["space"] and not mark["close"]:
        return _is_glued_end(word, text[mark.end() : min(end, mark.end() + 2)])
    return begins and not _is_abbreviation(word, bool(mark["close"]))


def _is_glued_end(word: str, following: str) -> bool:
    """'selesai.Kemudian': scraped text lost the space. Names like REPUBLIKA.CO.ID and Liputan6.com are not cut."""
    return (
        len(word) > 2
        and word[-2:].islower()
        and "." not in word
        and len(following) == 2
        and following[0].isupper()
        and following[1].islower()
    )


def _is_abbreviation(word: str, closed: bool) -> bool:
    if not word or closed:
        return False
    last = word.rsplit(".", 1)[-1]
    lower = last.lower()
    if lower in _MAY_END:
        return False
    if "." in word and len(last) <= 2 and last[0].isupper():
        return True  # M.Si., S.H., initials in a row
    return (len(last) == 1 and last.isalpha()) or (
        lower in _BEFORE_NAME and (last[0].isupper() or lower in ("no", "jl", "hal", "rp"))
    )
