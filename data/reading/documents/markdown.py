"""Reads Markdown, with or without front matter, as tools that save pages write it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sorot.data.article import Article, Reject, Source
from sorot.data.errors import InputError
from sorot.data.reading.columns import USUAL, Columns
from sorot.data.reading.fields.date_order import read_date
from sorot.data.reading.fields.markup import plain_line, plain_text
from sorot.data.reading.origin import Inner, Origin
from sorot.data.reading.streams import MAX_WHOLE_BYTES, Stream
from sorot.data.text.encodings import decode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

MAX_HEAD = 50_000
# Longest text from which markup is removed, in characters, and the most marks in a paragraph: parsing them takes quadratic time.
MAX_MARKUP, MAX_MARKS = 500_000, 400
# Where a text points to its note: '[^1]'.
_NOTE_MARK = re.compile(r"\[\^\w{1,20}\]|(?<=[.,!?\w])\^\d{1,3}(?!\w)")
_MARK = re.compile(r"[\[\]*_`<!&~|]")
_NEEDS = "{}: reading Markdown needs markdown-it-py and PyYAML; add them with: pip install 'sorot[files]'"
_WEB = re.compile(r"https?://\S+")
_YAML = re.compile(r"---[ \t]*\n(?P<head>(?:[^\n]*\n){1,400}?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_TOML = re.compile(r"\+\+\+[ \t]*\n(?P<head>(?:[^\n]*\n){1,400}?)\+\+\+[ \t]*(?:\n|\Z)")
_PAIR = re.compile(r"(?P<key>[A-Za-z_][\w .-]{0,40}?)[ \t]*:(?:[ \t]+(?P<value>.*))?")
# Jina's reader: 'Title: ...', 'URL Source: ...', 'Published Time: ...', 'Markdown Content:'.
_JINA = re.compile(
    r"(?P<head>Title:[^\n]*\n"
    r"(?:[ \t]*\n|(?:URL Source|Published Time|Description|Image|Warning|Number of Pages|Author)[^\n:]*:[^\n]*\n){1,30})"
    r"Markdown Content:[ \t]*\n?"
)
FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": (*USUAL["title"], "ogtitle"),
    "date": (*USUAL["date"], "publishedtime", "pubdate", "datepublished", "tanggalterbit", "modified", "lastmod", "updated"),
    "url": (*USUAL["url"], "source", "sourceurl", "urlsource", "permalink", "canonical", "canonicalurl", "originalurl", "sumber"),
    "outlet": ("outlet", "sitename", "site", "publisher", "media", "portal", "source", "sumber", "website", "hostname"),
}  # fmt: skip


def looks_like_markdown(start: str) -> bool:
    """Whether a text begins with a head that only Markdown has: front matter, or that of Jina's reader."""
    if _JINA.match(start):
        return True
    head = _YAML.match(start) or _TOML.match(start)
    if head is None:
        return False
    lines = [line for line in head["head"].splitlines() if line.strip() and line[0] not in " \t-#]"]
    return bool(lines) and all(_PAIR.match(line) or re.match(r"[\w.-]+\s*=|\[", line) for line in lines)


def read_markdown(stream: Stream, origin: Origin, columns: Columns, inner: Inner) -> Iterator[Article | Reject]:
    """One article without markup; title, date, address and outlet come from the front matter, the title also from '# '.

    A text without any markup is unchanged. Raises InputError if markdown-it-py or PyYAML is not installed.
    """
    del columns, inner
    data = stream.read_whole()
    if data is None:
        yield origin.reject(f"is larger than {MAX_WHOLE_BYTES // 1_000_000} MB, too large for one article")
        return
    text = decode(data).strip("\ufeff \t\n\r")
    head, text = _split_head(text, origin)
    fields = {field: _field(head, names, field) for field, names in FIELDS.items()}
    body, heading = _render(text, fields["title"], origin) if _is_small(text) else (text, None)
    if not any(c != "\ufffd" and not c.isspace() for c in body):
        yield origin.reject("holds no text", 1)
        return
    date = fields["date"]
    yield Article(
        id=origin.stem,
        body=body,
        title=heading if heading and _names(fields["title"], heading) else fields["title"] or heading,
        outlet=fields["outlet"],
        published=read_date(date) if date else None,
        url=fields["url"],
        source=Source(origin.file, 1),
    )


def _is_small(text: str) -> bool:
    return len(text) <= MAX_MARKUP and all(len(_MARK.findall(part)) <= MAX_MARKS for part in re.split(r"\n[ \t]*\n", text))


def _split_head(text: str, origin: Origin) -> tuple[dict[str, Any], str]:
    """The head's keys (letters and digits in lower case) and values, and the text below it."""
    if jina := _JINA.match(text):
        return _plain(_pairs(jina["head"])), text[jina.end() :]
    found = _YAML.match(text) or _TOML.match(text)
    if found is None or len(found["head"]) > MAX_HEAD or not looks_like_markdown(text[: found.end()]):
        return {}, text
    values = _toml(found["head"]) if text.startswith("+++") else _yaml(found["head"], origin)
    return _plain(values), text[found.end() :]


