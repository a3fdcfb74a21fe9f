"""Word files written as bare XML, so that every structure of Word can be put into one."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STYLES = (
    '<w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="L"><w:name w:val="List Paragraph"/></w:style>'
    '<w:style w:styleId="N"><w:name w:val="Нумерованный вопрос"/>'
    '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:styleId="B"><w:name w:val="Вопрос анкеты"/><w:rPr><w:b/></w:rPr></w:style>'
)


def run(text: str, *, bold: bool = False) -> str:
    """A run of text; a line feed is a soft break, a tab a tab."""
    inside = "".join(
        {"\n": "<w:br/>", "\t": "<w:tab/>"}.get(
            part, f'<w:t xml:space="preserve">{escape(part)}</w:t>'
        )
        for part in text.replace("\n", "\x00\n\x00").replace("\t", "\x00\t\x00").split("\x00")
        if part
    )
    return f"<w:r>{'<w:rPr><w:b/></w:rPr>' if bold else ''}{inside}</w:r>"


def p(text: str, style: str = "", *, bold: bool = False, level: int | None = None) -> str:
    """A paragraph; ``level`` makes it an item of a list that Word numbers."""
    marks = f'<w:pStyle w:val="{style}"/>' if style else ""
    if level is not None:
        marks += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'
    return raw(run(text, bold=bold), marks)


def raw(runs: str, marks: str = "") -> str:
    """A paragraph of runs that are XML already."""
    return f"<w:p>{f'<w:pPr>{marks}</w:pPr>' if marks else ''}{runs}</w:p>"


def cell(inside: str, marks: str = "") -> str:
    """A cell of paragraphs."""
    return f"<w:tc>{f'<w:tcPr>{marks}</w:tcPr>' if marks else ''}{inside}</w:tc>"


def table(rows: list[list[str]]) -> str:
    """A table of cells, each given as paragraphs."""
    return (
        "<w:tbl>"
        + "".join(f"<w:tr>{''.join(cell(c) for c in row)}</w:tr>" for row in rows)
        + "</w:tbl>"
    )


def control(inside: str, properties: str = "") -> str:
    """A content control round a block, a run, a cell or a row."""
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"


def items(lines: list[str], level: int = 1) -> str:
    """The paragraphs of an answer; what begins with ``- `` becomes an item of a list."""
    return "".join(
        p(line[2:], "L", level=level) if line.startswith("- ") else p(line) for line in lines
    )


def pack(body: str, **parts: str) -> bytes:
    """A Word file of a body; ``parts`` are the insides of header1, footnotes, comments."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, root, inside in (
            ("document", "document", f"<w:body>{body}<w:sectPr/></w:body>"),
            ("styles", "styles", STYLES),
            *((name, ROOTS[name], inside) for name, inside in parts.items()),
        ):
            archive.writestr(f"word/{name}.xml", f'<w:{root} xmlns:w="{W}">{inside}</w:{root}>')
    return stream.getvalue()


ROOTS = {"header1": "hdr", "footnotes": "footnotes", "comments": "comments"}
