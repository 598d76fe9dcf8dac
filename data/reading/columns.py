"""Maps table columns and JSON keys to article fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sorot.data.article import Article, Reject, Source
from sorot.data.errors import InputError
from sorot.data.reading.extra_columns import extra_columns
from sorot.data.text.dates import parse_date
from sorot.data.text.encodings import decode, looks_binary, mend


@dataclass(frozen=True, slots=True)
class Columns:
    """Column names given by the user. None: detect the column by its usual names. An empty string skips the field.

    With `keep`, articles carry all other columns in `extra`. `sheet` names the one sheet of a workbook to read.
    """

    text: str | None = None
    title: str | None = None
    outlet: str | None = None
    date: str | None = None
    url: str | None = None
    id: str | None = None
    keep: bool = False
    sheet: str | None = None


# Usual names, most specific first; compared in lower case, letters and digits only.
USUAL: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "teks", "isi", "isiberita", "body", "content", "konten", "article", "artikel", "berita", "articlebody", "fulltext", "tweet", "fulltweet", "paragraf", "narasi", "news", "kalimat", "komentar", "review"),
    "title": ("title", "judul", "headline", "judulberita", "newstitle"),
    "outlet": ("outlet", "media", "sumber", "portal", "publisher", "mediaonline", "namamedia", "source", "site", "website", "domain"),
    "date": ("date", "tanggal", "published", "publishedat", "publisheddate", "publishdate", "datepublished", "waktu", "tgl", "tanggalterbit", "created", "createdat", "datetime", "timestamp"),
    "url": ("url", "link", "tautan", "alamat", "href", "newsurl"),
    "id": ("id", "articleid", "idberita", "docid", "uuid", "guid", "nomor"),
}  # fmt: skip


LONG_NAME = 80
# Words around a usual name that add no meaning: isi_artikel, judul_berita, tgl_terbit, nama_portal, full_content.
AFFIXES = ("nama", "artikel", "berita", "article", "news", "post", "terbit", "publikasi", "rilis", "tayang", "publish", "published", "full", "lengkap")  # fmt: skip


def resolve(columns: Columns, names: Iterable[str], file: str, *, sparse: bool = False) -> Columns:
    """The column of each field among `names`; None for fields that are skipped or not found.

    The first of several columns with one name counts. An exact usual name wins over one with affixes.
    With `sparse`, only the text column must exist: rows of JSON often leave out keys without a value.
    Raises InputError if a given column, or any column for the text, is missing.
    """
    available = list(names)
    plain = {_plain(name): name for name in reversed(available)}
    stripped = {core: name for name in reversed(available) for core in _cores(_plain(name))}
    chosen: dict[str, str | None] = {}
    for field, usual in USUAL.items():
        given: str | None = getattr(columns, field)
        if given == "":
            chosen[field] = None
            continue
        if given is not None and given not in available:
            if sparse and field != "text":
                chosen[field] = None
                continue
            raise InputError(f"{file}: there is no column {given!r}; the columns are {_quote_names(available)}")
        chosen[field] = given or next((by[u] for by in (plain, stripped) for u in usual if u in by), None)
    if chosen["text"] is None:
        raise InputError(
            f"{file}: no column looks like an article's text among {_quote_names(available)}; name it with --text-column"
        )
    return Columns(**chosen, keep=columns.keep)


def names_columns(columns: Columns, names: Sequence[str]) -> tuple[int, int]:
    """How many of `names` are given columns, and how many fields have a usual name among them. Tells a header from prose."""
    given = set(used_columns(columns))
    plain = {core for name in names for core in (_plain(name), *_cores(_plain(name)))}
    return len(given & set(names)), sum(any(name in plain for name in usual) for usual in USUAL.values())


def used_columns(columns: Columns) -> tuple[str, ...]:
    """The names of the columns that hold article fields."""
    return tuple(name for field in USUAL if (name := getattr(columns, field)))


def make_article(row: Mapping[str, Any], columns: Columns, file: str, number: int, stem: str) -> Article | Reject:
    """The article in one table row, or a reject if the row has no text; `columns` come from `resolve`.

    `number` is the row's number in `file`; without an id column, the article's id is `stem`-`number`.
    """

    def get(name: str | None) -> str | None:
        return _as_text(row.get(name)).strip() or None if name else None

    raw = row.get(columns.text or "")
    if isinstance(raw, (list, tuple)):
        raw = "\n\n".join(filter(None, map(_as_text, raw)))
    if isinstance(raw, bytes) and looks_binary(raw):
        return Reject(file, number, f"column {columns.text!r} is binary, not text; name another with --text-column")
    if raw is not None and not isinstance(raw, (str, bytes)):
        kind = type(raw).__name__
        return Reject(file, number, f"column {columns.text!r} holds {kind}, not text; name another with --text-column")
    text = _as_text(raw)
    if not text.strip():
        return Reject(file, number, f"no text in column {columns.text!r}")
    date = get(columns.date)
    return Article(
        id=get(columns.id) or f"{stem}-{number}",
        body=text,
        title=get(columns.title),
        outlet=get(columns.outlet),
        published=parse_date(date) if date else None,
        url=get(columns.url),
        source=Source(file, number),
        extra=extra_columns(row, used_columns(columns)) if columns.keep else (),
    )


def _as_text(value: Any) -> str:
    """One cell as repaired text; empty for missing values, binary data, lists and objects."""
    if isinstance(value, bytes):
        return "" if looks_binary(value) else decode(value)
    if value is None or isinstance(value, (dict, list, tuple)) or value != value:
        return ""
    # Tools often store a column of integers with a missing value as floats.
    whole = isinstance(value, float) and value.is_integer()
    return mend(str(int(value) if whole else value))


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


def _cores(plain: str) -> set[str]:
    """The name without one affix, or without one at each end."""
    once = {core for affix in AFFIXES for core in (plain.removeprefix(affix), plain.removesuffix(affix))}
    return once | {core.removesuffix(affix) for core in once for affix in AFFIXES}


def _quote_names(names: list[str]) -> str:
    return ", ".join(repr(n[:LONG_NAME]) for n in names[:30]) + (" ..." if len(names) > 30 else "")