def _yaml(head: str, origin: Origin) -> dict[str, Any]:
    try:
        import yaml
    except ModuleNotFoundError as error:
        raise InputError(_NEEDS.format(origin.file)) from error
    try:
        # BaseLoader leaves dates and numbers as they are written, and makes no objects.
        values = yaml.load(head, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        values = None
    # Tools often forget the quotes of 'title: Komdigi: akses diputus'.
    return values if isinstance(values, dict) else _pairs(head)


def _toml(head: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(head)
    except (ValueError, RecursionError):
        return _pairs(re.sub(r"^([\w.-]+)\s*=", r"\1:", head, flags=re.MULTILINE))


def _pairs(head: str) -> dict[str, Any]:
    found = (_PAIR.fullmatch(line.strip()) for line in head.splitlines())
    return {match["key"]: (match["value"] or "").strip().strip("\"'") for match in found if match}


def _plain(values: Mapping[Any, Any]) -> dict[str, Any]:
    return {"".join(c for c in str(key).lower() if c.isalnum()): value for key, value in values.items()}


def _field(head: Mapping[str, Any], names: Sequence[str], field: str) -> str | None:
    """The first value under one of the names that suits the field: an address for 'url', and none for 'outlet'."""
    for name in names:
        value = head.get(name)
        if isinstance(value, Mapping):
            keys = ("url", "href") if field == "url" else ("name", "nama", "title")
            value = next((value[key] for key in keys if key in value), None)
        text = "" if value is None or isinstance(value, list | Mapping) else " ".join(str(value).split())
        if text and (field not in ("url", "outlet") or (_WEB.match(text) is not None) == (field == "url")):
            return plain_line(text) if field in ("title", "outlet") else text
    return None


def _render(text: str, title: str | None, origin: Origin) -> tuple[str, str | None]:
    """The text without markup, and the first heading of level one, which the text then lacks unless there is a `title`.

    The heading also goes if it only repeats `title`.
    """
    try:
        from markdown_it import MarkdownIt
    except ModuleNotFoundError as error:
        raise InputError(_NEEDS.format(origin.file)) from error
    # Indented lines are code for Markdown, but in saved pages only badly aligned.
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).disable("code").parse(text)
    plain = ("paragraph_open", "paragraph_close", "inline")
    if all(token.type in plain and all(c.type in ("text", "softbreak") for c in token.children or ()) for token in tokens):
        return text, None
    blocks: list[str] = []
    heading: str | None = None
    cells: list[str] | None = None
    prefix = ""
    for i, token in enumerate(tokens):
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close" and cells is not None:
            blocks.append(" | ".join(filter(None, cells)))
            cells = None
        elif token.type == "list_item_open":
            prefix = f"{token.info}. " if token.info else "- "
        elif token.type in ("fence", "code_block"):
            blocks.append(token.content.rstrip())
        elif token.type == "html_block":
            blocks.append(plain_text(token.content))
        elif token.type == "inline":
            if cells is None and _is_menu(token.children or ()):
                continue
            line = _inline(token.children or ())
            if cells is not None:
                cells.append(line)
                continue
            top = tokens[i - 1].type == "heading_open" and tokens[i - 1].tag == "h1"
            if top and heading is None:
                heading = " ".join(line.split())
                if title is None or _names(title, heading):
                    continue
            blocks.append(prefix + line if line else "")
            prefix = ""
    return "\n\n".join(block for block in blocks if block.strip()), heading or None


def _names(title: str | None, heading: str) -> bool:
    """Whether a title is the heading, alone or before the outlet's name: 'Judul - Kabar'."""
    return title is not None and (title == heading or re.match(r"\s+[-–—|»]\s", title.removeprefix(heading)) is not None)


def _is_menu(children: Sequence[Token]) -> bool:
    """Whether a paragraph is several links and nothing beside them, as pages have above and below an article."""
    depth = links = 0
    for child in children:
        depth += child.nesting if child.type in ("link_open", "link_close") else 0
        links += child.type == "link_open"
        if not depth and child.type in ("text", "code_inline") and any(c.isalnum() for c in child.content):
            return False
    return links > 1


def _inline(children: Sequence[Token]) -> str:
    pieces = []
    for child in children:
        if child.type in ("text", "code_inline"):
            pieces.append(child.content)
        elif child.type in ("softbreak", "hardbreak") or child.content.lower().startswith("<br"):
            pieces.append("\n")
    # A picture leaves the spaces around it.
    joined = _NOTE_MARK.sub("", "".join(pieces))
    return "\n".join(re.sub(" {2,}", " ", line).strip() for line in joined.split("\n")).strip()
