"""Labelled records: JSON lines, each an article with its labels by task and its evidence."""

from __future__ import annotations

import gzip
import json
import shlex
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sorot.data.article import Article, Source
from sorot.data.errors import SorotError
from sorot.data.labels.checks import evidence_sentences, find_faults, find_oddities
from sorot.data.labels.exchange.tools import TITLES, Tool, guess_tool
from sorot.data.reading.fields.markup import plain_line, plain_text
from sorot.data.reading.streams import READ_ERRORS
from sorot.data.taxonomy import Taxonomy, Value
from sorot.data.text.dates import parse_date
from sorot.data.text.encodings import mend, valid_name

MAX_MESSAGES = 20
MAX_ID = 60


class LabelError(SorotError):
    """Labelled records have mistakes: one per line of the message, each with file, line and cure."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of an article that shows a label of a task."""

    task: str
    label: str
    sentence: str


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """An article with its labels by task; a task that is absent or None is not labelled.

    Near-duplicates share a `group`, which splits keep together. `weight` scales the record's training loss; training
    repeats the record `repeat` times per epoch; `wide` lets the linear part learn from it too. `annotator` gave the
    labels, if known. `evidence` is a stretch of the article that shows its labels, or the first sentence of `marks`, which
    have the label that each shows.
    """

    article: Article
    labels: Mapping[str, Value]
    evidence: str = ""
    group: str | None = None
    weight: float = 1.0
    repeat: int = 1
    wide: bool = True
    annotator: str | None = None
    marks: tuple[Mark, ...] = ()


Texts = Path | Mapping[str, Mapping[str, Any]]


def read_labelled(path: Path, taxonomy: Taxonomy, texts: Texts | None = None) -> list[LabelledArticle]:
    """The records of a labelled JSONL file (or .jsonl.gz). Raises LabelError that lists the mistakes.

    `texts` holds articles that licences keep apart from their labels: a JSONL file, or the articles by id. A record
    without a text takes it, with title, outlet, date and url, from the article of the same id. Its evidence may then give the
    place of a sentence in the text, `start` and `end` (characters from 0, end excluded), instead of the sentence.
    """
    if foreign := _foreign(path, taxonomy):
        raise LabelError(foreign)
    rows: list[LabelledArticle] = []
    mistakes: list[str] = []
    for number, raw, fault, _ in _joined(path, texts):
        faults = [fault] if fault else find_faults(raw, taxonomy)
        mistakes += [f"{valid_name(path)}:{number}: {f}" for f in faults]
        if not faults:
            rows.append(make_record(raw, path, number, taxonomy))
    list_mistakes(mistakes)
    return rows


def _foreign(path: Path, taxonomy: Taxonomy) -> str | None:
    """What a file is and how to convert it, if it has the format of another tool."""
    tool = guess_tool(path, taxonomy)
    if tool in (None, Tool.SOROT):
        return None
    name, new = valid_name(path), valid_name(path.with_name(f"{path.name.split('.')[0]}.sorot.jsonl"))
    command = f"sorot convert {shlex.quote(name)} -o {shlex.quote(new)}"
    return f"{name}: is {TITLES[tool]}, and labelled records are JSON lines of Sorot's own; convert it: {command}"


def list_mistakes(mistakes: Sequence[str]) -> None:
    """Raise LabelError with the first MAX_MESSAGES mistakes, one per line, if there are any."""
    if mistakes:
        more = [f"... and {len(mistakes) - MAX_MESSAGES} more"] if len(mistakes) > MAX_MESSAGES else []
        raise LabelError("\n".join([*mistakes[:MAX_MESSAGES], *more]))


_ARTICLE_KEYS = ("title", "text", "outlet", "date", "url", "group")


def _joined(path: Path, texts: Texts | None) -> Iterator[tuple[int, dict[str, Any], str | None, Set[str]]]:
    """The lines of a labelled file; a line without a text is completed from the article of the same id in `texts`.

    Gives the line number, the record, its mistake or None, and the keys that stand in the labelled file itself.
    """
    if texts is None:
        yield from ((number, raw, fault, raw.keys()) for number, raw, fault in _lines(path))
        return
    wanted = {_id(raw) for _, raw, fault in _lines(path) if not fault} - {None}
    name, candidates = (
        (valid_name(texts), ((_id(raw), raw) for _, raw, fault in _lines(texts) if not fault))
        if isinstance(texts, Path)
        else ("the texts", texts.items())
    )
    articles = {key: {part: raw[part] for part in _ARTICLE_KEYS if part in raw} for key, raw in candidates if key in wanted}
    for number, raw, fault in _lines(path):
        key = _id(raw)
        if fault or "text" in raw:
            yield number, raw, fault, raw.keys()
        elif key in articles:
            yield (
                number,
                {**articles[key], **raw, **_sentences_at(raw.get("evidence"), articles[key].get("text"))},
                None,
                raw.keys(),
            )
        else:
            named = "without an id" if key is None else repr(key[:MAX_ID])
            yield number, {}, f"no article {named} in {name}; take the label out or mend its id", raw.keys()


