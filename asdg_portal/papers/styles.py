"""How a Word file looks: the habits of official papers, in styles that people can change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

FONT = "Times New Roman"
GREY = RGBColor(0x44, 0x44, 0x44)
BLACK = RGBColor(0, 0, 0)

# Our names of styles (papers.model.STYLES) and those in the file.
STYLES = {
    "body": "Normal",
    "small": "Small",
    "note": "Note",
    "right": "Right",
    "subtitle": "Subtitle",
    "cell": "Table Text",
}


@dataclass(frozen=True, slots=True)
class Look:
    """A style: its name in the file, sizes and spaces in points."""

    name: str
    size: float
    bold: bool = False
    italic: bool = False
    color: RGBColor = BLACK
    before: float = 0
    after: float = 0
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT


LOOKS = (
    Look("Normal", 12, after=6, align=WD_ALIGN_PARAGRAPH.JUSTIFY),
    Look("Title", 18, bold=True, after=12),
    Look("Subtitle", 13, color=GREY, after=12),
    Look("Heading 1", 14, bold=True, before=14, after=6),
    Look("Heading 2", 13, bold=True, before=12, after=6),
    Look("Heading 3", 12, bold=True, before=10, after=4),
    Look("List Paragraph", 12, after=3, align=WD_ALIGN_PARAGRAPH.JUSTIFY),
    Look("Small", 10, color=GREY, after=3),
    Look("Note", 11, italic=True, color=GREY, after=6),
    Look("Right", 12, after=3, align=WD_ALIGN_PARAGRAPH.RIGHT),
    Look("Table Text", 11, before=2, after=2),
)


def prepare_styles(document: Document, language: str) -> None:
    """Set page, fonts and spaces, and the language in which Word checks the spelling."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(1.5)
    section.top_margin = section.bottom_margin = Cm(2)
    for look in LOOKS:
        _apply(document, look)
    _language(document.styles["Normal"], language)
    _do_not_stretch(document)


def _apply(document: Document, look: Look) -> None:
    styles = document.styles
    if look.name in styles:
        style: Any = styles[look.name]
    else:
        style = styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(look.size)
    style.font.bold, style.font.italic, style.font.color.rgb = look.bold, look.italic, look.color
    # Latin, Cyrillic and all other letters by the same font, whatever the theme says.
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for part in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{part}"), FONT)
    form = style.paragraph_format
    form.space_before, form.space_after = Pt(look.before), Pt(look.after)
    form.alignment = look.align
    # The line under a title and its wide letters come from the theme.
    for unwanted in (*style.element.iter(qn("w:pBdr")), *style.element.rPr.iter(qn("w:spacing"))):
        unwanted.getparent().remove(unwanted)


def _language(style: Any, language: str) -> None:
    mark = OxmlElement("w:lang")
    mark.set(qn("w:val"), language)
    style.element.get_or_add_rPr().append(mark)


def _do_not_stretch(document: Document) -> None:
    """Keep a line that ends with a line break from being pulled across the whole page."""
    settings = document.settings.element
    compatible = settings.find(qn("w:compat"))
    if compatible is None:
        compatible = OxmlElement("w:compat")
        settings.append(compatible)
    compatible.insert(0, OxmlElement("w:doNotExpandShiftReturn"))


def number_pages(document: Document) -> None:
    """Put the number of the page under each page."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    paragraph._p.append(number)
