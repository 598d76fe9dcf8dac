"""Which column of a table, or key of a JSON object, holds which field of an article."""

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
    """Column names given by the user; None means: find it by its usual names, an empty name: leave this field out.

    With `keep` articles carry the values of all other columns in `extra`.
    """

    text: str | None = None
    title: str | None = None
    outlet: str | None = None
    date: str | None = None
    url: str | None = None
    id: str | None = None
    keep: bool = False


# Usual names, most telling first; compared without case, spaces and underscores.
USUAL: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "teks", "isi", "isiberita", "body", "content", "konten", "article", "artikel", "berita", "articlebody", "fulltext", "tweet", "fulltweet", "paragraf", "narasi", "news", "kalimat", "komentar", "review"),
    "title": ("title", "judul", "headline", "judulberita", "newstitle"),
    "outlet": ("outlet", "media", "sumber", "portal", "publisher", "mediaonline", "namamedia", "source", "site", "website", "domain"),
    "date": ("date", "tanggal", "published", "publishedat", "publisheddate", "publishdate", "datepublished", "waktu", "tgl", "tanggalterbit", "created", "createdat", "datetime", "timestamp"),
    "url": ("url", "link", "tautan", "alamat", "href", "newsurl"),
    "id": ("id", "articleid", "idberita", "docid", "uuid", "guid", "nomor"),
}  # fmt: skip


LONG_NAME = 80
# Words around a usual name that say nothing more: isi_artikel, judul_berita, tgl_terbit, nama_portal, full_content.
AFFIXES = ("nama", "artikel", "berita", "article", "news", "post", "terbit", "publikasi", "rilis", "tayang", "publish", "published", "full", "lengkap")  # fmt: skip


def resolve(columns: Columns, names: Iterable[str], file: str, *, sparse: bool = False) -> Columns:
    """Columns with every name filled in that the table has and that is wanted; InputError when a named one, or any for text, is missing.

    Of columns with the same name the first is meant. A name that is exactly a usual one comes before those around it.
    With `sparse` the text's alone must be there, as in one row of JSON, where keys without a value are often left out.
    """
    have = list(names)
    plain = {_plain(name): name for name in reversed(have)}
    bare = {core: name for name in reversed(have) for core in _cores(_plain(name))}
    chosen: dict[str, str | None] = {}
    for field, usual in USUAL.items():
        given: str | None = getattr(columns, field)
        if given == "":
            chosen[field] = None
            continue
        if given is not None and given not in have:
            if sparse and field != "text":
                chosen[field] = None
                continue
            raise InputError(f"{file}: there is no column {given!r}; the columns are {_list(have)}")
        chosen[field] = given or next((by[u] for by in (plain, bare) for u in usual if u in by), None)
    if chosen["text"] is None:
        raise InputError(f"{file}: no column looks like an article's text among {_list(have)}; name it with --text-column")
    return Columns(**chosen, keep=columns.keep)


def names_columns(columns: Columns, names: Sequence[str]) -> tuple[int, int]:
    """How many of `names` are given columns, and how many fields they have by usual names; a header has some."""
    given = set(used_columns(columns))
    plain = {core for name in names for core in (_plain(name), *_cores(_plain(name)))}
    return len(given & set(names)), sum(any(name in plain for name in usual) for usual in USUAL.values())


def used_columns(columns: Columns) -> tuple[str, ...]:
    """The names of the columns that fields are read from."""
    return tuple(name for field in USUAL if (name := getattr(columns, field)))


def make_article(row: Mapping[str, Any], columns: Columns, file: str, number: int, stem: str) -> Article | Reject:
    """An article from one row of a table whose columns are resolved, or a reject where it has no text."""

    def get(name: str | None) -> str | None:
        return _as_text(row.get(name)).strip() or None if name else None

    raw = row.get(columns.text or "")
    if isinstance(raw, (list, tuple)):
        raw = "\n\n".join(filter(None, map(_as_text, raw)))
    if isinstance(raw, bytes) and looks_binary(raw):
        return Reject(file, number, f"column {columns.text!r} is binary, not text; name another with --text-column")
    if raw is not None and not isinstance(raw, (str, bytes)):
        kind = type(raw).__name__
        return Reject(file, number, f"the text in column {columns.text!r} is no text but {kind}; name another with --text-column")
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
    """What one cell says, mended; empty where it says nothing, or holds other values: those are no title, outlet or date."""
    if isinstance(value, bytes):
        return "" if looks_binary(value) else decode(value)
    if value is None or isinstance(value, (dict, list, tuple)) or value != value:
        return ""
    # A column of whole numbers in which one is missing is often kept as floats.
    whole = isinstance(value, float) and value.is_integer()
    return mend(str(int(value) if whole else value))


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


def _cores(plain: str) -> set[str]:
    """What is left of a name when an affix, or one at each end, is taken away."""
    once = {core for affix in AFFIXES for core in (plain.removeprefix(affix), plain.removesuffix(affix))}
    return once | {core.removesuffix(affix) for core in once for affix in AFFIXES}


def _list(names: list[str]) -> str:
    return ", ".join(repr(n[:LONG_NAME]) for n in names[:30]) + (" ..." if len(names) > 30 else "")
