"""Plain paragraphs from text that holds markup: HTML, entities, Markdown, or a list that a program wrote into a cell."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Mapping

# Times that one text is unwrapped: HTML in a list, or escaped twice.
MAX_ROUNDS = 4
# Markdown is parsed by the paragraph; longer ones are no article's.
MAX_MARKDOWN = 20_000

_TAGS = (
    "p|br|div|span|strong|em|ul|ol|li|dl|dt|dd|h[1-6]|img|script|style|noscript|template|figure|figcaption|iframe|table|thead|tbody"
    "|tfoot|tr|td|th|caption|blockquote|article|section|header|footer|main|aside|nav|form|input|button|label|select|option|textarea"
    "|font|center|hr|pre|code|sup|sub|small|big|mark|ins|del|strike|picture|source|video|audio|embed|object|param|svg|path|html|head"
    "|body|meta|link|title|base|amp-[a-z-]+|o:p|tt|abbr|cite|time|address|details|summary|wbr"
)
# Of the tags with one letter, prose may hold the sign and the letter ('a <b dan c> d'), but no attribute.
_ATTRIBUTES = r"(?:\s[^<>]{0,20000})?"
_TAG = re.compile(
    rf"</?(?:{_TAGS}){_ATTRIBUTES}>|</?[abipqsu](?:\s[^<>=]{{0,200}}=[^<>]{{0,20000}})?\s?/?>|<!--|<!doctype\b|<!\[CDATA\[",
    re.IGNORECASE,
)
_ESCAPED_TAG = re.compile(
    rf"&(?:amp;){{0,3}}(?:lt|#0*60|#x0*3c);/?(?:{_TAGS}|[abipqsu])\b(?:(?!&(?:amp;){{0,3}}(?:lt|gt);)[^<>]){{0,20000}}&(?:amp;){{0,3}}(?:gt|#0*62|#x0*3e);",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,31}\d{0,2}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_DROPPED = frozenset(
    """
    script style noscript template iframe form figcaption caption svg button select textarea video audio object picture canvas
    map head math nav amp-ad amp-iframe
    """.split()
)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_LINES = frozenset("li tr dt dd option br".split())
_BLOCKS = frozenset(
    """
    p div h1 h2 h3 h4 h5 h6 ul ol dl table thead tbody tfoot blockquote article section header footer main aside figure pre hr
    center address body html details summary
    """.split()
)
_CAPTION = re.compile(r"\b(?:wp-)?caption\b|\bcaption[-_]text\b", re.IGNORECASE)
_STRING = re.compile(r"""[uUbB]?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""", re.DOTALL)
_LIST = re.compile(r"\s*(?:(?:np\.)?(?:array\(|list\(|tuple\(|Series\()?\s*\[\s*[\[(]?\s*[uU]?|\{|\(\s*)['\"]")
_BETWEEN_STRINGS = re.compile(r"(?:[\s,\[\](){}]|None|null|nan|NaN|np\.|array|list|tuple|Series|dtype=\w+)*")
_MARKDOWN = re.compile(
    r"\*\*(?=\S)[^*\n]{1,2000}(?<=\S)\*\*|(?<!\w)__(?=\S)[^_\n]{1,2000}(?<=\S)__(?!\w)"
    r"|!?\[[^\[\]\n]{0,500}\]\(\s{0,3}<?(?:https?:|//|/|#|www\.|mailto:|\.{1,2}/|data:)[^()\s]{0,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,500})?"
    r"(?:\s{1,3}[\"'][^\"'\n]{0,300}[\"'])?\s{0,3}\)"
    r"|^ {0,3}#{2,6} +\S|\A {0,3}# +\S[^\n]*\n[ \t]*\n",
    re.MULTILINE,
)
# In a text that is Markdown, these are marks too.
_MORE_MARKS = re.compile(r"\[!\[|\A {0,3}#{1,6} +\S")


# Shortcodes of WordPress: those whose content is no text, and the frames of its page builders.
_SHORTCODE = re.compile(
    r"\[(caption|embed|gallery|audio|video|playlist|youtube|contact-form-7|ads?|adrotate|wpvideo)\b[^\[\]]{0,2000}\](?:.{0,1000}?\[/\1\])?"
    r"|\[/?(?:vc|et_pb|fusion|av|tdc|su|td_block)_\w+[^\[\]]{0,3000}\]",
    re.DOTALL,
)
# Forum markup, only with its end.
_BB_DROPPED = re.compile(r"\[(img|video|youtube|media)(?:=[^\[\]]{0,300})?\].{0,1000}?\[/\1\]", re.IGNORECASE | re.DOTALL)
_BB = re.compile(
    r"\[/?(?:b|i|u|s|url|color|size|font|center|left|right|quote|spoiler|list|code|email)(?:=[^\[\]]{0,500})?\]", re.IGNORECASE
)
_BB_END = re.compile(
    r"\[/(?:b|i|u|s|url|color|size|font|center|left|right|quote|spoiler|list|code|email|img|video|youtube|media)\]", re.IGNORECASE
)
# Line breaks that a program wrote as two signs.
_WRITTEN_BREAKS = re.compile(r"(?:\\r)?\\n(?:\\r)?\\n|[.!?\"”)](?:\\r)?\\n(?=[A-Z\"“])")


def plain_text(text: str) -> str:
    """The text without markup, its paragraphs separated by blank lines; text without clear markup comes back as it is.

    Drops scripts, styles, captions, frames and forms. Items of lists are lines; elements of a written list are paragraphs.
    """
    for _ in range(MAX_ROUNDS):
        plain = _unwrap(text)
        if plain == text:
            return text
        text = plain
    return text


def plain_line(text: str) -> str:
    """Like `plain_text`, as one line if there was markup."""
    plain = plain_text(text)
    return plain if plain == text else " ".join(plain.split())


def _unwrap(text: str) -> str:
    """The text with its outermost kind of markup resolved."""
    if _LIST.match(text) and (parts := _written_list(text)) is not None:
        return "\n\n".join(parts)
    if "&" in text and _ESCAPED_TAG.search(text):
        text = _resolve_entities(text)
    if "<" in text and _TAG.search(text):
        return _from_html(_SHORTCODE.sub("", text) if "[" in text else text)
    if "&" in text:
        text = _resolve_entities(text)
    if "\\n" in text and _WRITTEN_BREAKS.search(text):
        text = re.sub(r"(?:\\r)?\\n", "\n", text)
    if "[" in text:
        text = _without_brackets(text)
    if _MARKDOWN.search(text) or "[![" in text:
        return _from_markdown(text)
    return text


def _without_brackets(text: str) -> str:
    """The text without WordPress' shortcodes and forum markup."""
    found = _SHORTCODE.sub("", text)
    if _BB_END.search(found):
        found = _BB.sub("", _BB_DROPPED.sub("", found))
    return text if found == text else re.sub(r"\n{3,}", "\n\n", found).strip()


