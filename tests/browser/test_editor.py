"""Clean pasting and the six buttons, judged by the text in the field and on the published page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from asdg_portal.core.db import db
from asdg_portal.moderation.models import State, Submission
from asdg_portal.moderation.services import make_public
from tests.browser.conftest import Site, Visitor
from tests.factories import YEAR

CLIPBOARD = Path(__file__).parent / "clipboard"
SAMPLES = sorted(path.stem for path in CLIPBOARD.glob("*.html"))
PASTE = """(box, [html, plain]) => {
  const data = new DataTransfer();
  if (html) data.setData("text/html", html);
  data.setData("text/plain", plain);
  const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
  return box.dispatchEvent(event);
}"""


def sample(name: str) -> tuple[str, str]:
    """What an office program puts on the clipboard, and what is to become of it."""
    html = (CLIPBOARD / f"{name}.html").read_text(encoding="utf-8")
    return html, (CLIPBOARD / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n")


def paste(box: Locator, html: str, plain: str = "") -> bool:
    """Paste; tell whether the browser was left to do it by itself."""
    box.focus()
    return bool(box.evaluate(PASTE, [html, plain]))


class Sheet:
    """A form before somebody who writes; the field of the first question is empty."""

    def __init__(self, site: Site) -> None:
        self.site, self._year = site, YEAR
        self.visitor: Visitor = site.visitor("omsk")
        self.page: Page = self.visitor.page
        self.box = self.page.locator("[name=q1]")
        self.open()

    def open(self) -> None:
        """Begin with the report of another year: what was typed before may yet be on its way."""
        self.report = self.site.world.report(year=self._year)
        self._year -= 1
        self.page.goto(f"/reports/{self.report}/edit")
        self.box.fill("")

    @property
    def value(self) -> str:
        """What stands in the field."""
        return self.box.input_value()

    def select(self, start: int, end: int) -> None:
        """Choose a stretch of the text."""
        self.box.focus()
        self.box.evaluate("(box, [a, b]) => box.setSelectionRange(a, b)", [start, end])

    def choose(self, words: str) -> None:
        """Choose these very words."""
        at = self.value.index(words)
        self.select(at, at + len(words))

    def press(self, button: str) -> None:
        """Press a button over the field."""
        bar = self.page.locator("[role=toolbar][aria-controls=q1]")
        bar.get_by_role("button", name=button, exact=True).click()

    def published(self) -> Locator:
        """Save and publish; give the answer as the public reads it."""
        self.visitor.press("Сохранить")
        with self.site.world.app.app_context():
            item = db.session.get_one(Submission, self.report)
            make_public(item)
            item.state = State.PUBLISHED
            db.session.commit()
        return self.site.visitor().open(f"/reports/{self.report}/").locator("#q1")


@pytest.fixture
def sheet(site: Site) -> Sheet:
    """A form with an empty first answer."""
    return Sheet(site)


def test_what_is_copied_from_office_programs_becomes_clean_text(sheet: Sheet) -> None:
    for name in SAMPLES:
        sheet.open()
        html, expected = sample(name)
        assert not paste(sheet.box, html, "то же без оформления"), name
        assert sheet.value == expected, name
        sheet.visitor.look()


def test_what_was_pasted_is_published_with_its_lists_tables_and_links(sheet: Sheet) -> None:
    html, _expected = sample("word2016")
    paste(sheet.box, html)
    answer = sheet.published()
    assert answer.locator("ul > li").count() == 3
    assert answer.locator("ul ul > li").inner_text() == "в районах — 40;"
    assert answer.locator("ol > li").count() == 3
    assert answer.locator("table tr").count() == 3
    assert answer.locator("td", has_text="тыс. | шт.").count() == 1
    assert answer.locator(".prose a").count() == 1
    assert answer.locator("strong").all_inner_texts() == ["Итоги года", "важно"]
    text = answer.inner_text()
    for gone in ("секрет", "месяц", "юристов", "[1]", "[И1]", "*", "mso", "C:"):
        assert gone not in text


def test_what_is_left_out_is_told(sheet: Sheet) -> None:
    note = sheet.page.locator("#q1 ~ .editor-note")
    assert not note.is_visible()
    paste(sheet.box, sample("word2016")[0])
    assert "Картинки не вставляются" in note.inner_text()
    assert "Зачёркнутое и удалённое" in note.inner_text()
    paste(sheet.box, "<p>Просто абзац</p>")
    assert not note.is_visible()
    paste(sheet.box, "<img src='data:image/png;base64,AAAA'>")
    assert "Картинки" in note.inner_text()


def test_pasting_is_undone_by_one_press_and_noticed_by_the_form(sheet: Sheet) -> None:
    sheet.box.fill("Начало. Конец.")
    sheet.page.evaluate("window.heard = 0")
    sheet.page.evaluate("document.addEventListener('input', () => { window.heard += 1; })")
    sheet.select(8, 8)
    paste(sheet.box, sample("excel")[0])
    assert sheet.value.startswith("Начало. \n\n| Город")
    assert sheet.value.endswith("-12% |\n\nКонец.")
    assert sheet.page.evaluate("window.heard") >= 1
    sheet.page.keyboard.press("Control+z")
    assert sheet.value == "Начало. Конец."


def test_words_are_pasted_into_the_middle_of_a_line(sheet: Sheet) -> None:
    sheet.box.fill("Городу лет.")
    sheet.select(7, 7)
    paste(sheet.box, "<meta charset='utf-8'><span style='color:red'>триста </span>")
    assert sheet.value in {"Городу триста лет.", "Городу тристалет."}


# What is pasted, and what then stands in the field.
SMALL_CASES = [
    ("<script>document.title='x'</script>а<img src=x onerror=\"document.title='x'\">", "а"),
    ("<p>**звёзды**, [текст](http://a.b)</p>", "\\*\\*звёзды**, \\[текст](http://a.b)"),
    ("<p>&lt;b&gt;не тег&lt;/b&gt;</p>", "<b>не тег</b>"),
    ("<p>а\u202eб\u200bв\u00a0г</p>", "абв г"),
    ("<a href='https://a.example/x y'>сайт</a>", "[сайт](https://a.example/x%20y)"),
    ("<p><b>Жир</b><b>ный</b> <b> </b>текст</p>", "**Жирный** текст"),
    ("<p>a<br>b</p><p>&nbsp;</p><p></p><p>c</p>", "a\nb\n\nc"),
    ("<table><tr><td><p>раз</p><p>два</p></td></tr></table>", "раз\n\nдва"),
]  # fmt: skip


def test_small_cases(sheet: Sheet) -> None:
    for html, expected in SMALL_CASES:
        sheet.open()
        paste(sheet.box, html)
        assert sheet.value == expected, html
        assert sheet.page.title() != "x", html


def test_without_html_the_browser_pastes_as_ever(sheet: Sheet) -> None:
    assert paste(sheet.box, "", "• простой текст")


def test_a_hundred_pages_are_pasted_at_once(sheet: Sheet) -> None:
    page = "<p class=MsoNormal>" + "Слово и дело. " * 150 + "<o:p></o:p></p>"
    paste(sheet.box, page * 100)
    assert len(sheet.value) > 200_000
    sheet.page.evaluate("1")


# What stands in the field, what is chosen of it, the button or the keys, what comes of it.
BUTTONS = {
    "bold": ("Наш город", "город", "Полужирный", "Наш **город**"),
    "bold by key": ("Наш город", "город", "Control+b", "Наш **город**"),
    "bold off": ("Наш **город**", "город", "Полужирный", "Наш город"),
    "italic": ("Наш город", "город", "Control+i", "Наш *город*"),
    "italic in bold": ("**город**", "город", "Курсив", "***город***"),
    "bold of both off": ("***город***", "город", "Полужирный", "*город*"),
    "no spaces inside": ("Наш город тут", " город ", "Полужирный", "Наш **город** тут"),
    "bold lines": ("- раз\n- два", "- раз\n- два", "Полужирный", "- **раз**\n- **два**"),
    "list": ("Вот:\nраз\nдва", "раз\nдва", "Список", "Вот:\n\n- раз\n- два"),
    "list off": ("- раз\n- два", "раз\n- два", "Список", "раз\nдва"),
    "numbers": ("раз\nдва", "раз\nдва", "Нумерованный список", "1. раз\n2. два"),
    "numbers of signs": ("- раз\n- два", "раз\n- д", "Control+Shift+Digit7", "1. раз\n2. два"),
    "link": ("Наш сайт тут", "сайт", "Ссылка", "Наш [сайт](https://) тут"),
    "link of an address": ("mailto:a@b.c", "mailto:a@b.c", "Control+k", "[текст](mailto:a@b.c)"),
    "table": ("а\tб\n1\t2", "а\tб\n1\t2", "Таблица", "| а | б |\n| --- | --- |\n| 1 | 2 |"),
}  # fmt: skip


def test_a_button_does_what_it_says_and_is_undone(sheet: Sheet) -> None:
    for name, (text, words, act, expected) in BUTTONS.items():
        sheet.open()
        sheet.box.fill(text)
        sheet.choose(words)
        if act.startswith("Control"):
            sheet.page.keyboard.press(act)
        else:
            sheet.press(act)
        assert sheet.value == expected, name
        assert sheet.page.evaluate("document.activeElement.name") == "q1", name
        sheet.page.keyboard.press("Control+z")
        assert sheet.value == text, name


def test_typing_goes_on_where_a_button_left_off(sheet: Sheet) -> None:
    sheet.press("Полужирный")
    sheet.page.keyboard.type("Итоги")
    sheet.box.press("End")
    sheet.page.keyboard.press("Enter")
    sheet.page.keyboard.press("Enter")
    sheet.press("Список")
    sheet.page.keyboard.type("раз")
    sheet.page.keyboard.press("Enter")
    sheet.page.keyboard.type("два")
    sheet.page.keyboard.press("Enter")
    sheet.page.keyboard.press("Enter")
    sheet.page.keyboard.type("Дальше.")
    sheet.press("Таблица")
    sheet.page.keyboard.type("Год")
    assert sheet.value == (
        "**Итоги**\n\n- раз\n- два\n\nДальше.\n\n"
        "| Год | Значение |\n| --- | --- |\n|  |  |\n|  |  |"
    )
    answer = sheet.published()
    assert answer.locator("li").all_inner_texts() == ["раз", "два"]
    assert answer.locator("th").all_inner_texts() == ["Год", "Значение"]


def test_the_buttons_are_one_stop_of_the_keyboard(sheet: Sheet) -> None:
    bar = sheet.page.locator("[role=toolbar][aria-controls=q1]")
    assert (
        bar.get_attribute("aria-label")
        == "Оформление: 1. Что наиболее значительное удалось сделать в 2026 году?"
    )
    names = bar.get_by_role("button").evaluate_all("all => all.map(b => b.ariaLabel)")
    assert len(names) == 6
    sheet.box.focus()
    sheet.page.keyboard.press("Shift+Tab")
    for expected in (names[0], names[1], names[2]):
        assert sheet.page.evaluate("document.activeElement.ariaLabel") == expected
        sheet.page.keyboard.press("ArrowRight")
    sheet.page.keyboard.press("End")
    assert sheet.page.evaluate("document.activeElement.ariaLabel") == names[5]
    sheet.page.keyboard.press("Tab")
    assert sheet.page.evaluate("document.activeElement.name") == "q1"


def test_long_texts_of_practices_have_the_buttons_too(site: Site) -> None:
    practice = site.world.practice()
    page = site.visitor("omsk").open(f"/practices/{practice}/edit")
    assert (
        page.get_by_role("toolbar").count()
        == page.locator("form[data-questionnaire] textarea").count()
    )
    box = page.locator("[name=solution]")
    box.fill("")
    paste(box, sample("libreoffice")[0])
    assert box.input_value() == sample("libreoffice")[1]


def test_a_phone_is_wide_enough_for_the_buttons(site: Site) -> None:
    report = site.world.report()
    visitor = site.visitor("omsk", viewport={"width": 390, "height": 800}, has_touch=True)
    page = visitor.open(f"/reports/{report}/edit")
    page.set_viewport_size({"width": 390, "height": 800})
    sizes = page.locator("[aria-controls=q1] button").evaluate_all(
        "all => all.map(b => [b.getBoundingClientRect().width, b.getBoundingClientRect().height])"
    )
    assert all(width >= 44 and height >= 44 for width, height in sizes)
    tops = page.locator("[aria-controls=q1] button").evaluate_all(
        "all => all.map(b => b.offsetTop)"
    )
    assert len(set(tops)) == 1
