"""Who signed a sheet, and whom to call: lines at its end that belong to no answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from asdg_portal.surveys.documents.model import Line

LONGEST = 160
MOST_LINES = 10
MOST_WORDS = 10
ENDS = (".", ";", ":", "!", "?")
POST = re.compile(
    r"(?:и\.?\s?о\.?\s|врио\s|исполняющ\w+ обязанности\s)?"
    r"(?:перв\w+\s|главн\w+\s|ведущ\w+\s|старш\w+\s)?"
    r"(?:начальник|директор|глав[аы]|заместител|председател|руководител|специалист|мэр\b|"
    r"консультант|вице-мэр|заведующ|секретар|инженер|управляющ)\w*\b",
    re.IGNORECASE,
)
CONTACT = re.compile(
    r"(?:исполнитель|исп\b|подготовил|составил|ответственн\w+ (?:за|лицо|исполнитель)|"
    r"контактн\w+ (?:лицо|телефон|данные)|тел\b|телефон|факс|e-?mail|эл\.? ?почта|с уважением|"
    r"подпись|согласовано|м\.\s?п\.|дата\b\s*[:_«])",
    re.IGNORECASE,
)
INITIALS = r"[А-ЯЁ]\.\s?[А-ЯЁ]\.?"
SURNAME = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?"
NAME = re.compile(
    rf"(?:{INITIALS}\s?{SURNAME}|{SURNAME}\s+{INITIALS})(?!\w)|"
    rf"\b{SURNAME}\s+[А-ЯЁ][а-яё]+\s+[А-ЯЁ][а-яё]+(?:вич|вна|ична|ьич)\b|"
    rf"\b[А-ЯЁ][а-яё]+\s+[А-ЯЁ][а-яё]+(?:вич|вна|ична|ьич)\s+{SURNAME}\b|"
    rf"[_/]\s?[А-ЯЁ][а-яё]+ [А-ЯЁ][а-яё]+\s?/?$"
)
# Between digits stand at most two other signs, so that a long line costs no more than a short one.
PHONE = re.compile(
    r"(?:\+7|\b8)?\s?\(?\d{3,5}\)?[\s-]{1,2}\d{1,3}-?\d{2}-?\d{2}\b|\b\d{2,3}-\d{2}-\d{2}\b|\b\d{2}-\d{2}\b"
)
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.\w")
DATE = re.compile(
    r"(?:от\s)?[«\"]?\s?(?:\d{1,2}|_{1,4})\s?[»\"]?\s?(?:[а-яё]{3,8}|_{2,12}|\.\d{2}\.)\s?\d{2,4}\s?(?:г\.?|года)?\.?$",
    re.IGNORECASE,
)
BLANKS = re.compile(r"_{3,}|/\s*/")


def signed_lines(lines: Sequence[Line]) -> int:
    """Tell how many of the last lines say who signed, so that they can be taken off.

    They begin with a post, a name or the like and hold nothing else; there must be a name, a
    telephone or an address among them, for «Глава города …» can begin a sentence too.
    """
    best = 0
    surely = False
    for count, line in enumerate(reversed(lines[-MOST_LINES:]), 1):
        kind = _kind(line)
        if kind is None:
            break
        surely = surely or kind == "sure"
        if surely and kind != "between":
            best = count
    return best


def may_be_signed(lines: Sequence[Line]) -> bool:
    """Whether the last line looks as if somebody signed it, though it was left in the answer."""
    if not lines:
        return False
    text = lines[-1].text
    if len(text) > LONGEST:
        return False
    return bool(
        PHONE.search(text)
        or EMAIL.search(text)
        or re.search(rf"(?:{INITIALS}\s?{SURNAME}|{SURNAME}\s+{INITIALS})\.?$", text)
    )


def _kind(line: Line) -> str | None:
    """Weigh a line: «sure», «begin» of a signature, something that stands «between», or text."""
    text = line.text.strip()
    if line.item or len(text) > LONGEST:
        return None
    if _is_sure(text):
        return "sure"
    if DATE.match(text) or re.fullmatch(r"[Мм]\.\s?[Пп]\.?", text):
        return "begin"
    if text.endswith(ENDS):
        return None
    words = len(text.split())
    if POST.match(text) and words <= MOST_WORDS:
        return "begin"
    return "between" if (text[:1].islower() or text[:1] == "(") and words <= MOST_WORDS else None


def _is_sure(text: str) -> bool:
    """Whether a line can only be of a signature: a name, an address, a post with a name."""
    post, name = POST.match(text), NAME.search(text)
    reachable = PHONE.search(text) or EMAIL.search(text)
    return bool(
        CONTACT.match(text)
        or (name and _is_only_a_name(text, name))
        or (post and name and not text.endswith((".", ";")))
        or (post and BLANKS.search(text))
        or (reachable and len(text.split()) <= MOST_WORDS)
    )


def _is_only_a_name(text: str, name: re.Match[str]) -> bool:
    """Whether nothing but blanks for the signature stands beside a name."""
    rest = text[: name.start()] + text[name.end() :]
    return not re.search(r"\w", rest.replace("_", ""))