def _sentences_at(evidence: object, text: object) -> dict[str, Any]:
    """Evidence with each sentence that is given by its place, `start` and `end` in `text`; {} if there is none to look up."""
    if not isinstance(evidence, list) or not isinstance(text, str):
        return {}
    return {"evidence": [_sentence_at(entry, text) if isinstance(entry, dict) else entry for entry in evidence]}


def _sentence_at(entry: dict[str, Any], text: str) -> dict[str, Any]:
    start, end = entry.get("start"), entry.get("end")
    if "sentence" in entry or not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= len(text):
        return entry
    return {**entry, "sentence": text[start:end]}


def validate_labelled(path: Path, taxonomy: Taxonomy, texts: Path | None = None) -> list[str]:
    """Every mistake of a labelled file as 'file:line: mistake; cure', including those that training tolerates.

    Training tolerates a repeated id, evidence that is not in the article, an unreadable date, an unknown key, a record
    without a label, and a file without records. `texts` as in `read_labelled`.
    """
    if foreign := _foreign(path, taxonomy):
        return [foreign]
    name = valid_name(path)
    mistakes: list[str] = []
    seen: dict[str, int] = {}
    empty = True
    for number, raw, fault, own in _joined(path, texts):
        empty = False
        faults = [fault] if fault else find_faults(raw, taxonomy)
        key = _id(raw)
        if key is not None and not faults:
            if key in seen:
                faults.append(f"id {key[:MAX_ID]!r} stands already on line {seen[key]}; give each record its own")
            seen.setdefault(key, number)
        if not fault:
            # Only this file's own keys: its author cannot correct the articles in `texts`.
            faults += find_oddities(raw, own, taxonomy)
        mistakes += [f"{name}:{number}: {f}" for f in faults]
    if empty:
        mistakes.append(f"{name}: holds no records; write one JSON object a line")
    return mistakes


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any], str | None]]:
    """For each line that is not blank: its number, its object, and its mistake or None."""
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    text = line.decode("utf-8-sig" if number == 1 else "utf-8")
                    raw = json.loads(text) if text.strip() else None
                except UnicodeDecodeError:
                    yield number, {}, "not UTF-8; save the file as UTF-8"
                except RecursionError:
                    yield number, {}, "nested too deeply; write one plain object a line"
                except ValueError as error:
                    yield number, {}, f"not valid JSON ({error}); write one object a line"
                else:
                    if isinstance(raw, dict):
                        yield number, raw, None
                    elif text.strip():
                        yield number, {}, "not a JSON object; write one object a line"
    except READ_ERRORS as error:
        reason = getattr(error, "strerror", None) or error
        raise LabelError(f"{valid_name(path)}: cannot be read ({reason}); name a JSONL file of labelled records") from error


def _id(raw: Mapping[str, Any]) -> str | None:
    """A record's id as text, or None."""
    key = raw.get("id")
    return str(key) if isinstance(key, (str, int, float)) and key != "" else None


def make_record(raw: Mapping[str, Any], path: Path, number: int, taxonomy: Taxonomy) -> LabelledArticle:
    """The labelled article of a faultless record, read from line `number` of `path`."""
    # Repaired and without markup, as by every reader, so that training and serving see the same text.
    title, outlet = (plain_line(mend(raw.get(key) or "")) for key in ("title", "outlet"))
    evidence = raw.get("evidence")
    sentences = [plain_line(mend(sentence)) for sentence in evidence_sentences(evidence)]
    entries = evidence if isinstance(evidence, list) else []
    marks = tuple(Mark(e["task"], e["label"], sentence) for e, sentence in zip(entries, sentences, strict=False))
    article = Article(
        id=_id(raw) or valid_name(f"{path.stem}-{number}"),
        body=plain_text(mend(raw["text"])),
        title=title or None,
        outlet=outlet or None,
        published=parse_date(str(raw["date"])) if raw.get("date") else None,
        url=raw.get("url") or None,
        source=Source(valid_name(path), number),
    )
    given = [(task, raw.get(task.key)) for task in taxonomy.tasks]
    return LabelledArticle(
        article=article,
        labels={task.key: tuple(value) if task.many and value is not None else value for task, value in given},
        evidence=sentences[0] if sentences else "",
        group=str(raw["group"]) if raw.get("group") else None,
        annotator=str(raw["annotator"]) if raw.get("annotator") else None,
        marks=marks,
    )
