"""Reads subtitles (SubRip, WebVTT, SBV, Advanced SubStation) as a transcript."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from html import unescape

from sorot.data.article import Article, Reject, Source
from sorot.data.reading.columns import Columns
from sorot.data.reading.origin import Inner, Origin
from sorot.data.reading.streams import MAX_WHOLE_BYTES, Stream
from sorot.data.text.encodings import decode

_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_CUE = re.compile(rf"\s*(?P<begin>{_TIME})\s*(?:-->|,(?=\d))\s*(?P<end>{_TIME})(?:\s+\S+:\S+)*\s*")
_DIALOGUE = re.compile(r"Dialogue:\s*[^,]*,(?P<begin>[\d:.]+),(?P<end>[\d:.]+),(?:[^,]*,){6}(?P<text>.*)")
_BEGIN = re.compile(
    rf"WEBVTT\b|\[Script Info\]|(?:\d+[ \t]*\n)?[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}|{_TIME},{_TIME}[ \t]*\n", re.IGNORECASE
)
_TAGS = re.compile(r"<[^<>\n]*>|\{\\[^{}\n]*\}")
_SOUND = re.compile(r"[\[(][^\])\n]{1,60}[\])]|[♪♫#]+")
_SPEAKER = re.compile(r"^(?:>>+|[-–])\s*")
_END = re.compile(r"[.!?…][\"'”’)\]]*$")
# A paragraph ends with a sentence that follows this many characters, or with which the speaker pauses (seconds);
# a transcript without full stops is broken at twice the length.
PARAGRAPH, PAUSE = 300, 2.0


def looks_like_subtitles(start: str) -> bool:
    """Whether a text begins like subtitles."""
    return _BEGIN.match(start) is not None


def read_subtitles(stream: Stream, origin: Origin, columns: Columns, inner: Inner) -> Iterator[Article | Reject]:
    """One article: the spoken words, in sentences and paragraphs, without numbers, times, tags, sounds and repeated lines."""
    del columns, inner
    data = stream.read_whole()
    if data is None:
        yield origin.reject(f"is a transcript larger than {MAX_WHOLE_BYTES // 1_000_000} MB; split it")
        return
    body = "\n\n".join(_paragraphs(_lines(decode(data).lstrip("\ufeff"))))
    if body:
        yield Article(id=origin.stem, body=body, source=Source(origin.file, 1))
    else:
        yield origin.reject("is a file of subtitles in which nothing is said; give another transcript", 1)


def _lines(text: str) -> Iterator[tuple[float, float, str]]:
    """Begin and end in seconds, and the words, of each line that is said; live captions repeat lines, which come once."""
    last: deque[str] = deque(maxlen=2)
    begin = end = 0.0
    inside = False
    rows = text.split("\n")
    for i, row in enumerate(rows):
        spoken = [row]
        if cue := _CUE.fullmatch(row):
            begin, end, inside = _seconds(cue["begin"]), _seconds(cue["end"]), True
            continue
        if dialogue := _DIALOGUE.match(row):
            begin, end, inside = _seconds(dialogue["begin"]), _seconds(dialogue["end"]), True
            spoken = re.split(r"\\[Nn]", dialogue["text"])
        elif not row.strip():
            # After a blank line a cue may go on, but numbers and notes do not belong to it.
            inside = False
            continue
        elif not inside or _names_next_cue(rows, i):
            continue
        for piece in spoken:
            words = " ".join(unescape(_TAGS.sub("", piece)).split())
            words = _SPEAKER.sub("", words)
            if words and not _SOUND.fullmatch(words) and words not in last:
                last.append(words)
                yield begin, end, words


def _names_next_cue(rows: list[str], i: int) -> bool:
    """Whether a line is the number of the cue that follows it without a blank line."""
    return rows[i].strip().isdigit() and i + 1 < len(rows) and _CUE.fullmatch(rows[i + 1]) is not None


def _paragraphs(lines: Iterator[tuple[float, float, str]]) -> Iterator[str]:
    words: list[str] = []
    length, before = 0, 0.0
    for begin, end, text in lines:
        paused = begin - before >= PAUSE
        ended = bool(words) and _END.search(words[-1]) is not None
        if words and ((ended and (length >= PARAGRAPH or paused)) or length >= 2 * PARAGRAPH):
            yield " ".join(words)
            words, length = [], 0
        words.append(text)
        length += len(text) + 1
        before = end
    if words:
        yield " ".join(words)


def _seconds(time: str) -> float:
    seconds = 0.0
    for part in time.replace(",", ".").split(":"):
        seconds = seconds * 60 + float(part)
    return seconds
