"""Sentence splitting for Indonesian news, with offsets into the text.

Rules, not a model: a full stop, question or exclamation mark or ellipsis ends a sentence when what follows looks like a
beginning, unless the word before it is an abbreviation, an initial, a number or part of a name such as
`REPUBLIKA.CO.ID`. Closing quotes and brackets belong to the sentence they close; a quote that is followed by its
attribution ("... ini," kata dia.) is not cut, as the attribution begins in lower case.
"""

from __future__ import annotations

import re

# Titles, degrees and abbreviations that precede a name: a full stop after them does not end the sentence, unless the
# next word can only begin one.
_BEFORE_NAME = frozenset(
    """
    abd ac adv akp aiptu aipda akbp alm apt bid brig brigjen bripda bripka briptu capt cpl dr dra drg drh drs gub h hj
    hkm ir irjen iptu ipda jend jkt jl jln k kab kap kapt kec kel kep ket kh kol kombes komjen kompol kopda kopka kpt
    laks laksda laksma let letda letjen letkol lettu mar marsda marsma mayjen mgr mr mrs ms muh moh m no ny nn pdt
    pgs plt plh pol pratu prof prop prov prada praka ps psi purn r rm rr rs rp rw rt sdr sdri serda serka serma
    sertu st sr sri sultan tb tgk tn tsk ust vol wkl yth bpk ib hal ps ay art no nomor pt cv ud fa pd tbk gd cq ttd sp spd sag
    se sh si sos st mt mh mm mpd msi mkes msc mba phd ba bsc ma lc
    """.split()
)
# These precede a name or number even in lower case.
_SMALL_BEFORE_NAME = frozenset("no jl hal hlm rp dr drg drh lt pkl tgl thn th cq ttd gd".split())
# In all capitals, only these precede a name; others of the same letters are acronyms, such as the party PSI, and may
# end a sentence: 'Ia anggota PSI. Partainya baru.'
_CAPITALS_BEFORE_NAME = frozenset("PT CV UD RS KH KRT RM RR DR DRS IR HJ AKP AKBP AIPTU AIPDA IPDA IPTU NO JL MR".split())
# Before a number, acronyms of places are abbreviations too: 'RT. 03 RW. 05'.
_CAPITALS_BEFORE_NUMBER = frozenset("RT RW KM HAL".split())
# Abbreviations that may end a sentence: the text is cut only if a capital follows.
_MAY_END = frozenset(
    """
    dll dsb dkk dst tsb sbb tbk inc ltd corp co wib wita wit spd se sh st mt mh mm mpd msi mkes msc mba phd sos lc
    ma
    """.split()
)
# Function words, never names: before them, even an abbreviation or an initial ends the sentence.
_STARTER = re.compile(
    r"(?:Ia|Dia|Mereka|Kami|Kita|Saya|Beliau|Namun|Tetapi|Tapi|Menurut|Selain|Sementara|Sedangkan|Kemudian|Lalu|Karena"
    r"|Jika|Bila|Hal (?:itu|ini)|Itu|Ini|Dalam|Pada|Dengan|Untuk|Dari|Setelah|Sebelum|Sebelumnya|Saat|Ketika|Adapun)\b"
)
# A degree follows a name and a comma: 'Budi, S.Pd. Warga datang.' is two sentences, 'S.H. Nasution' is a name.
_DEGREE = re.compile(r",\s*(?:[SMAD]\.\w{1,4}|Ph\.D|S\.ST|M\.Sc)$")
_SITE_ENDING = re.compile(r"(?:Com|Co|Id|Net|Org|Tv)\b")

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
        if mark.end() < end and _is_end(text, at, end, mark):
            cut = mark.end("close") - _opening_quote(text, mark)
            _append(text, at, cut, spans)
            at = cut
    _append(text, at, end, spans)


def _append(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        start += len(piece) - len(piece.lstrip())
        spans.append((start, start + len(stripped)))


def _opening_quote(text: str, mark: re.Match[str]) -> int:
    """1 if the last closing quote opens the next sentence, as in 'polisi.""Saya' with its space lost; else 0."""
    close = mark["close"]
    lost = len(close) >= 2 and close[-1] == close[-2] and close[-1] in "\"'" and not mark["space"]
    return int(lost and text[mark.end()].isalpha())


def _is_end(text: str, start: int, end: int, mark: re.Match[str]) -> bool:
    """Whether a mark ends the sentence that begins at `start`."""
    if mark["mark"] == "." and mark["space"] and _is_item_number(text, start, mark.start()):
        return False
    following = text[mark.end() : min(end, mark.end() + 16)].lstrip(_OPENERS + " ")
    if not following:
        return bool(mark["space"])
    begins = following[0].isupper() or (following[0].isdigit() and bool(mark["space"]))
    if mark["mark"] != ".":
        return begins and bool(mark["space"] or mark["close"])
    # 60 characters hold any abbreviation and keep the look-back constant.
    before = text[max(start, mark.start() - 60) : mark.start()]
    # A word has no space in it, so only the text after the last space is searched.
    match = None if before[-1:].isspace() else _WORD_BEFORE.search(before.rsplit(None, 1)[-1] if before else "")
    word = match[0] if match else ""
    if not mark["space"] and not mark["close"]:
        # '12/Pid.Sus/2019' is a case number.
        return not before.endswith("/" + word) and _is_glued_end(word, following)
    if not begins or _STARTER.match(following) or _DEGREE.search(before):
        return begins
    # A closing bracket keeps an abbreviation, 'Jenderal (Purn.) A.H. Nasution'; a closing quote ends the sentence.
    return mark["close"] not in ("", ")") or not _is_abbreviation(word, following)


def _is_item_number(text: str, start: int, stop: int) -> bool:
    """Whether a sentence begins with a list number, as in '1. Menghapus konten.'"""
    return stop - start <= 4 and re.fullmatch(r"\s*\d{1,2}", text[start:stop]) is not None


def _is_glued_end(word: str, following: str) -> bool:
    """Whether a sentence ends without a space, as in 'selesai.Kemudian'; REPUBLIKA.CO.ID and Kompas.Com are names."""
    return (
        len(word) > 2
        and word[-2:].islower()
        and "." not in word
        and len(following) >= 2
        and following[0].isupper()
        and following[1].islower()
        and _SITE_ENDING.match(following) is None
    )


def _is_abbreviation(word: str, following: str) -> bool:
    if not word:
        return False
    last = word.rsplit(".", 1)[-1]
    lower = last.lower()
    if last == "St":
        return True  # 'St. Petersburg'; the degree is ST
    if lower in _MAY_END:
        return False
    if "." in word and len(last) <= 2 and last[0].isupper():
        return True  # M.Si., S.H., initials in a row
    if last in _CAPITALS_BEFORE_NUMBER and following[0].isdigit():
        return True
    title = last.istitle() or last in _CAPITALS_BEFORE_NAME
    return (len(last) == 1 and last.isalpha()) or (title and lower in _BEFORE_NAME) or last in _SMALL_BEFORE_NAME
