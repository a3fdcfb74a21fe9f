"""A document as tagged PDF (PDF/UA-1), set by typst; what people typed stays text in it."""

from __future__ import annotations

import importlib
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from asdg_portal.core.text import without_controls
from asdg_portal.papers.model import (
    Block,
    Box,
    Grid,
    Heading,
    Items,
    PageBreak,
    Paper,
    Paragraph,
    Runs,
)

TEMPLATE = Path(__file__).parent / "data" / "paper.typ"


def to_pdf(paper: Paper, template: Path = TEMPLATE) -> bytes:
    """Set a document as PDF that a screen reader can read; fonts are those that typst brings."""
    typst: Any = importlib.import_module("typst")  # 80 MB that most processes never need
    content = {
        "title": without_controls(paper.title),
        "author": without_controls(paper.author),
        "language": paper.language,
        "blocks": _describe(_levels(paper.blocks)),
    }
    options = {
        "format": "pdf",
        "sys_inputs": {"paper": json.dumps(content, ensure_ascii=False)},
        "ignore_system_fonts": True,
    }
    source = template.read_bytes()
    try:
        pdf: bytes = typst.compile(source, pdf_standards="ua-1", **options)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        # Pictures in the text, or letters that no font here has: they are kept, and the file is
        # tagged as before, but it does not claim that everything in it can be seen.
        pdf = typst.compile(source, **options)
    return pdf


def _levels(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Let headings begin at the first level and never skip one, as PDF/UA wants them."""
    found: list[Block] = []
    last = 0
    for block in blocks:
        if isinstance(block, Heading):
            last = min(block.level, last + 1)
            block = replace(block, level=last)  # noqa: PLW2901
        found.append(block)
    return tuple(found)


def _describe(blocks: tuple[Block, ...]) -> list[dict[str, object]]:
    return [piece for block in blocks for piece in _block(block)]


def _block(block: Block) -> list[dict[str, object]]:
    match block:
        case Heading():
            return [{"kind": "heading", "level": block.level, "text": without_controls(block.text)}]
        case Paragraph():
            return [{"kind": "paragraph", "style": block.style, "runs": _runs(block.runs)}]
        case Items():
            inner = [_describe(item) for item in block.items]
            return [{"kind": "items", "start": block.start, "items": inner}]
        case Grid():
            rows = [[_runs(cell) for cell in row] for row in block.rows]
            about = {"heads": block.heads, "widths": block.widths}
            return [{"kind": "grid", "rows": rows} | about] if rows else []
        case Box():
            return [{"kind": "box", "blocks": _describe(block.blocks)}]
        case PageBreak():
            return [{"kind": "page-break"}]


def _runs(runs: Runs) -> list[dict[str, object]]:
    return [asdict(replace(run, text=without_controls(run.text))) for run in runs]
