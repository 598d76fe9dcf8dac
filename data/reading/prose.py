"""Tells texts that are no article, such as logs, source code and lists of addresses, by how they begin."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

# Characters and lines that are looked at.
PROBE = 20_000
PROBE_LINES = 100


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of text that is no article, and what to give instead."""

    name: str
    cure: str
    matches: Callable[[Sequence[str]], bool]


def looks_like_prose(start: str) -> bool:
    """Whether a text may be an article: any text that is none of KINDS."""
    return unread_kind(start) is None


def unread_kind(start: str) -> Kind | None:
    """The kind of text that is no article, or None for prose; `start` is the text's beginning.

    Prose is the default: a tweet, a headline and a page full of menus are prose too.
    """
    lines = [line for line in (row.strip() for row in start[:PROBE].split("\n")[:PROBE_LINES]) if line]
    if len(start) > PROBE and len(lines) > 1:
        # The last line may be cut off.
        lines = lines[:-1]
    return next((kind for kind in KINDS if lines and kind.matches(lines)), None)


def _share(pattern: str, least: float, *, lines: int = 2) -> Callable[[Sequence[str]], bool]:
    """Whether at least `lines` lines, and a share `least` of all, match the pattern."""
    compiled = re.compile(pattern)

    def matches(rows: Sequence[str]) -> bool:
        found = sum(compiled.match(row) is not None for row in rows)
        return found >= lines and found >= least * len(rows)

    return matches


def _first(pattern: str) -> Callable[[Sequence[str]], bool]:
    compiled = re.compile(pattern)
    return lambda rows: compiled.match(rows[0]) is not None


_LEVEL = r"(?:DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL|TRACE|SEVERE|debug|info|notice|warn|warning|error|critical)"
_LOG_LINE = (
    rf"\[?\d{{4}}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d.{{0,60}}?\b{_LEVEL}\b"
    rf"|\[?{_LEVEL}\]?(?:[ \t]*[:|\[]|[ \t]+\d{{4}}-)"
    r"|\d{1,3}(?:\.\d{1,3}){3} \S+ \S+ \["
    r"|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ [\w./-]+(?:\[\d+\])?:"
    r"|\[[\w/: .+-]{10,40}\] \[[\w:]+\]|Traceback \(most recent call last\)|File \".{1,200}\", line \d+"
)
_ADDRESS = r"(?:[\d.]{1,6}[ \t,;)]+)?(?:https?://|www\.)\S+(?:[ \t,;|]+[\d:T+-]{4,30})?(?:[ \t,;|]\S{1,60})?$"
_HOST = r"(?:(?:0\.0\.0\.0|127\.0\.0\.1|::1?)[ \t]+|\|\|)?(?:[a-z0-9_-]+\.)+[a-z]{2,12}(?:[/^:]\S*)?$"
_CODE_LINE = (
    # Statements, blocks and their ends; a sentence has none of these forms.
    r"(?:import [\w.]+(?: as \w+)?;?|from [\w.]+ import .+|def \w+\(.*|class \w+[^.]*[:{]|return\b.*;?|(?:async )?function\b.*\{"
    r"|(?:const|let|var) [\w{\[].*|#include\b.*|#define\b.*|(?:public|private|protected|static|final|export|module) .*[{;(]"
    r"|(?:else )?if ?\(.*|(?:for|while|switch|catch) ?\(.*|(?:if|elif|for|while|with|try|except|else)\b.*:$"
    r"|package [\w.]+;?|using [\w.]+;"
    r"|@\w+(?:\(.*\))?|//.*|/\*.*|\*/|#!.*|<\?php.*|namespace .*;"
    r"|[\w.$\[\]'\"]+ ?[-+*/.]?=[^=].*|[\w.]+\(.*\)[;:,]?|[}\])]+[;,)]*.*|[^.?!]*\{$|.*[);}\]];$|[\w-]+: ?[^.]{1,80};)$"
)
_RULE = r"[.#@:*\w\[][^.!?]*\{|[\w-]+ ?: ?[^!?]{1,120};$|\}+|[.#][\w-]+[^.!?]*,$"
_SYMBOLS = re.compile(r"[{};=<>\\$]")


def _is_code(rows: Sequence[str]) -> bool:
    symbols = sum(len(_SYMBOLS.findall(row)) for row in rows)
    letters = sum(len(row) for row in rows)
    if letters >= 200 and symbols > 0.05 * letters and any(mark in row for row in rows for mark in ("{", "};", "=")):
        return True
    return symbols > 0.004 * letters and (_share(_CODE_LINE, 0.6, lines=3)(rows) or _share(_RULE, 0.8, lines=3)(rows))