def _resolve_entities(text: str) -> str:
    return _ENTITY.sub(lambda found: html.unescape(found[0]).replace("\u00a0", " ").replace("\u00ad", ""), text)


def _written_list(text: str) -> list[str] | None:
    """The strings of a list as Python, NumPy or JSON write it, without empty ones; None if it is anything else."""
    parts: list[str] = []
    end = _after_separators(text, 0)
    # Matched where one has to stand, not searched for: a quotation mark that is never closed is followed once.
    while found := _STRING.match(text, end):
        end = _after_separators(text, found.end())
        parts.append(_string_value(found[0]))
    if not parts or end < len(text) or not text.rstrip().endswith(("]", ")", "}")):
        return None
    return [part.strip() for part in parts if part.strip()]


def _after_separators(text: str, begin: int) -> int:
    between = _BETWEEN_STRINGS.match(text, begin)
    return between.end() if between else begin


def _string_value(token: str) -> str:
    try:
        # JSON and Python share these escapes, apart from line breaks, which JSON never has inside.
        value = ast.literal_eval(token.replace("\n", "\\n").replace("\\/", "/"))
    except (ValueError, SyntaxError, MemoryError):
        return token.strip("uUbB")[1:-1]
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class _Text:
    """Parser target for lxml: collects text and breaks, and builds no tree."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._dropped: list[str] = []
        self._open: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        tag = tag.lower()
        if self._dropped:
            if tag not in _VOID:
                self._dropped.append(tag)
            return
        if tag not in _VOID and (tag in _DROPPED or _CAPTION.search(attributes.get("class") or "")):
            self._dropped.append(tag)
            return
        self._break(tag)

    def end(self, tag: str) -> None:
        tag = tag.lower()
        if self._dropped:
            # lxml closes what a page leaves open, so the tags are balanced.
            if tag not in _VOID:
                self._dropped.pop()
            return
        if tag in _BLOCKS:
            self._break(tag)

    def data(self, data: str) -> None:
        if not self._dropped:
            self.parts.append(data)

    def comment(self, text: str) -> None:
        """Comments are no text."""

    def close(self) -> str:
        return "".join(self.parts)

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append(_PARAGRAPH)
        elif tag in _LINES:
            self.parts.append(_LINE)
        elif tag in ("td", "th"):
            self.parts.append(" ")


# Signs for breaks that no text holds: noncharacters, which lxml takes out of its input.
_PARAGRAPH, _LINE = "\ufdd0", "\ufdd1"
_BLOCK_TAG = re.compile(r"<(?:p|div|br|li|tr|h[1-6]|td|blockquote)\b", re.IGNORECASE)


def _from_html(text: str) -> str:
    # Imported here, since text without tags does not need it.
    from lxml import etree

    # Behind the last end no section is closed, and each beginning would be followed to the end of the text.
    end = text.rfind("]]>") + 3 if "<![CDATA[" in text else 0
    text = (
        (_CDATA.sub(lambda found: found[1], text[:end]) + text[end:])
        .replace("\x00", "")
        .replace(_PARAGRAPH, "")
        .replace(_LINE, "")
    )
    # An end that was cut off inside a tag.
    text = re.sub(r"</?[a-z][^<>]{0,20000}\Z", "", text, flags=re.IGNORECASE)
    # Without tags for lines and paragraphs, line breaks mean what they do in plain text; blank lines always do.
    newline = " " if _BLOCK_TAG.search(text) else _LINE
    target = _Text()
    parser = etree.HTMLParser(target=target, encoding="utf-8", huge_tree=True, recover=True)
    try:
        etree.fromstring(f"<div>{text}</div>".encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        # What was parsed so far is in the target.
        if not target.parts:
            return _TAG.sub(" ", text).replace("<!--", " ")
    plain = "".join(target.parts).replace("\u00a0", " ").replace("\u00ad", "").replace("\u200b", "")
    plain = re.sub(r"[ \t\r\f]+", " ", plain)
    plain = re.sub(r" ?\n ?\n[ \n]*", _PARAGRAPH, plain).replace("\n", newline)
    lines = [re.sub(" +", " ", line).strip() for line in re.split(f"[{_LINE}]", plain.replace(_PARAGRAPH, _LINE * 2))]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _from_markdown(text: str) -> str:
    return "\n\n".join(
        _from_markdown_paragraph(part)
        if len(part) <= MAX_MARKDOWN and (_MARKDOWN.search(part) or _MORE_MARKS.search(part))
        else part
        for part in re.split(r"\n[ \t]*\n", text)
    )


def _from_markdown_paragraph(text: str) -> str:
    from markdown_it import MarkdownIt

    # Only these marks are read, so that all others stay as they are.
    parser = MarkdownIt("zero").enable(["heading", "emphasis", "link", "image", "backticks"])
    blocks: list[str] = []
    for token in parser.parse(text):
        if token.type == "inline":
            shown = (
                "\n" if child.type in ("softbreak", "hardbreak") else child.content
                for child in token.children or ()
                if child.type != "image"
            )
            blocks.append("".join(shown).strip())
    return "\n\n".join(filter(None, blocks))
