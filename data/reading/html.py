"""Extracts the article from an HTML page."""

from __future__ import annotations

from typing import Any

from sorot.data.article import Article, Reject, Source
from sorot.data.budget import BUDGET, OverBudgetError, Within
from sorot.data.errors import InputError
from sorot.data.reading.bounds_met import BoundsMet
from sorot.data.reading.fields.outlets import join_outlet
from sorot.data.reading.pages.body import complete, drop, find_captions, title_block
from sorot.data.reading.pages.dates import date_lines, find_published
from sorot.data.reading.pages.kinds import kind_of_page, read_signs, unfilled
from sorot.data.reading.pages.markup_limits import exceeded_limit
from sorot.data.reading.pages.metadata import articles_of, kinds_of, read_json_ld, read_meta
from sorot.data.reading.pages.titles import find_outlet, find_title
from sorot.data.reading.pages.tree import Element, body_of, prune, set_paragraphs, walk_blocks
from sorot.data.text.encodings import LEGACY, decode, guess_encoding, mend

# Pages of news have some hundred thousand characters, scripts and pictures within them included.
MAX_SOURCE = 10_000_000


def read_html(data: bytes | str, file: str, stem: str, met: BoundsMet | None = None) -> Article | Reject:
    """The article of an HTML page, or a reject that says what the page is if it has none; trafilatura extracts the body.

    Bytes may be in any encoding. The article's id is `stem`. `published` is a plain date where the page gives the day alone.
    A page that takes more than its budget is a reject, at once if `met` knows it. Raises InputError if the extra `html` is not
    installed.
    """
    try:
        import trafilatura.utils
    except ModuleNotFoundError as error:
        raise InputError(f"{file}: reading HTML needs trafilatura; add it with: pip install 'sorot[html]'") from error
    if met and (reason := met.reason(stem, 0)):
        return Reject(file, 1, reason)
    if len(data) > MAX_SOURCE:
        return Reject(file, 1, f"this HTML page has more than {MAX_SOURCE:,} characters of source, too much for an article")
    if isinstance(data, bytes) and guess_encoding(data) != LEGACY:
        # Legacy bytes stay undecoded: the page may declare its encoding.
        data = decode(data)
    try:
        with Within(BUDGET.seconds):
            if excess := exceeded_limit(data):
                return Reject(file, 1, f"this HTML page has {excess}, too much for an article")
            tree = trafilatura.utils.load_html(data)
            found = "without a paragraph of text" if tree is None else _read_tree(tree)
    except OverBudgetError as error:
        reason = f"this HTML page {error}; give its article as plain text"
        if met:
            met.add(stem, 0, reason)
        return Reject(file, 1, reason)
    except MemoryError:
        raise
    except Exception as error:
        # A parser failure rejects this page only. Its message may quote the page, so only its type is shown.
        return Reject(
            file, 1, f"this HTML page cannot be read ({type(error).__name__} in trafilatura); give its article as plain text"
        )
    if isinstance(found, str):
        return Reject(file, 1, f"no article was found in this HTML page: it is {found}")
    return Article(id=stem, source=Source(file, 1), **found)


def _read_tree(tree: Element) -> dict[str, Any] | str:
    """The fields of the article, or what the page is instead."""
    import trafilatura

    meta, things, signs = read_meta(tree), read_json_ld(tree), read_signs(tree)
    if what := unfilled(list(walk_blocks(body_of(tree)))):
        return what
    articles = articles_of(things)
    url = _address(tree, meta)
    title = find_title(tree, meta, articles, things, url)
    named = meta.get("og:title") or next(("".join(e.itertext()) for e in tree.iter("title")), None)
    cards = prune(tree)
    set_paragraphs(tree)
    blocks = list(walk_blocks(body_of(tree)))
    at = title_block(blocks, title)
    published = find_published(tree, meta, articles, blocks, at)
    captions = find_captions(blocks, at)
    drop([*date_lines(blocks, at), *captions, *([] if at is None else [blocks[at]])])
    blocks = [block for block in blocks if block not in captions]
    found = trafilatura.bare_extraction(tree, favor_precision=True, with_metadata=False, include_comments=False)
    paragraphs = mend(getattr(found, "text", None) or "").split("\n")
    body = "\n\n".join(complete([p.strip() for p in paragraphs if p.strip()], blocks, at))
    is_article = any(kind.endswith("newsarticle") or kind == "article" for each in articles for kind in kinds_of(each))
    if what := kind_of_page(signs, title, meta, blocks, cards, body, is_article=is_article):
        return what
    outlet = find_outlet(meta, things, named, url)
    return {
        "body": body,
        "title": mend(title).strip() if title else None,
        "outlet": join_outlet(mend(outlet).strip()) if outlet else None,
        "published": published,
        "url": url,
    }


def _address(tree: Element, meta: dict[str, str]) -> str | None:
    links = (link.get("href") for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split())
    return next(
        (url.strip() for url in [*links, meta.get("og:url")] if url and url.strip().startswith(("http://", "https://"))), None
    )