def _is_encoded(rows: Sequence[str]) -> bool:
    """Whether the text is one long run without spaces, such as Base64, key after key."""
    return all(len(row) >= 60 and re.fullmatch(r"[A-Za-z0-9+/=_-]+", row) is not None for row in rows[:-1] or rows)


def _is_data(rows: Sequence[str]) -> bool:
    """Whether the text has no words but holds characters, such as a list of numbers."""
    text = "".join(rows)
    return not any(c.isalpha() for c in text) and sum(c.isdigit() for c in text) > 0


def _is_table(rows: Sequence[str]) -> bool:
    """Whether all lines have the same number of cells, which no prose has."""
    if len(rows) < 4:
        return False
    for delimiter, least in (("\t", 1), ("|", 2), (";", 2), (",", 2)):
        counts = {row.count(delimiter) for row in rows}
        # In prose a space follows most commas.
        if len(counts) == 1 and min(counts) >= least and (delimiter != "," or not any(", " in row for row in rows)):
            return True
    return False


_SQL = re.compile(
    r"(?:CREATE|ALTER|DROP)\s+(?:OR\s+REPLACE\s+)?(?:TABLE|DATABASE|SCHEMA|TYPE|SEQUENCE|VIEW|INDEX|EXTENSION|FUNCTION|TRIGGER)\b.*"
    r"|INSERT\s+(?:IGNORE\s+)?INTO\b.*|REPLACE\s+INTO\b.*|LOCK\s+TABLES\b.*|COPY\s+\S+\s*\(.*FROM\s+stdin;|DELIMITER\s\S+"
    r"|SET\s+[@\w.]+\s*=.*;|SET\s+(?:NAMES|SESSION|SQL_MODE)\b.*|PRAGMA\s+\w+.*;|BEGIN(?:\s+TRANSACTION)?;|START\s+TRANSACTION;"
    r"|USE\s+[`\[\w\]]+\s*;?|SELECT\s+pg_catalog\..*|SELECT\b.{0,200}\bFROM\b.{0,200};|GO",
    re.IGNORECASE,
)
_SQL_COMMENT = re.compile(r"--(?:\s|$)|/\*|\*/|#(?:\s|$)|\\\w+")


def looks_like_sql(start: str) -> bool:
    """Whether the first statement after comments is SQL, as dumps write it: with a bracket, a quote, or a semicolon."""
    rows = (row.strip() for row in start[:PROBE].split("\n"))
    statements = [row for row in rows if row and not _SQL_COMMENT.match(row)]
    if not statements:
        return False
    marked = any(row.rstrip().endswith((";", "(", ",")) or "`" in row for row in statements[:20])
    return _SQL.fullmatch(statements[0]) is not None and marked


_FETCH = "fetch the pages and give them as HTML or text"
KINDS: tuple[Kind, ...] = (
    Kind("a calendar or an address book", "give the articles themselves", _first(r"BEGIN:V(?:CALENDAR|CARD)\b")),
    Kind("a certificate or a key", "remove it", _first(r"-----BEGIN [A-Z ]+-----")),
    Kind("a change of source code", "give the articles themselves", _first(r"diff --git |--- a/|Index: \S+$")),
    Kind("a LaTeX document", "save it as plain text", _first(r"\\(?:documentclass|begin\{|usepackage)|%!PS")),
    Kind(
        "a list of references",
        "export it as CSV with the texts",
        _first(r"@(?:article|misc|book|online|inproceedings)\{|TY  - \w+"),
    ),
    Kind("a playlist", "give a transcript as text", _first(r"#EXTM3U|\[playlist\]")),
    Kind("rules for crawlers", "give the site's pages", _share(r"(?i)(?:user-agent|disallow|allow|sitemap|crawl-delay):|#", 0.9)),
    Kind("a log", "give the pages or texts that it is about", _share(_LOG_LINE, 0.6)),
    Kind("a list of addresses", _FETCH, _share(_ADDRESS, 0.8, lines=1)),
    Kind("a list of addresses", _FETCH, _share(_HOST, 0.8)),
    Kind("source code", "give the articles as text, CSV or JSON lines", _is_code),
    Kind(
        "a settings file", "give the articles as text, CSV or JSON lines", _share(r"\[[\w .:-]+\]$|[\w.-]+ ?=(?!=)", 0.9, lines=3)
    ),
    Kind("encoded data", "decode it and give the text", _is_encoded),
    Kind("data without words", "give the articles as text, CSV or JSON lines", _is_data),
    Kind("a table without a column for the text", "name the column with --text-column", _is_table),
)
