"""Numbers and dates of legal acts, in whatever spelling, as the one term they are found by.

«440-р», «№ 440р», «N 440 - р»; «30.12.2014», «30 декабря 2014»; «131-ФЗ», «ФЗ № 131».
"""

from __future__ import annotations

import re

from asdg_portal.core.morphology import fold

MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip
# What stands behind the number of an act: order, decree, law (of the federation, of a region) …
_KINDS = "фкз|фз|оз|кз|рз|зрк|зс|рп|рг|па|пп|пг|гп|мпа|р|п|з|пр"
_LAW = "фкз|фз"
_NUMBER = r"(?:(?:№|\bn[oо]?\.?)\s*|(?<![^\W_]))"
_DASH = r"[-‐-―−]"
_END = r"(?:/\d+)?(?![^\W_]|[-‑/][^\W_])"
# Latin letters are typed for the Russian «р», «п», «з» too.
_KIND = rf"(?:{_KINDS}|p)"

CODE = (
    rf"{_NUMBER}\d{{1,6}}(?:\s?{_DASH}\s?|(?=[а-яp])){_KIND}{_END}"
    rf"|{_NUMBER}\d{{1,6}}\s(?:{_LAW}){_END}"
    rf"|\b(?:{_LAW})\s?(?:{_DASH}\s?|№\s?|n\s?)?\d{{1,6}}{_END}"
)
DATE = (
    r"(?<!\d[.])(?<!\d)\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})(?![.]?\d)"
    r"|(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)"
)
MONTH_DATE = rf"(?<!\d)\d{{1,2}}\s+(?:{'|'.join(MONTHS)})\s+\d{{4}}(?!\d)"

_LAW_NEAR = re.compile(r"федеральн\w+\s+закон\w*\s+(?:(?:российской\s+федерации|рф)\s+)?(?:от\s+[\d.]+(?:\s+\w+\s+\d{4})?\s*(?:г\.|года)?\s*)?(?:№|n)?\s*$")  # fmt: skip  # noqa: E501


def act_term(text: str) -> str:
    """Spell a number with its letters as «440-р» or «131-фз»."""
    number, *part = re.findall(r"\d+", text)
    kind = re.sub(r"^\W*n[oо]?\b|\W|\d", "", fold(text)).removeprefix("n").replace("p", "р")
    return "/".join([f"{number}-{kind}", *part])


def date_term(text: str) -> str:
    """Spell a day as «30.12.2014»; what is no day stays as it came."""
    text = fold(text)
    if written := re.fullmatch(r"(\d+)\s+([а-я]+)\s+(\d{4})", text):
        day, month, year = written[1], str(MONTHS.index(written[2]) + 1), written[3]
    elif "-" in text:
        year, month, day = text.split("-")
    else:
        day, month, year = text.split(".")
    year = year if len(year) == 4 else f"20{year}"
    return f"{int(day):02}.{int(month):02}.{year}"


def names_law(before: str) -> bool:
    """Whether what stands before a number says that it is a federal law's."""
    return _LAW_NEAR.search(fold(before)) is not None
