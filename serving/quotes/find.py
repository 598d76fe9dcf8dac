"""Finds the quotes of an article: direct and reported speech, and who speaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sorot.serving.quotes.direct import (
    PIECE_WORDS,
    attribution_after,
    attribution_before,
    count_words,
    is_utterance,
    words_between,
)
from sorot.serving.quotes.lists.words import SAY
from sorot.serving.quotes.mentions import mentions_of
from sorot.serving.quotes.names import Names
from sorot.serving.quotes.people_in_text import people_in
from sorot.serving.quotes.quotation_marks import Marked, character_before, find_marked
from sorot.serving.quotes.quote import Quote, QuoteType
from sorot.serving.quotes.reported.content import Clause, trimmed
from sorot.serving.quotes.reported.indirect import clauses_of
from sorot.serving.quotes.reported.passives import judged, referred
from sorot.serving.quotes.sentences import Sentence, Word, find_sentences
from sorot.serving.quotes.speakers import Speakers


@dataclass(frozen=True, slots=True)
class _Found:
    """A quote whose speaker is not resolved yet; `phrase` None means the speaker of a neighbour."""

    type: QuoteType
    start: int
    end: int
    at: int
    cue: str | None
    phrase: tuple[Word, ...] | None
    nobody: bool = False


def find_quotes(title: str | None, body: str) -> tuple[Quote, ...]:
    """The quotes of a cleaned body, in the order of their beginnings. Time is linear in the length of the body."""
    marked = find_marked(body)
    sentences = find_sentences(body, marked)
    found: list[_Found] = []
    # Where the quotes of the sentence before begin in `found`, and those of this one.
    recent = own = 0
    for number, sentence in enumerate(sentences):
        recent, own = own, len(found)
        clauses = list(clauses_of(body, sentence))
        if not clauses and not sentence.marked and (clause := judged(body, sentence)):
            clauses = [clause]
        found += [_reported(c) for c in clauses]
        for k, quotation in enumerate(sentence.marked):
            found += _direct(body, sentences, number, k, quotation, clauses)
        if (said := referred(body, sentence)) and number and not sentence.marked:
            before = sentences[number - 1]
            if not before.marked and not any(before.start <= f.start < before.end for f in found[recent:]):
                start, end = trimmed(body, before.start, before.end)
                if start < end:
                    found.append(_Found("indirect", start, end, said[1], said[0], said[2]))
    if not found:
        return ()
    people = people_in(body, sentences)
    mentions = [mentions_of(sentence, people) for sentence in sentences]
    names = Names(title, sentences, mentions, body)
    speakers = Speakers(body, sentences, mentions, names)
    return _resolved(body, found, speakers)


def _reported(clause: Clause) -> _Found:
    return _Found(
        "indirect", clause.start, clause.end, clause.at, clause.cue, None if clause.same else clause.phrase, clause.nobody
    )


def _direct(
    text: str, sentences: Sequence[Sentence], number: int, k: int, quotation: Marked, clauses: Sequence[Clause]
) -> list[_Found]:
    """The quotation `k` of a sentence as a quote, or nothing."""
    sentence = sentences[number]
    size = count_words(text, quotation)
    if size == 0:
        return []
    content = text[quotation.start : quotation.end]
    low = sentence.marked[k - 1].close if k else sentence.start
    high = sentence.marked[k + 1].open if k + 1 < len(sentence.marked) else sentence.end
    after = words_between(sentence, quotation.close, high)
    before = words_between(sentence, low, quotation.open)
    if not after and high == sentence.end and number + 1 < len(sentences) and content[-1] in ",.!?":
        following = sentences[number + 1]
        lead = following.words[:1]
        if lead and (lead[0].lower in SAY or lead[0].lower[:-3] in SAY) and not following.marked[:1]:
            after = list(following.words)
    utterance = is_utterance(text, quotation)
    attribution = attribution_after(after, content) if utterance or size >= 3 else None
    if attribution is not None and not utterance:
        gap = text[quotation.close : attribution.at].strip()
        attribution = attribution if len(gap) <= 1 and size >= 2 else None
    leading = character_before(text, quotation.open)
    if attribution is None and before and (utterance or leading in ":" or size >= PIECE_WORDS):
        led = leading in ":,"
        close = len(before) and attribution_before(before)
        if close and (
            led or (before[-1].end == close.end and before[-1].start == close.at) or (utterance and size >= PIECE_WORDS)
        ):
            attribution = close
    if attribution is not None:
        return [_Found("direct", quotation.start, quotation.end, attribution.at, attribution.cue, attribution.phrase)]
    holder = next((c for c in clauses if c.start <= quotation.open and quotation.close <= c.end + 1), None)
    if holder is not None:
        if size >= PIECE_WORDS and not _is_title(text, quotation):
            return [
                _Found("direct", quotation.start, quotation.end, holder.at, holder.cue, None if holder.same else holder.phrase)
            ]
        return []
    if utterance and size >= 3 and not before and not after:
        return [_Found("direct", quotation.start, quotation.end, quotation.open, None, None)]
    return []


def _is_title(text: str, quotation: Marked) -> bool:
    words = text[quotation.start : quotation.end].split()
    return sum(w[0].isupper() for w in words) > 0.6 * len(words)


def _resolved(text: str, found: list[_Found], speakers: Speakers) -> tuple[Quote, ...]:
    quotes: list[Quote] = []
    last: str | None = None
    pending: list[int] = []
    for item in sorted(found, key=lambda f: f.at):
        if item.nobody:
            speaker = None
        elif item.phrase is None:
            speaker = last
            if last is None:
                pending.append(len(quotes))
        else:
            speaker = speakers.resolve(item.phrase, item.at)
            if speaker is None:
                # 'Menurut dia' before any name: the first who speaks by name.
                pending.append(len(quotes))
                quotes.append(Quote(item.type, item.start, item.end, text[item.start : item.end], None, item.cue))
                continue
            last = speaker
            for index in pending:
                q = quotes[index]
                quotes[index] = Quote(q.type, q.start, q.end, q.text, speaker, q.cue)
            pending = []
        quotes.append(Quote(item.type, item.start, item.end, text[item.start : item.end], speaker, item.cue))
    return tuple(sorted(quotes, key=lambda q: (q.start, -q.end)))
