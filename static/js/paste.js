// What Word, LibreOffice, Google Docs, Excel and web pages put on the clipboard, read as the small
// part of Markdown in which the portal keeps texts (asdg_portal/core/text.py). The HTML is only
// read, in a document of its own that runs and loads nothing; none of it enters the page.
(() => {
  const BLOCKS = /^(P|DIV|H[1-6]|BLOCKQUOTE|PRE|SECTION|ARTICLE|MAIN|HEADER|FOOTER|ASIDE|DL|DD|DT|CENTER|ADDRESS|FIGURE|FIGCAPTION|HR|BODY)$/;
  const SKIPPED = /^(STYLE|SCRIPT|HEAD|TITLE|META|LINK|XML|TEMPLATE|NOSCRIPT|IFRAME|BUTTON|SELECT|INPUT|TEXTAREA|W:.*|M:.*)$/;
  const IMAGES = /^(IMG|SVG|OBJECT|CANVAS|VIDEO|PICTURE|V:IMAGEDATA)$/;
  const NOTES = /#_?(ftn|edn|sdfootnote|sdendnote|footnote|endnote|cmnt|msocom)/i;
  const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
  const BULLET = /^[\u2022\u00b7\u25aa\u25cf\u25cb\u25e6\u2023\u25a0\u25a1\u27a2\uf0b7\uf0a7\uf0d8\uf0fc]\s*/;
  const DASH = /^[-\u2013\u2014]\s+/;
  const HIGH = { 1: "\u00b9", 2: "\u00b2", 3: "\u00b3" };

  function styleOf(element) {
    const found = {};
    for (const part of (element.getAttribute("data-style") || "").split(";")) {
      const at = part.indexOf(":");
      if (at > 0) found[part.slice(0, at).trim().toLowerCase()] = part.slice(at + 1).trim().toLowerCase();
    }
    return found;
  }

  const isHidden = (element, style) => element.hidden || style.display === "none"
    || style.visibility === "hidden" || style["mso-hide"] === "all";

  const isStruck = (element, style) => /^(DEL|S|STRIKE)$/.test(element.tagName)
    || element.classList.contains("msoDel")
    || /line-through/.test(style["text-decoration"] || style["text-decoration-line"] || "");

  // Numbers and signs that only lead to a note or to a comment.
  const isAnchor = (element, style) => /^(msocomanchor|MsoCommentReference|sdfootnoteanc|sdendnoteanc|sdfootnotesym|sdendnotesym)$/i.test(element.className)
    || style["mso-element"] === "comment-list"
    || (element.tagName === "A" && NOTES.test(element.getAttribute("href") || ""));

  const isNote = (element, style) => /^(footnote|endnote)$/.test(style["mso-element"] || "")
    || /^sd(foot|end)note\d/.test(element.id);

  function formatOf(element, style, before) {
    const now = { ...before };
    if (/^(B|STRONG)$/.test(element.tagName) || /^H[1-6]$/.test(element.tagName)) now.bold = true;
    if (/^(I|EM|CITE)$/.test(element.tagName)) now.italic = true;
    const weight = style["font-weight"];
    if (weight) now.bold = /bold/.test(weight) || Number(weight) >= 600;
    if (style["font-style"]) now.italic = /italic|oblique/.test(style["font-style"]);
    const href = element.tagName === "A" && (element.getAttribute("href") || "").trim();
    if (href && /^(https?|mailto):/i.test(href)) {
      now.href = href.replace(/[\s()<>\\]/g, (sign) => encodeURIComponent(sign).replace("(", "%28").replace(")", "%29"));
    }
    return now;
  }

  class Reader {
    constructor(words) {
      this.words = words;
      this.blocks = [];
      this.runs = [];
      this.item = null;
      this.prefix = "";
      this.left = { images: 0, struck: 0 };
    }

    walkAll(node, format) {
      for (const child of node.childNodes) this.walk(child, format);
    }

    walk(node, format) {
      if (node.nodeType === Node.TEXT_NODE) this.runs.push({ ...format, text: node.data });
      if (node.nodeType !== Node.ELEMENT_NODE) return;
      const name = node.tagName.toUpperCase(), style = styleOf(node);
      if (SKIPPED.test(name) || isHidden(node, style) || style["mso-list"] === "ignore") return;
      if (isAnchor(node, style)) return;
      if (IMAGES.test(name)) { this.left.images += 1; return; }
      if (isStruck(node, style)) { this.left.struck += node.textContent.trim() ? 1 : 0; return; }
      if (name === "BR") this.lineBreak(style);
      else if (name === "TABLE") this.table(node, format);
      else if (name === "UL" || name === "OL") this.list(node, format, (this.item ? this.item.level : 0) + 1);
      else if (BLOCKS.test(name)) this.block(node, style, format);
      else if (name === "SUP" && HIGH[node.textContent.trim()]) this.runs.push({ ...format, text: HIGH[node.textContent.trim()] });
      else this.walkAll(node, formatOf(node, style, format));
    }

    lineBreak(style) {
      if (/always|page/.test(style["page-break-before"] || style["break-before"] || "")) this.flush();
      else this.runs.push({ text: "\n", isBreak: true });
    }

    block(node, style, format) {
      this.flush();
      const outer = this.item, level = /level(\d+)/.exec(style["mso-list"] || "");
      if (level) this.item = { level: Number(level[1]), number: wordNumber(node), used: false };
      if (isNote(node, style)) this.prefix = this.words.note + " ";
      this.walkAll(node, formatOf(node, style, format));
      this.flush();
      if (level) this.item = outer;
    }

    list(node, format, level) {
      this.flush();
      const outer = this.item;
      let number = Number(node.getAttribute("start")) || 1;
      for (const child of node.children) {
        const style = styleOf(child);
        if (/^(UL|OL)$/.test(child.tagName)) { this.list(child, format, level + 1); continue; }
        if (child.tagName !== "LI" || isHidden(child, style)) continue;
        number = Number(child.getAttribute("value")) || number;
        const deep = Number(child.getAttribute("aria-level") || child.getAttribute("data-aria-level")) || 0;
        const isPlain = node.tagName === "UL" || style["list-style-type"] === "disc";
        this.item = { level: Math.max(level, deep), number: isPlain ? null : number, used: false };
        this.walkAll(child, formatOf(child, style, format));
        this.flush();
        number += 1;
      }
      this.item = outer;
    }

    table(node, format) {
      this.flush();
      const rows = gridOf(node, (cell, isHead) => this.cell(cell, isHead ? {} : format, isHead));
      const width = Math.max(0, ...rows.map((row) => row.length));
      if (width > 1) this.blocks.push({ kind: "table", rows: rows.map((row) => pad(row, width)) });
      else for (const row of node.rows) for (const cell of row.cells) this.block(cell, styleOf(cell), format);
    }

    cell(node, format, isHead) {
      const inner = new Reader(this.words);
      inner.walkAll(node, formatOf(node, styleOf(node), format));
      inner.flush();
      this.left.images += inner.left.images;
      this.left.struck += inner.left.struck;
      const texts = inner.blocks.map((block) => (block.rows ? block.rows.flat().join(" ") : block.text));
      const joint = inner.blocks.some((block) => block.kind === "item") ? "; " : " ";
      const text = texts.join(joint).replace(/\s*\n\s*/g, " ").replace(/\|/g, "\\|");
      return isHead ? text.replace(/\*\*/g, "") : text;
    }

    flush() {
      const words = inline(this.runs), text = words && this.prefix + words;
      this.runs = [];
      if (!text) return;
      this.prefix = "";
      if (this.item && this.item.used) { this.blocks.push({ kind: "more", text }); return; }
      if (this.item) this.item.used = true;
      this.blocks.push(this.item ? { kind: "item", ...this.item, text } : { kind: "text", text });
    }
  }

  // What Word has drawn before a paragraph of a list: "1." counts, a sign of Symbol or Wingdings not.
  function wordNumber(node) {
    const marks = [...node.querySelectorAll("[data-style]")];
    const mark = marks.find((element) => styleOf(element)["mso-list"] === "ignore");
    const text = mark ? mark.textContent.replace(/[\s\u00a0]+/g, " ").trim() : "";
    const digits = /(\d{1,9})\D*$/.exec(text);
    if (digits) return Number(digits[1]);
    const letter = /^\(?([a-z\u0430-\u044f])[.)]$/i.exec(text);
    if (!letter) return null;
    const code = letter[1].toLowerCase().charCodeAt(0);
    return code > 0x400 ? code - 0x430 + 1 : code - 96;
  }

  // The cells of a table on squared paper: what is joined leaves empty squares.
  function gridOf(table, textOf) {
    const grid = [];
    const rows = [...table.rows].filter((row) => !isHidden(row, styleOf(row)));
    rows.forEach((row, y) => {
      grid[y] = grid[y] || [];
      let x = 0;
      for (const cell of row.cells) {
        if (isHidden(cell, styleOf(cell))) continue;
        while (grid[y][x] !== undefined) x += 1;
        const high = Math.min(cell.rowSpan || 1, rows.length - y), wide = Math.min(cell.colSpan || 1, 50);
        for (let down = 0; down < high; down += 1) {
          grid[y + down] = grid[y + down] || [];
          for (let right = 0; right < wide; right += 1) grid[y + down][x + right] = "";
        }
        const text = textOf(cell, y === 0);
        // The heading of joined columns is the heading of each of them.
        for (let right = 0; right < (y === 0 ? wide : 1); right += 1) grid[y][x + right] = text;
      }
    });
    const filled = grid.map((row) => Array.from(row, (text) => text || "")).filter((row) => row.some(Boolean));
    const last = Math.max(-1, ...filled.map((row) => row.reduce((at, text, x) => (text ? x : at), -1)));
    return filled.map((row) => row.slice(0, last + 1));
  }

  const pad = (row, width) => row.concat(Array(width - row.length).fill(""));

  // --- words and their emphasis ---------------------------------------------------------------

  function tidy(runs) {
    const done = [];
    for (const run of runs) {
      let text = run.text.replace(INVISIBLE, "").replace(/\u2011/g, "-");
      if (!run.isBreak) text = text.replace(/[\s\u00a0]+/g, " ");
      const last = done[done.length - 1];
      if (last && /\s$/.test(last.text)) text = run.isBreak ? text : text.replace(/^ +/, "");
      if (!text) continue;
      const same = last && (!text.trim() || (last.bold === run.bold && last.italic === run.italic && last.href === run.href));
      if (same) last.text = run.isBreak ? last.text.replace(/ +$/, "") + text : last.text + text;
      else done.push({ bold: run.bold, italic: run.italic, href: run.href, text });
    }
    return done;
  }

  // A sign is put before what would be read as emphasis or a link, although it was only typed.
  const escaped = (text) => text
    .replace(/\\(?=[!-/:-@[-`{-~])/g, "\\\\")
    .replace(/\*(?=\S[^*]*\*)/g, "\\*")
    .replace(/(^|[\s(])_(?=[^\s_][^_]*_)/g, "$1\\_")
    .replace(/\[(?=[^\]]*\]\()/g, "\\[");

  const isWord = (sign) => /[\p{L}\p{N}]/u.test(sign || "");

  function inline(runs) {
    const list = tidy(runs);
    let out = "";
    list.forEach((run, at) => {
      let [, before, core, after] = /^(\s*)([^]*?)(\s*)$/.exec(run.text);
      const next = after || !list[at + 1] ? "" : list[at + 1].text[0];
      // Signs at the edge of emphasis that touches a word would keep it from being seen as such.
      const [, head, , tail] = /^([^\p{L}\p{N}]*)([^]*?)([^\p{L}\p{N}]*)$/u.exec(core);
      const mark = (run.bold ? "**" : "") + (run.italic ? "*" : "");
      if (mark && !run.href && tail && isWord(next)) { core = core.slice(0, -tail.length); after = tail + after; }
      if (mark && !run.href && head && !before && isWord(out.slice(-1))) { core = core.slice(head.length); before = head; }
      const text = run.href && core ? `[${escaped(core).replace(/\n/g, " ")}](${run.href})` : escaped(core);
      const marked = mark && /[\p{L}\p{N}]/u.test(core);
      const glued = marked && /[*]$/.test(out) && !before && run.italic && !run.bold;
      out += before + (marked ? (glued ? `_${text}_` : mark + text + [...mark].reverse().join("")) : text) + after;
    });
    return out.replace(/ *\n */g, "\n").trim();
  }

  // --- blocks on paper ------------------------------------------------------------------------

  // Lists that were typed by hand, with a sign at the beginning of each paragraph.
  function typedLists(blocks) {
    const isDash = (block) => Boolean(block) && block.kind === "text" && DASH.test(block.text);
    return blocks.map((block, at) => {
      if (block.kind !== "text") return block;
      const sign = BULLET.test(block.text) ? BULLET
        : isDash(block) && (isDash(blocks[at - 1]) || isDash(blocks[at + 1])) ? DASH : null;
      return sign ? { kind: "item", level: 1, number: null, text: block.text.replace(sign, "") } : block;
    });
  }

  function write(blocks) {
    const widths = [], sum = () => widths.reduce((all, width) => all + width, 0);
    let out = "", wasItem = false;
    for (const block of typedLists(blocks)) {
      let text = block.text;
      if (block.kind === "item") {
        widths.length = Math.min(widths.length, block.level - 1);
        const mark = block.number === null ? "- " : `${block.number}. `;
        text = " ".repeat(sum()) + mark + text.replace(/\n/g, "\n" + " ".repeat(sum() + mark.length));
        widths.push(mark.length);
      } else if (block.kind === "more") {
        text = " ".repeat(sum()) + text.replace(/\n/g, "\n" + " ".repeat(sum()));
      } else {
        widths.length = 0;
      }
      if (block.kind === "table") {
        const line = (cells) => `| ${cells.join(" | ")} |`;
        const [head, ...rest] = block.rows;
        text = [line(head), line(head.map(() => "---")), ...rest.map(line)].join("\n");
      }
      const isItem = block.kind === "item" || block.kind === "more";
      out += (out ? (wasItem && isItem ? "\n" : "\n\n") : "") + text;
      wasItem = isItem;
    }
    return out;
  }

  // Styles are only read here; as they are, the page's policy would complain of each of them.
  const withoutStyles = (html) => html.replace(/^[^<]+/, "").replace(/<style[^]*?<\/style>/gi, "")
    .replace(/<[a-z][^<>]*/gi, (tag) => tag.replace(/\sstyle(?=\s*=)/gi, " data-style"));

  // read(html, {note}): the text, and how many images and struck out passages were left out.
  window.asdgPaste = {
    read(html, words) {
      const page = new DOMParser().parseFromString(withoutStyles(html), "text/html");
      const reader = new Reader(words);
      reader.walkAll(page.body, {});
      reader.flush();
      return { text: write(reader.blocks), ...reader.left };
    },
  };
})();
