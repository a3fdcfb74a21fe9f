#!/usr/bin/env python3
"""The Russian words of the interface: gather what pages say, and see that all of it is translated.

``update`` brings translations/ru/LC_MESSAGES/messages.po up to date and compiles it; ``check``
fails if anything is missing, doubtful, or not compiled. Message ids are the English words.
"""

import re
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "translations" / "ru" / "LC_MESSAGES"
PO, MO = FOLDER / "messages.po", FOLDER / "messages.mo"
SOURCES = {"asdg_portal": [("**.py", "python")], "templates": [("**.html", "jinja2")]}
HEADER = "# The Russian words of the portal's interface; see tools/i18n.py."
# Lines of the header that say nothing, or change with every run.
IDLE = re.compile(
    r'^"(?:Project-Id|Report-Msgid|Last-Tr|Language-Team|PO.*Date|POT|Generated).*\n', re.M
)
# A catalogue without a date is given today's: the same words must compile to the same bytes.
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
OPTIONS = {"**.html": {"trimmed": "false"}}
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def gather() -> Catalog:
    """Read every message id of the code and the templates."""
    catalog = Catalog(locale="ru", charset="utf-8", header_comment=HEADER)
    for folder, methods in SOURCES.items():
        found = extract_from_dir(ROOT / folder, methods, OPTIONS, KEYWORDS, comment_tags=())
        for name, _line, message, _comments, context in sorted(found, key=lambda f: (f[0], f[1])):
            catalog.add(message, None, [(f"{folder}/{name}", 0)], context=context)
    return catalog


def load() -> Catalog:
    """Read the translations as they are."""
    if not PO.is_file():
        return Catalog(locale="ru")
    with PO.open("rb") as file:
        return read_po(file, locale="ru")


def update() -> None:
    """Take in new message ids, drop those that nobody uses, and compile."""
    known, catalog = load(), gather()
    for message in catalog:
        old = known.get(message.id[0] if message.pluralizable else message.id)
        if message.id and old is not None and bool(old.string):
            message.string = old.string
        message.locations = sorted({(name, None) for name, _line in message.locations})
    catalog.fuzzy = False
    FOLDER.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(
            file, catalog, sort_output=True, width=100, omit_header=False, include_lineno=False
        )
    PO.write_text(IDLE.sub("", PO.read_text()))
    MO.write_bytes(compiled(load()))


def compiled(catalog: Catalog) -> bytes:
    """Give the catalogue as programs read it; the day on which that is done leaves no trace."""
    catalog.creation_date = UNDATED
    stream = BytesIO()
    write_mo(stream, catalog)
    return stream.getvalue()


def problems() -> list[str]:
    """Name everything that a reader of Russian would stumble over."""
    known, used = load(), gather()
    found = []
    for message in used:
        if not message.id:
            continue
        name = message.id[0] if message.pluralizable else message.id
        translation = known.get(name)
        if translation is None or not all(_strings(translation)):
            found.append(f"нет перевода: {name!r} ({message.locations[0][0]})")
        elif translation.fuzzy:
            found.append(f"сомнительный перевод: {name!r}")
        elif any(_placeholders(text) - _placeholders(name) for text in _strings(translation)):
            found.append(f"лишняя подстановка в переводе: {name!r}")
    ids = {m.id for m in used}
    found += [f"никем не используется: {m.id!r}" for m in known if m.id and m.id not in ids]
    if not MO.is_file() or MO.read_bytes() != compiled(known):
        found.append("messages.mo не собран из messages.po")
    return found


def _strings(message: Message) -> tuple[str, ...]:
    text = message.string
    return tuple(text) if isinstance(text, (list, tuple)) else (text,)


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def main() -> None:
    """Do what the argument says."""
    if sys.argv[1:] == ["update"]:
        update()
    elif sys.argv[1:] != ["check"]:
        sys.exit("tools/i18n.py update | check")
    found = problems()
    for line in found:
        print(line)
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
