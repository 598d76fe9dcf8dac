"""Labelled records: one JSON object a line, an article with its topics, stance, sentiment and evidence."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.article import Article, Source
from data.errors import SorotError
from data.fields import parse_date
from data.taxonomy import Taxonomy

MAX_MESSAGES = 20


class LabelError(SorotError):
    """Labelled records are wrong; one line a mistake, each naming file, line and cure."""


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """An article with its labels; None means 'not labelled for this task'.

    `group` is shared by near-duplicates, which no split parts; `weight` scales the record's loss in
    training, an epoch of which sees it `repeat` times; `wide` says whether the linear part learns from it as well.
    """

    article: Article
    topics: tuple[str, ...] | None
    stance: str | None
    sentiment: str | None
    evidence: str = ""
    group: str | None = None
    weight: float = 1.0
    repeat: int = 1
    wide: bool = True


def read_labelled(path: Path, taxonomy: Taxonomy, texts: Path | None = None) -> list[LabelledArticle]:
    """Read a labelled JSONL file (or .jsonl.gz); LabelError lists every line that is wrong.

    `texts` is a JSONL file of articles that may not be passed on with their labels: records without a text take theirs,
    with title, outlet, date and url, from the article of the same id.
    """
    rows: list[LabelledArticle] = []
    mistakes: list[str] = []
    for number, raw, fault in _joined(path, texts):
        faults = [fault] if fault else _check(raw, taxonomy)
        mistakes += [f"{path}:{number}: {f}" for f in faults]
        if not faults:
            rows.append(_record(raw, path, number))
    if mistakes:
        more = [f"... and {len(mistakes) - MAX_MESSAGES} more"] if len(mistakes) > MAX_MESSAGES else []
        raise LabelError("\n".join(mistakes[:MAX_MESSAGES] + more))
    return rows


_ARTICLE_KEYS = ("title", "text", "outlet", "date", "url", "group")


def _joined(path: Path, texts: Path | None) -> Iterator[tuple[int, dict[str, Any], str | None]]:
    """The lines of a labelled file, those without a text completed from the article of the same id in `texts`."""
    if texts is None:
        yield from _lines(path)
        return
    wanted = {str(raw.get("id")) for _, raw, fault in _lines(path) if not fault}
    articles = {
        str(raw["id"]): {key: raw[key] for key in _ARTICLE_KEYS if key in raw}
        for _, raw, fault in _lines(texts)
        if not fault and str(raw.get("id")) in wanted
    }
    for number, raw, fault in _lines(path):
        if fault or "text" in raw:
            yield number, raw, fault
        elif str(raw.get("id")) in articles:
            yield number, {**articles[str(raw["id"])], **raw}, None
        else:
            yield number, {}, f"no article {raw.get('id')!r} in {texts}; take the label out or mend its id"


def validate_labelled(path: Path, taxonomy: Taxonomy, texts: Path | None = None) -> list[str]:
    """Every mistake of a labelled file as 'file:line: what; cure', plus ids and evidence, which training forgives.

    `texts` as in `read_labelled`.
    """
    mistakes = []
    seen: dict[str, int] = {}
    for number, raw, fault in _joined(path, texts):
        faults = [fault] if fault else _check(raw, taxonomy)
        if not faults:
            key = str(raw.get("id"))
            if key in seen:
                faults.append(f"id {key!r} stands already on line {seen[key]}; give each record its own")
            seen.setdefault(key, number)
            evidence = raw.get("evidence") or ""
            if evidence and evidence not in raw["text"] and evidence not in (raw.get("title") or ""):
                faults.append("evidence is not a verbatim stretch of text or title; copy it from there")
        mistakes += [f"{path}:{number}: {f}" for f in faults]
    return mistakes


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any], str | None]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                try:
                    raw = json.loads(line)
                except ValueError as error:
                    yield number, {}, f"not valid JSON ({error}); write one object a line"
                    continue
                if isinstance(raw, dict):
                    yield number, raw, None
                else:
                    yield number, {}, "not a JSON object; write one object a line"
    except (OSError, UnicodeDecodeError, EOFError) as error:
        raise LabelError(f"{path}: cannot be read ({error}); name a UTF-8 JSONL file of labelled records") from error


def _check(raw: dict[str, Any], taxonomy: Taxonomy) -> list[str]:
    faults = []
    text = raw.get("text")
    if not isinstance(text, str) or not text.strip():
        faults.append("no text; give the article's body under 'text'")
    topics = raw.get("topics")
    if topics is not None:
        known = taxonomy.labels("topics")
        if not isinstance(topics, list) or not all(isinstance(t, str) for t in topics):
            faults.append(f"topics must be a list of {', '.join(known)}")
            topics = None
        else:
            faults += [f"unknown topic {t!r}; use {', '.join(known)}" for t in topics if t not in known]
            if len(set(topics)) < len(topics):
                faults.append("a topic stands twice; name each once")
    for task in ("stance", "sentiment"):
        label = raw.get(task)
        known = taxonomy.labels("stance" if task == "stance" else "sentiment")
        if label is not None and label not in known:
            faults.append(f"unknown {task} {label!r}; use {', '.join(known)}")
    default = taxonomy.stance_without_topic
    if topics == [] and default is not None and raw.get("stance") not in (None, default):
        faults.append(f"stance is {raw.get('stance')!r} though no topic holds; use {default!r} or add the topic")
    return faults


def _record(raw: dict[str, Any], path: Path, number: int) -> LabelledArticle:
    article = Article(
        id=str(raw.get("id") or f"{path.stem}-{number}"),
        body=raw["text"],
        title=raw.get("title") or None,
        outlet=raw.get("outlet") or None,
        published=parse_date(str(raw["date"])) if raw.get("date") else None,
        url=raw.get("url") or None,
        source=Source(str(path), number),
    )
    topics = raw.get("topics")
    return LabelledArticle(
        article=article,
        topics=None if topics is None else tuple(topics),
        stance=raw.get("stance"),
        sentiment=raw.get("sentiment"),
        evidence=raw.get("evidence") or "",
        group=raw.get("group") or None,
    )
