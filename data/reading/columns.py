"""Maps table columns and JSON keys to article fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sorot.data.article import Article, Reject, Source
from sorot.data.budget import BUDGET
from sorot.data.errors import InputError
from sorot.data.reading.fields.date_order import DateStyle, read_date
from sorot.data.reading.fields.extra_columns import extra_columns
from sorot.data.reading.fields.markup import plain_line, plain_text
from sorot.data.reading.fields.outlets import join_outlet, outlet_of_url, without_outlet
from sorot.data.reading.fields.placeholders import is_placeholder
from sorot.data.reading.notes import TableNotes
from sorot.data.text.encodings import decode, looks_binary, mend


@dataclass(frozen=True, slots=True)
class Columns:
    """Column names given by the user. None: detect the column by its usual names. An empty string skips the field.

    With `keep`, articles carry all other columns in `extra`. `sheet` names the one sheet of a workbook to read. Longer texts than
    `characters` are rejects.
    """

    text: str | None = None
    title: str | None = None
    outlet: str | None = None
    date: str | None = None
    url: str | None = None
    id: str | None = None
    keep: bool = False
    sheet: str | None = None
    characters: int = BUDGET.characters


# Usual names, most specific first; compared in lower case, letters and digits only.
USUAL: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "teks", "isi", "isiberita", "body", "content", "konten", "article", "artikel", "berita", "articlebody", "fulltext", "tweet", "fulltweet", "paragraf", "narasi", "news", "kalimat", "komentar", "review", "maintext", "bodytext", "cleantext", "rawtext", "plaintext", "storytext", "textcontent", "contenttext", "isiteks", "naskah", "paragraphs", "selftext", "cuitan", "message", "pesan", "markdown", "contenthtml", "htmlcontent", "bodyhtml", "html", "textoriginal", "textdisplay"),
    "title": ("title", "judul", "headline", "judulberita", "newstitle", "headlines", "tajuk", "pagetitle", "maintitle", "storytitle", "subject", "subjek", "heading", "webtitle"),
    "outlet": ("outlet", "media", "sumber", "portal", "publisher", "mediaonline", "namamedia", "source", "site", "website", "outletname", "medianame", "sourcename", "sitename", "publishername", "sourcecommonname", "mediaoutlet", "situs", "penerbit", "newspaper", "publication", "suratkabar", "koran", "sourcedomain", "domain", "domainname", "hostname", "host", "pagename", "channelname", "channeltitle", "channel", "accountname"),
    "date": ("dateunixtime", "datetime", "date", "tanggal", "published", "publishedat", "publisheddate", "publishdate", "datepublished", "waktu", "tgl", "tanggalterbit", "publicationdate", "publishedtime", "publishtime", "publishedon", "publicationtime", "pubdate", "pubtime", "firstpublished", "firstpublisheddate", "dateposted", "datepublish", "releasedate", "tanggalunggah", "tanggalupload", "tanggalwaktu", "created", "createdat", "createddate", "createdtime", "createdutc", "seendate", "postedat", "postedon", "posteddate", "unixtimestamp", "timestamputc", "timestamp", "time", "webpublicationdate"),
    "url": ("url", "link", "tautan", "alamat", "href", "newsurl", "permalink", "sourceurl", "pageurl", "weburl", "storyurl", "canonicalurl", "originalurl", "fullurl", "linkurl", "urllink", "alamaturl", "laman", "documentidentifier", "weblink", "urlberita", "posturl"),
    "id": ("id", "articleid", "idberita", "docid", "uuid", "guid", "nomor", "storiesid", "storyid", "documentid", "tweetid", "idstr", "recordid", "itemid", "rowid", "threadid"),
}  # fmt: skip


LONG_NAME = 80
# What NewsAPI writes where it cuts a text.
_CUT = re.compile(r"\s*\[\+\d+ chars\]\s*\Z")
_NAME = re.compile(
    r"""['"](?:name|title|nama|displayName)['"]\s*:\s*(?P<sign>['"])(?P<name>(?:(?!(?P=sign)).){1,200})(?P=sign)"""
)
# What else an export of metadata holds, such as Media Cloud's: a table of these and of fields alone has no text that was missed.
METADATA = ("language", "lang", "bahasa", "indexeddate", "collectdate", "mediaurl", "mediaid", "mediacloudurl", "apsyndicated", "themes", "author", "authors", "penulis", "section", "tld")  # fmt: skip
# Words around a usual name that add no meaning: isi_artikel, judul_berita, tgl_terbit, nama_portal, full_content.
AFFIXES = ("nama", "artikel", "berita", "article", "news", "post", "terbit", "publikasi", "rilis", "tayang", "publish", "published", "full", "lengkap", "og", "meta", "metadata")  # fmt: skip


def resolve(columns: Columns, names: Iterable[str], file: str, *, sparse: bool = False) -> Columns:
    """The column of each field among `names`; None for fields that are skipped or not found.

    The first of several columns with one name counts. An exact usual name wins over one with affixes. Where a table holds
    nothing but metadata, its titles are the texts.
    With `sparse`, only the text column must exist: rows of JSON often leave out keys without a value.
    Raises InputError if a given column, or any column for the text, is missing.
    """
    available = list(names)
    found = candidates(columns, available)
    chosen: dict[str, str | None] = {}
    for field in USUAL:
        given: str | None = getattr(columns, field)
        if given == "":
            # Stays skipped: the outlet is not taken from the address either.
            chosen[field] = "" if field == "outlet" else None
            continue
        if given is not None and given not in available:
            if sparse and field != "text":
                chosen[field] = None
                continue
            raise InputError(f"{file}: there is no column {given!r}; the columns are {_quote_names(available)}")
        chosen[field] = given or next(iter(found[field]), None)
    if chosen["text"] is None and not sparse and chosen["title"] and _is_metadata(available):
        chosen |= {"text": chosen["title"], "title": None}
    if chosen["text"] is None:
        raise InputError(
            f"{file}: no column looks like an article's text among {_quote_names(available)}; name it with --text-column"
        )
    return Columns(**chosen, keep=columns.keep, characters=columns.characters)


def candidates(columns: Columns, names: Iterable[str]) -> dict[str, list[str]]:
    """The columns with a usual name for each field that is not given, best first; the later ones stand in for empty ones."""
    available = list(names)
    plain = {plain_name(name): name for name in reversed(available)}
    stripped = {core: name for name in reversed(available) for core in _cores(plain_name(name))}
    return {
        field: list(dict.fromkeys(by[u] for by in (plain, stripped) for u in usual if u in by))
        if getattr(columns, field) is None
        else []
        for field, usual in USUAL.items()
    }


def _is_metadata(names: Sequence[str]) -> bool:
    """Whether every name is that of a field or of other metadata, so that no column of texts goes unread."""
    usual = {name for field in USUAL.values() for name in field} | set(METADATA)
    return all(usual & {plain_name(name), *_cores(plain_name(name))} for name in names)


def names_columns(columns: Columns, names: Sequence[str]) -> tuple[int, int]:
    """How many of `names` are given columns, and how many fields have a usual name among them. Tells a header from prose."""
    given = set(used_columns(columns))
    plain = {core for name in names for core in (plain_name(name), *_cores(plain_name(name)))}
    return len(given & set(names)), sum(any(name in plain for name in usual) for usual in USUAL.values())


def used_columns(columns: Columns) -> tuple[str, ...]:
    """The names of the columns that hold article fields."""
    return tuple(name for field in USUAL if (name := getattr(columns, field)))


def make_article(
    row: Mapping[str, Any],
    columns: Columns,
    file: str,
    number: int,
    stem: str,
    *,
    dates: DateStyle | None = None,
    notes: TableNotes | None = None,
) -> Article | Reject:
    """The article in one table row, or a reject if the row has no text; `columns` come from `resolve`.

    `number` is the row's number in `file`; without an id column, the article's id is `stem`-`number`. Markup becomes plain
    text, and placeholders such as 'nan' are no values. `dates` says how the date column is written.
    """
    raw = row.get(columns.text or "")
    if isinstance(raw, (list, tuple)):
        raw = "\n\n".join(filter(None, map(_as_text, raw)))
    if isinstance(raw, bytes) and looks_binary(raw):
        return Reject(file, number, f"column {columns.text!r} is binary, not text; name another with --text-column")
    if raw is not None and not isinstance(raw, (str, bytes)):
        kind = type(raw).__name__
        return Reject(file, number, f"column {columns.text!r} holds {kind}, not text; name another with --text-column")
    if raw is not None and len(raw) > columns.characters:
        return Reject(file, number, too_long(len(raw), columns))
    given = _as_text(raw)
    text = given if is_placeholder(given) else plain_text(given)
    if not text.strip():
        only = ": it holds only markup" if given.strip() else ""
        return Reject(file, number, f"no text in column {columns.text!r}{only}")
    if is_placeholder(text):
        return Reject(file, number, f"no text in column {columns.text!r}: it holds only {' '.join(text.split())[:LONG_NAME]!r}")
    text = _CUT.sub("", text)
    title, outlet, url, key = (cell_text(row, name) for name in (columns.title, columns.outlet, columns.url, columns.id))
    if url is None and outlet and outlet.startswith(("http://", "https://")):
        url = outlet
    if outlet is None and url and columns.outlet != "":
        outlet = outlet_of_url(url)
    outlet = join_outlet(plain_line(_name_in(outlet))) or None if outlet else None
    title = plain_line(title) or None if title else None
    if notes and key:
        notes.count_id(key)
    return Article(
        id=key or f"{stem}-{number}",
        body=text,
        title=without_outlet(title, outlet) if title and outlet else title,
        outlet=outlet,
        published=_date_of(row, columns.date, dates, notes),
        url=url,
        source=Source(file, number),
        extra=extra_columns(row, used_columns(columns)) if columns.keep else (),
    )


def too_long(characters: int, columns: Columns) -> str:
    """The reason of a reject that is longer than `columns` allow."""
    return f"{characters:,} characters, more than {columns.characters:,}; cut the text, or raise --max-characters"


def cell_text(row: Mapping[str, Any], name: str | None) -> str | None:
    """One cell of a row as stripped text; None for a column without a name, an empty cell or a placeholder."""
    text = _as_text(row.get(name)).strip() if name else ""
    return None if is_placeholder(text) else text


def _name_in(text: str) -> str:
    """The name in an object that a program wrote into a cell, such as {'id': None, 'name': 'Kabar'}; any other text as it is."""
    if not text.startswith("{") or not (found := _NAME.search(text)):
        return text
    return found["name"].strip()


def _date_of(
    row: Mapping[str, Any], name: str | None, style: DateStyle | None, notes: TableNotes | None
) -> datetime | date | None:
    text = cell_text(row, name)
    found = read_date(text, style) if text else None
    if notes and text and found is None:
        notes.count_bad_date(text)
    return found


def _as_text(value: Any) -> str:
    """One cell as repaired text; empty for missing values, binary data, lists and objects."""
    if isinstance(value, bytes):
        return "" if looks_binary(value) else decode(value)
    if value is None or isinstance(value, (dict, list, tuple)) or value != value:
        return ""
    # Tools often store a column of integers with a missing value as floats.
    whole = isinstance(value, float) and value.is_integer()
    return mend(str(int(value) if whole else value))


def plain_name(name: str) -> str:
    """A column's name in lower case, letters and digits only."""
    return "".join(c for c in name.lower() if c.isalnum())


def _cores(plain: str) -> set[str]:
    """The name without one affix, or without one at each end."""
    once = {core for affix in AFFIXES for core in (plain.removeprefix(affix), plain.removesuffix(affix))}
    return once | {core.removesuffix(affix) for core in once for affix in AFFIXES}


def _quote_names(names: list[str]) -> str:
    return ", ".join(repr(n[:LONG_NAME]) for n in names[:30]) + (" ..." if len(names) > 30 else "")
