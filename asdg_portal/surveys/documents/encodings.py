"""Bytes of a text file as the text they were written as: four encodings, none of them named."""

from __future__ import annotations

import codecs
import itertools
import unicodedata

from flask_babel import gettext as _

from asdg_portal.surveys.documents.model import Unreadable

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SINGLE_BYTE = ("cp1251", "koi8-r")
# How often each letter stands in Russian text, per thousand; the rest are rare.
COMMON = dict(zip("оеаинтсрвлкмдпуяыьгз", (
    110, 85, 80, 74, 67, 63, 55, 47, 45, 44, 35, 32, 30, 28, 26, 20, 19, 17, 17, 16), strict=True,
))  # fmt: skip
FEWEST_LETTERS = 0.2


def decode(data: bytes) -> str:
    """Read a text file.

    :raises Unreadable: if it is empty, of another kind, or not Russian text.
    """
    if not data.strip():
        raise Unreadable(_("The file is empty."))
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf", b"\x7fELF")):
        raise Unreadable(_("The ending says text, but the content is of another kind."))
    text = _decode(data)
    letters = sum(1 for c in text if "а" <= c.lower() <= "я" or c in "ёЁ")
    if letters < FEWEST_LETTERS * len(text.strip()):
        raise Unreadable(_("There is no Russian text in the file, or its encoding is not known: save it as UTF-8."))  # fmt: skip  # noqa: E501
    return unicodedata.normalize("NFC", text)


def _decode(data: bytes) -> str:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise Unreadable(
                    _("The file is damaged: it breaks off within a letter.")
                ) from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        guesses = (data.decode(encoding, errors="replace") for encoding in SINGLE_BYTE)
        return max(guesses, key=_russianness)


def _russianness(text: str) -> float:
    """Weigh a guess: letters as frequent as in Russian, and no capitals within words.

    The same bytes are lower case in one of the encodings and upper case in the other, and the
    letters are in another order, so that a wrong guess fails on both counts.
    """
    score = sum(COMMON.get(letter, 0) for letter in text.lower())
    inside = sum(1 for a, b in itertools.pairwise(text) if a.islower() and b.isupper())
    return score / max(1, len(text)) - 200 * inside / max(1, len(text)) - text.count("\ufffd")
