# ruff: noqa: E501
"""Ninety-six filled questionnaires, each of another structure, with what is to be read in them.

Every third one is kept aside: nobody looks at it while the reader is being mended.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tests.language.sheets import (
    CLERICAL,
    IMPERATIVE,
    LETTER,
    LONG,
    MIXED,
    NOTES,
    OFFICE,
    PLAIN,
    ROMAN,
    SHORT,
    SPOKEN,
    STANDARD,
    WORDS,
    Sheet,
    sheet,
)
from tests.language.word_xml import cell, control, items, p, pack, raw, run, table


@dataclass(frozen=True, slots=True)
class Case:
    """A document: its structure in a word, its file, what is to be read."""

    about: str
    file: str
    data: bytes
    gold: list[dict[str, object]]
    kept_aside: bool


CASES: list[Case] = []
Label = str | Callable[[int], str]


def add(
    about: str, data: str | bytes, *sheets: Sheet, name: str = "", encoding: str = "utf-8"
) -> None:
    number = len(CASES) + 1
    ending = "docx" if isinstance(data, bytes) else "txt"
    content = data if isinstance(data, bytes) else data.encode(encoding)
    CASES.append(
        Case(
            about,
            name or f"u{number:03}.{ending}",
            content,
            [s.gold() for s in sheets],
            number % 3 == 0,
        )
    )


def label_of(label: Label, number: int) -> str:
    return label.format(n=number) if isinstance(label, str) else label(number)


def asked(
    s: Sheet,
    label: Label = "{n}. ",
    *,
    order: Iterable[int] = (1, 2, 3, 4, 5),
    between: str = "\n",
    bullet: str = "- ",
    after: str = "\n",
    answer: str = "",
) -> str:
    """The questions with their answers as text; those left out are not asked."""
    parts = []
    for place, n in enumerate((n for n in order if n not in s.left_out), 1):
        lines = [x.replace("- ", bullet, 1) if x.startswith("- ") else x for x in s.answers[n]]
        parts.append(label_of(label, place) + s.question(n) + between + answer + "\n".join(lines))
    return after.join(parts) + "\n"


def text(s: Sheet, head: Sequence[str], label: Label = "{n}. ", **how: object) -> str:
    return "\n".join([*head, *s.preface, asked(s, label, **how)])  # type: ignore[arg-type]


def plain(s: Sheet) -> list[str]:
    return [f"г. {s.city}", s.sector]


def wrap(content: str, width: int, *, hyphens: bool = False) -> str:
    return "\n".join(
        "\n".join(textwrap.wrap(line, width, break_on_hyphens=hyphens) or [""])
        for line in content.split("\n")
    )


# --- text files: how questions are numbered and worded -----------------------------------------
S = sheet(1, PLAIN)
add("label п. 3.", text(S, plain(S), "п. {n}. "), S)
S = sheet(2, LONG, listed=True)
add("label Вопрос № 3:", text(S, plain(S), "Вопрос № {n}: "), S)
S = sheet(3, LETTER)
add("label (3)", text(S, plain(S), "({n}) "), S)
S = sheet(4, SPOKEN, listed=True)
add("roman with dash", text(S, plain(S), lambda n: f"{ROMAN[n]} – "), S)
S = sheet(5, IMPERATIVE)
add("no number, no mark", text(S, plain(S), "", after="\n\n"), S)
S = sheet(6, OFFICE)
add("roman titles", text(S, plain(S), lambda n: f"{ROMAN[n]}. "), S)
S = sheet(7, NOTES)
add("ends with colon", text(S, plain(S), "{n}) "), S)
S = sheet(8, CLERICAL, listed=True)
add("clerical titles", text(S, plain(S), "{n}. "), S)
S = sheet(9, MIXED)
add("ordinal words", text(S, plain(S), lambda n: f"Вопрос {WORDS[n]}. "), S)
S = sheet(10, SHORT)
add("few words in capitals", text(S, plain(S), "{n}. ").replace("Основные", "ОСНОВНЫЕ"), S)
S = sheet(11)
add("ordinal with hyphen", text(S, plain(S), "{n}-й вопрос. "), S)
S = sheet(12, LETTER, listed=True)
add("square brackets", text(S, plain(S), "[{n}] "), S)
S = sheet(13, LONG)
add("answer in the same line", text(S, plain(S), "{n}. ", between=" "), S)
S = sheet(14)
add("Ответ: before each", text(S, plain(S), "Вопрос: ", answer="Ответ: "), S)
S = sheet(15)
S.answers[1] = ["1) Открыт музей.", "2) Обновлён сквер.", "3) Отремонтирован театр."]
data = text(S, plain(S), "{n}) ")
S.answers[1] = ["- Открыт музей.", "- Обновлён сквер.", "- Отремонтирован театр."]
add("answer numbered like questions", data, S)
S = sheet(16, PLAIN)
add("reordered, no numbers", text(S, plain(S), "", order=(3, 1, 2, 5, 4), after="\n\n"), S)
S = sheet(17, LONG)
S.left_out = {2, 4}
add("two left out, renumbered", text(S, plain(S), "{n}. "), S)
S = sheet(18, MIXED)
S.left_out = {5}
add("last left out", text(S, plain(S), "Вопрос {n}. "), S)
S = sheet(19, STANDARD)
add("wrapped over three lines", wrap(text(S, plain(S)), 42), S)
S = sheet(20, LONG, listed=True)
add("fixed width 72", wrap(text(S, plain(S), after="\n\n"), 72), S)
S = sheet(21, SPOKEN, preface=2)
add("fixed width 60, no numbers", wrap(text(S, plain(S), "", after="\n\n"), 60), S)
S = sheet(22)
S.answers[1] = [
    "Переселено семьдесят семей из аварийных домов, благоустроены дворы и проезды, а также заменён водопровод на окраинах города."
]
data = (
    text(S, plain(S))
    .replace("благоустроены", "благо-\nустроены")
    .replace("окраинах", "окраи-\nнах")
)
add("hyphenated at the end of lines", data, S)
S = sheet(23, listed=True)
page = "\n\n                              {n}\n\n"
data = text(S, plain(S), after="\n\f")
add("page numbers between", data.replace("\f", "- 2 -\n\f", 1).replace("\n\f", "\n\n3\n\n", 2), S)
S = sheet(24, preface=2)
add(
    "running head",
    f"Анкета АСДГ за {S.year} год. Страница 1\n"
    + text(S, plain(S), after=f"\nАнкета АСДГ за {S.year} год. Страница 2\n"),
    S,
)

# --- how city, direction and year are given ----------------------------------------------------
S = sheet(25)
add("letter-spaced town", text(S, ["Г О Р О Д   " + " ".join(S.city.upper()), S.sector.upper()]), S)
S = sheet(26)
add(
    "administration, direction labelled",
    text(S, [f"Администрация города {S.of_city}", f"Направление: {S.sector}"]),
    S,
)
S = sheet(27)
add(
    "municipal entity in quotes",
    text(S, [f"Муниципальное образование «Город {S.city}»", f"Отрасль «{S.sector}»"]),
    S,
)
S = sheet(28)
add(
    "title holds all",
    text(
        S,
        [
            f"Информация администрации города {S.of_city} по направлению «{S.sector}» за {S.year} год"
        ],
    ),
    S,
)
S = sheet(29)
add(
    "fields with colons",
    text(
        S,
        [
            f"Муниципалитет: г. {S.city}",
            f"Направление деятельности: {S.sector}",
            f"Отчётный год: {S.year}",
        ],
    ),
    S,
)
S = sheet(30)
add(
    "questionnaire of a city",
    text(S, ["АНКЕТА", f"города {S.of_city}", f"по направлению «{S.sector}»", f"за {S.year} год"]),
    S,
)
S = sheet(31, preface=0)
add("city and direction in the file name", asked(S), S, name=f"{S.city}_{S.sector}_{S.year}.txt")
S = sheet(32, preface=0)
add(
    "administration in the file name",
    f"{S.sector}\n" + asked(S),
    S,
    name=f"Ответы администрации г. {S.of_city}.txt",
)
S = sheet(33, preface=0)
add("file name with folder", asked(S), S, name=f"архив/{S.year}/{S.sector}/{S.city}.txt")
S = sheet(34, preface=0)
S.preface = [
    f"Администрация города {S.of_city} представляет сведения о работе отрасли «{S.sector}»."
]
add("both in the preface", text(S, ["Ответы на вопросы анкеты"]), S)
S = sheet(35)
data = text(S, ["Приложение № 2", f"к письму от 12.03.{S.year + 1} № 114", "", *plain(S)])
add("letterhead above", data, S)
S = sheet(36)
data = text(
    S,
    [
        "АССОЦИАЦИЯ СИБИРСКИХ И ДАЛЬНЕВОСТОЧНЫХ ГОРОДОВ",
        "ОПРОСНЫЙ ЛИСТ",
        f"Город {S.city}",
        f"({S.sector.lower()})",
    ],
)
add("association's name above", data, S)
S = sheet(37)
data = (
    text(S, [f"Отчёт за {S.year} год", *plain(S)])
    .replace(f"в {S.year} году", "в отчётном году")
    .replace(f"в {S.year + 1} году", "в следующем году")
)
add("year only in the title", data, S)
S = sheet(38)
data = text(S, plain(S)).replace(f"в {S.year} году", "за отчётный период")
add("year only in question 3", data, S)
S = sheet(39)
S.answers[1].insert(
    0, f"По сравнению с {S.year - 1} годом рост, к {S.year + 5} году ожидаем удвоения."
)
add("other years in the answer", text(S, plain(S), "Вопрос {n}\n"), S)
S = sheet(40, SHORT)
data = (
    text(S, plain(S))
    .replace(f"за {S.year} год", f"за {S.year}г.")
    .replace(f"на {S.year + 1} год", f"на {S.year + 1}г.")
)
add("year stuck to г.", data, S)
S = sheet(41)
add("city with region", text(S, [f"Сибирский федеральный округ, город {S.city}", S.sector]), S)
S = sheet(42)
add(
    "direction first, in genitive",
    text(S, [f"Анкета в сфере «{S.sector}»", f"Городской округ город {S.city}"]),
    S,
)

# --- several in one file; signatures -----------------------------------------------------------
A, B, C = sheet(43), sheet(47), sheet(51)
add(
    "three cities",
    "\n\n".join(text(s, [f"ГОРОД {s.city.upper()}", s.sector]) for s in (A, B, C)),
    A,
    B,
    C,
)
A, B = sheet(44), sheet(45)
B.city, B.year = A.city, A.year
add(
    "two directions",
    text(A, [f"Город {A.city}", f"Направление: {A.sector}"])
    + "\n"
    + text(B, [f"Направление: {B.sector}"]),
    A,
    B,
)
A, B = sheet(46, LONG), sheet(50, LONG)
add(
    "two cities, no numbers",
    text(A, [A.sector, f"1. {A.city}"], "") + "\n" + text(B, [f"2. {B.city}"], ""),
    A,
    B,
)
A, B, C = sheet(48), sheet(49), sheet(53)
B.city = C.city = A.city
B.year = C.year = A.year
C.sector = "Организационная работа"
add(
    "three directions with sections",
    f"Мэрия города {A.of_city}\n"
    + "\n".join(text(s, [f"Раздел {ROMAN[i]}. {s.sector}"]) for i, s in enumerate((A, B, C), 1)),
    A,
    B,
    C,
)
S = sheet(52)
add(
    "signature with phone",
    text(S, plain(S))
    + "\nЗаместитель главы города\nпо социальным вопросам                И.П. Сидорова\n\nИсп. Петров А.В.\n8 (3812) 22-33-44\n",
    S,
)
S = sheet(54)
add(
    "signature with date",
    text(S, plain(S))
    + f"\nНачальник управления ____________ /Иванов И.И./\n«12» марта {S.year + 1} г.\nМ.П.\n",
    S,
)
S = sheet(55)
add(
    "contact person",
    text(S, plain(S))
    + "\nКонтактное лицо: Смирнова Ольга Петровна,\nтел.: (3022) 32-10-11, e-mail: smirnova@city.example\n",
    S,
)
S = sheet(56)
add(
    "post over two lines",
    text(S, plain(S))
    + f"\nИ.о. директора департамента\nгородского хозяйства\nадминистрации города {S.of_city}\n\nК.К. Ким\n",
    S,
)
S = sheet(57)
add(
    "with respect",
    text(S, plain(S)) + "\nС уважением,\nглава города                     Пётр Ильич Серов\n",
    S,
)

# --- letters, spaces, ends of lines ------------------------------------------------------------
S = sheet(58)
add(
    "no-break spaces and soft hyphens",
    text(S, plain(S))
    .replace(" ", "\xa0")
    .replace("Какие", "Ка\xadкие")
    .replace("целесообраз", "целе\xadсообраз"),
    S,
)
S = sheet(59, listed=True)
add("windows ends of lines", text(S, plain(S)).replace("\n", "\r\n"), S)
S = sheet(60, listed=True)
add("mac ends of lines", text(S, plain(S)).replace("\n", "\r"), S)
NAMES = ("один", "два", "три", "четыре")
for place, marks in enumerate(("•·–—", "*▪‣➢", "✓●○\uf0b7")):
    S = sheet(61 + place, listed=True)
    S.answers[1] = ["Среди главного:", *(f"- дело номер {n}" for n in NAMES)]
    data = text(S, plain(S))
    for n, mark in zip(NAMES, marks, strict=True):
        data = data.replace(f"- дело номер {n}", f"{mark} дело номер {n}")
    add(f"bullets {marks}", data, S)
S = sheet(64, listed=True)
S.answers[1] = ["Среди главного:", "- новый театр;", "- новый музей;", "- новый парк."]
add(
    "letters as marks",
    text(S, plain(S))
    .replace("- новый театр", "а) новый театр")
    .replace("- новый музей", "б) новый музей")
    .replace("- новый парк", "в) новый парк"),
    S,
)
S = sheet(65)
S.answers[1] = [
    "Удалось ли сделать всё? Почти.",
    "Что ещё предстоит сделать в следующем году? Многое.",
]
add("sentences like questions", text(S, plain(S)), S)
S = sheet(66, PLAIN)
S.answers[4] = ["Какая помощь нужна? Прежде всего методическая."]
add("answer asks back", text(S, plain(S), "{n}. "), S)
S = sheet(67)
add("underlined with dashes", text(S, plain(S), between="\n---------------\n"), S)
S = sheet(68)
add(
    "capitals",
    text(S, plain(S))
    .replace(S.question(2), S.question(2).upper())
    .replace(S.question(5), S.question(5).upper()),
    S,
)
S = sheet(69, IMPERATIVE)
add(
    "wrapped in quotes",
    text(S, plain(S), "{n}. «")
    .replace(S.question(1), S.question(1) + "»")
    .replace(S.question(3), S.question(3) + "»"),
    S,
)

# --- Word --------------------------------------------------------------------------------------


def word(
    s: Sheet,
    ask: Callable[[int], str],
    *,
    head: str | None = None,
    tail: str = "",
    order: Sequence[int] = (1, 2, 3, 4, 5),
) -> bytes:
    head = "".join(map(p, plain(s))) if head is None else head
    return pack(
        head
        + items(s.preface)
        + "".join(ask(n) + items(s.answers[n]) for n in order if n not in s.left_out)
        + tail
    )


S = sheet(70, PLAIN)
add("bold questions", word(S, lambda n: p(S.question(n), bold=True)), S)
S = sheet(71, CLERICAL)
add("heading style", word(S, lambda n: p(S.question(n), "1")), S)
S = sheet(72, MIXED, listed=True)
add("multi-level list", word(S, lambda n: p(S.question(n), level=0)), S)
S = sheet(73, LONG)
add("style that numbers", word(S, lambda n: p(S.question(n), "N")), S)
S = sheet(74)
add(
    "soft break between question and answer",
    pack(
        "".join(map(p, plain(S)))
        + items(S.preface)
        + "".join(p(f"{n}. {S.question(n)}\n" + "\n".join(S.answers[n])) for n in range(1, 6))
    ),
    S,
)
S = sheet(75)
add("tab after the number", word(S, lambda n: p(f"{n}.\t{S.question(n)}")), S)
S = sheet(76, PLAIN)
rows = [[p(S.question(n)), items(S.answers[n])] for n in range(1, 6)]
add("two columns", pack("".join(map(p, plain(S))) + items(S.preface) + table(rows)), S)
S = sheet(77)
rows = [
    [p("№"), p("Вопрос"), p("Ответ")],
    *([p(str(n)), p(S.question(n)), items(S.answers[n])] for n in range(1, 6)),
]
add("with number and head", pack("".join(map(p, plain(S))) + items(S.preface) + table(rows)), S)
S = sheet(78, LONG)
rows = [
    [p(f"{n}. {S.question(n)}") for n in range(1, 6)],
    [items(S.answers[n]) for n in range(1, 6)],
]
add("transposed", pack("".join(map(p, plain(S))) + items(S.preface) + table(rows)), S)
A, B = sheet(79, preface=0), sheet(83, preface=0)
rows = [
    [p("Вопрос"), p(f"г. {A.city}"), p(f"г. {B.city}")],
    *([p(f"{n}. {A.question(n)}"), items(A.answers[n]), items(B.answers[n])] for n in range(1, 6)),
]
B.year = A.year
add("a column for each city", pack(p(A.sector) + table(rows)), A, B)
A, B = sheet(80), sheet(84)
add(
    "a table for each city",
    pack(
        "".join(
            p(f"Город {s.city}", bold=True)
            + p(s.sector)
            + items(s.preface)
            + table([[p(s.question(n)), items(s.answers[n])] for n in range(1, 6)])
            for s in (A, B)
        )
    ),
    A,
    B,
)
S = sheet(81, preface=0)
rows = [
    [p("Город"), p(S.city)],
    [p("Направление"), p(S.sector)],
    [p("Год"), p(str(S.year))],
    *([p(S.question(n)), items(S.answers[n])] for n in range(1, 6)),
]
add("city in a table cell", pack(p("Анкета АСДГ") + table(rows)), S)
S = sheet(82)
inner = table([[p("Показатель"), p("Значение")], [p("Автобусы"), p("25")]])
S.answers[1] = ["Закупили технику:", "Показатель", "Значение", "Автобусы", "25"]
body = (
    "".join(map(p, plain(S))) + items(S.preface) + p(S.question(1)) + p("Закупили технику:") + inner
)
add(
    "table within an answer",
    pack(body + "".join(p(S.question(n)) + items(S.answers[n]) for n in range(2, 6))),
    S,
)
S = sheet(85, MIXED)
rows = [[p(S.question(n)), table([[items(S.answers[n])]])] for n in range(1, 6)]
add("nested tables", pack("".join(map(p, plain(S))) + items(S.preface) + table(rows)), S)
S = sheet(86)
span = '<w:gridSpan w:val="2"/>'
merged = "".join(
    f"<w:tr>{cell(p(S.question(n)), span)}</w:tr><w:tr>{cell(items(S.answers[n]), span)}</w:tr>"
    for n in range(1, 6)
)
add(
    "merged cells",
    pack("".join(map(p, plain(S))) + items(S.preface) + f"<w:tbl>{merged}</w:tbl>"),
    S,
)
S = sheet(87)
drop = '<w:dropDownList><w:listItem w:displayText="Томск"/></w:dropDownList>'
head = raw(run("Город: ") + control(run(S.city), drop)) + control(p(S.sector))
add(
    "controls",
    pack(
        head
        + items(S.preface)
        + "".join(p(f"{n}. {S.question(n)}") + control(items(S.answers[n])) for n in range(1, 6))
    ),
    S,
)
S = sheet(88)
rows_xml = "".join(
    control(f"<w:tr>{control(cell(p(S.question(n))))}{control(cell(items(S.answers[n])))}</w:tr>")
    for n in range(1, 6)
)
add(
    "controls round rows and cells",
    pack("".join(map(p, plain(S))) + items(S.preface) + f"<w:tbl>{rows_xml}</w:tbl>"),
    S,
)
S = sheet(89)
placeholder = control(run("Место для ввода текста."), "<w:showingPlcHdr/>")
S.answers[4] = []
add(
    "an empty control says only what it is for",
    pack(
        "".join(map(p, plain(S)))
        + items(S.preface)
        + "".join(
            p(f"{n}. {S.question(n)}") + (raw(placeholder) if n == 4 else items(S.answers[n]))
            for n in range(1, 6)
        )
    ),
    S,
)
S = sheet(90)
S.answers[2] = ["Отмечаем опыт Бийска."]
change = raw(
    run("Отмечаем опыт ")
    + f"<w:del><w:r><w:delText>Томска</w:delText></w:r></w:del><w:ins>{run('Бийска')}</w:ins>"
    + run(".")
)
moved = f"<w:moveFrom>{run('Прочь.')}</w:moveFrom>"
add(
    "tracked changes",
    pack(
        "".join(map(p, plain(S)))
        + items(S.preface)
        + "".join(
            p(f"{n}. {S.question(n)}") + (change + raw(moved) if n == 2 else items(S.answers[n]))
            for n in range(1, 6)
        )
    ),
    S,
)
S = sheet(91)
field_ = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    + run("Да, считаем.")
    + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
S.answers[5] = ["Да, считаем."]
note = (
    run("Помощь не требуется.")
    + '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:commentReference w:id="1"/></w:r>'
)
S.answers[4] = ["Помощь не требуется."]
body = (
    "".join(map(p, plain(S)))
    + items(S.preface)
    + "".join(
        p(f"{n}. {S.question(n)}") + {4: raw(note), 5: raw(field_)}.get(n, items(S.answers[n]))
        for n in range(1, 6)
    )
)
add(
    "fields, footnotes, comments",
    pack(
        body,
        footnotes=f'<w:footnote w:id="2">{p("Сноска.")}</w:footnote>',
        comments=f'<w:comment w:id="1">{p("Проверить!")}</w:comment>',
    ),
    S,
)
S = sheet(92)
add(
    "city in the page header",
    pack(
        p(S.sector)
        + items(S.preface)
        + "".join(p(f"{n}. {S.question(n)}") + items(S.answers[n]) for n in range(1, 6)),
        header1=p(f"Администрация города {S.of_city}"),
    ),
    S,
)
S = sheet(93, OFFICE, listed=True)
add("titles in heading style", word(S, lambda n: p(S.question(n), "1"), order=(2, 1, 3, 5, 4)), S)
S = sheet(94)
signed = table([[p("Глава города"), p(""), p("И.О. Соколов")]])
add("signature in a table", word(S, lambda n: p(f"{n}. {S.question(n)}"), tail=signed), S)
S = sheet(95, SPOKEN)
add("style with bold", word(S, lambda n: p(S.question(n), "B")), S)
S = sheet(96, LETTER, listed=True)
add(
    "bold, each over two paragraphs",
    word(
        S,
        lambda n: "".join(
            p(part, bold=True)
            for part in textwrap.wrap(f"{n}. {S.question(n)}", max(30, len(S.question(n)) * 2 // 3))
        ),
    ),
    S,
)
S = sheet(97, PLAIN, listed=True)
S.left_out = {3}
add(
    "one left out in a table",
    pack(
        "".join(map(p, plain(S)))
        + items(S.preface)
        + table([[p(S.question(n)), items(S.answers[n])] for n in (1, 2, 4, 5)])
    ),
    S,
)
S = sheet(98)
add(
    "bold question and answer in one paragraph",
    pack(
        "".join(map(p, plain(S)))
        + items(S.preface)
        + "".join(
            raw(
                run(S.question(n) + " ", bold=True)
                + run(" ".join(x.removeprefix("- ") for x in S.answers[n]))
            )
            for n in range(1, 6)
        )
    ),
    S,
)
S = sheet(99, SHORT)
add(
    "numbers in a column, titles short",
    pack(
        "".join(map(p, plain(S)))
        + items(S.preface)
        + table([[p(f"{n}."), p(S.question(n)), items(S.answers[n])] for n in range(1, 6)])
    ),
    S,
)
