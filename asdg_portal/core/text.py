"""What people typed: made safe to keep, and shown with its paragraphs, lists and tables.

Text is kept as a small part of Markdown: blank-line paragraphs, ``- `` and ``1. `` lists, tables,
emphasis and links. Everything else, HTML included, is shown as the characters that were typed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from html import unescape

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

# Characters that no keyboard types on purpose: controls, bidi overrides, zero-width marks,
# lone surrogates. Tabs and line feeds stay; the soft hyphen would hide a word from search.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
# What no file of an office program can hold.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile(r"[^\S\n]+(?=\n|$)")
_BLANKS = re.compile(r"\n{3,}")

_MARKDOWN = MarkdownIt("zero", {"html": False, "breaks": True}).enable(
    ["list", "emphasis", "link", "table", "newline", "escape", "balance_pairs", "fragments_join"]
)
_TAGS = {"p", "br", "ul", "ol", "li", "em", "strong", "a"}
_TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}


def clean(text: str) -> str:
    """Normalise a text for keeping: Unicode composed, one kind of line end, nothing invisible.

    «й» and «ё» typed as two characters become one, so that they are found as they look.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _UNWANTED.sub("", text).replace("\xa0", " ").replace("\u2028", "\n")
    return _BLANKS.sub("\n\n", _SPACES.sub("", text)).strip()


def clean_line(text: str) -> str:
    """Normalise what must stay on one line, such as a title or a name."""
    return " ".join(clean(text).split())


def without_controls(text: str) -> str:
    """Leave out what XML cannot hold; files of office programs would not open with it."""
    return _CONTROL.sub("", text)


def parse(text: str) -> list[Token]:
    """Read a kept text into the pieces of its Markdown, for pages of another kind than HTML."""
    return _MARKDOWN.parse(text)


@lru_cache(maxsize=4096)
def to_html(text: str) -> Markup:
    """Render a kept text for a page; what comes out is safe whatever went in."""
    html = nh3.clean(
        _MARKDOWN.render(text),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener nofollow ugc",
    )
    # An empty corner of a table is no heading of anything. Safe: nh3 has just cleaned it.
    return Markup(html.replace("<th></th>", "<td></td>"))  # noqa: S704


@lru_cache(maxsize=1024)
def to_plain(text: str) -> str:
    """Give the words of a kept text without its markup, paragraphs on lines of their own."""
    html = nh3.clean(_MARKDOWN.render(text), tags={"p", "li", "br", "td", "th"}, attributes={})
    html = re.sub(r"</?(?:p|li|br|td|th)\s*/?>", "\n", html)
    return re.sub(r"\s*\n\s*", "\n", unescape(html)).strip()
