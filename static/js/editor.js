// Comfort over long texts: six buttons, the keyboard, and clean pasting. Without this file one types
// the same signs by hand. What it draws comes from the page's <template data-editor>.
(() => {
  const template = document.querySelector("template[data-editor]");
  if (!template) return;
  const words = template.dataset;
  const LONGEST_UNDO = 20000; // inserting more letter by letter takes the browser too long

  // Undoable, and noticed by whatever listens to the form.
  function insert(box, text, from = box.selectionStart, to = box.selectionEnd) {
    box.focus();
    box.setSelectionRange(from, to);
    const command = text ? "insertText" : "delete";
    if (text === box.value.slice(from, to)) return;
    if (text.length < LONGEST_UNDO && document.execCommand(command, false, text)) return;
    box.setRangeText(text, from, to, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function replace(box, text, from, to, start, end) {
    insert(box, text, from, to);
    box.setSelectionRange(from + start, from + end);
  }

  function wrap(box, mark) {
    let from = box.selectionStart, to = box.selectionEnd;
    while (from < to && /\s/.test(box.value[from])) from += 1;
    while (to > from && /\s/.test(box.value[to - 1])) to -= 1;
    const text = box.value.slice(from, to), size = mark.length;
    // One star is italic, two are bold, three are both.
    const stars = Math.min(/\**$/.exec(box.value.slice(0, from))[0].length, /^\**/.exec(box.value.slice(to))[0].length);
    if (mark === "**" ? stars >= 2 : stars % 2 === 1) {
      replace(box, text, from - size, to + size, 0, text.length);
    } else if (!text) {
      replace(box, mark + words.text + mark, from, to, size, size + words.text.length);
    } else {
      const lines = text.split("\n").map((line) => line.replace(/^(\s*(?:[-*+] |\d+[.)] )?)(.*\S)(\s*)$/, `$1${mark}$2${mark}$3`));
      const done = lines.join("\n");
      const inner = lines.length === 1 && done.startsWith(mark) ? size : 0;
      replace(box, done, from, to, inner, done.length - inner);
    }
  }

  function lines(box) {
    const from = box.value.lastIndexOf("\n", box.selectionStart - 1) + 1;
    const end = box.value.indexOf("\n", Math.max(box.selectionEnd - (box.selectionEnd > box.selectionStart && box.value[box.selectionEnd - 1] === "\n" ? 1 : 0), from));
    return [from, end < 0 ? box.value.length : end];
  }

  function list(box, numbered) {
    const [from, to] = lines(box), mine = numbered ? /^\s*\d+[.)] / : /^\s*[-*+] /;
    const every = box.value.slice(from, to).split("\n"), full = every.filter((line) => line.trim());
    const off = full.length > 0 && full.every((line) => mine.test(line));
    let number = 0;
    const done = every.map((line) => {
      if (!line.trim() && full.length) return line;
      const bare = line.replace(/^\s*(?:[-*+]|\d+[.)]) /, "");
      number += 1;
      return off ? bare : (numbered ? `${number}. ` : "- ") + bare;
    }).join("\n");
    const before = off || !box.value.slice(0, from).trim() || box.value.slice(0, from).endsWith("\n\n") ? "" : "\n";
    replace(box, before + done, from, to, (full.length > 1 ? 0 : done.length) + before.length, before.length + done.length);
  }

  // A piece that stands by itself: with an empty line before and after it.
  function standing(box, text, from, to) {
    const before = box.value.slice(0, from), after = box.value.slice(to);
    const head = !before.trim() || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    const tail = !after.trim() || after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
    return [head, head + text + tail];
  }

  function table(box) {
    const from = box.selectionStart, to = box.selectionEnd, chosen = box.value.slice(from, to);
    const cells = chosen.includes("\t") ? chosen.trim().split("\n").map((row) => row.split("\t"))
      : [words.columns.split("|"), ["", ""], ["", ""]];
    const width = Math.max(...cells.map((row) => row.length));
    const line = (row) => `| ${Array.from({ length: width }, (_, at) => (row[at] || "").trim().replace(/\|/g, "\\|")).join(" | ")} |`;
    const text = [line(cells[0]), line(Array(width).fill("---")), ...cells.slice(1).map(line)].join("\n");
    const [head, whole] = standing(box, text, from, to);
    const first = head.length + 2;
    replace(box, whole, from, to, first, first + (cells[0][0] || "").trim().length);
  }

  function link(box) {
    const from = box.selectionStart, to = box.selectionEnd, chosen = box.value.slice(from, to).trim();
    const isAddress = /^(https?:\/\/|mailto:)\S+$/i.test(chosen);
    const name = isAddress || !chosen ? words.text : chosen.replace(/\n/g, " ");
    const address = isAddress ? chosen : "https://";
    const text = `[${name}](${address})`, at = isAddress || !chosen ? 1 : name.length + 3;
    replace(box, text, from, to, at, at + (at === 1 ? name.length : address.length));
  }

  const acts = {
    bold: (box) => wrap(box, "**"),
    italic: (box) => wrap(box, "*"),
    bullets: (box) => list(box, false),
    numbers: (box) => list(box, true),
    table,
    link,
  };
  // By the place of the key: the same under the Russian layout as under the Latin one.
  const keys = { KeyB: "bold", KeyI: "italic", KeyK: "link" };
  const shifted = { Digit7: "numbers", Digit8: "bullets", Digit9: "table" };

  function onKey(event) {
    const box = event.target;
    if ((event.ctrlKey || event.metaKey) && !event.altKey) {
      const act = (event.shiftKey ? shifted : keys)[event.code];
      if (!act) return;
      event.preventDefault();
      acts[act](box);
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing && box.selectionStart === box.selectionEnd) {
      goOn(event, box);
    }
  }

  // Enter at the end of an item begins the next one; on an empty item it ends the list.
  function goOn(event, box) {
    const at = box.selectionStart, from = box.value.lastIndexOf("\n", at - 1) + 1;
    const found = /^(\s*)(?:([-*+])|(\d{1,8})([.)])) (.*)$/.exec(box.value.slice(from, at));
    if (!found || (at < box.value.length && box.value[at] !== "\n")) return;
    event.preventDefault();
    const [, indent, sign, number, dot, text] = found;
    if (text.trim()) insert(box, `\n${indent}${sign || Number(number) + 1 + dot} `);
    else insert(box, from ? "\n" : "", from, at);
  }

  // Who types the mark of an item as well as Enter has begun it twice: the mark that was put there goes.
  function onTyped(event) {
    if (event.inputType !== "insertText" || event.data !== " ") return;
    const box = event.target, at = box.selectionStart, from = box.value.lastIndexOf("\n", at - 1) + 1;
    const found = /^(\s*)((?:[-*+]|\d{1,8}[.)]) )((?:[-*+]|\d{1,8}[.)]) )$/.exec(box.value.slice(from, at));
    if (!found) return;
    const begun = from + found[1].length;
    insert(box, "", begun, begun + found[2].length);
    box.setSelectionRange(at - found[2].length, at - found[2].length);
  }

  function onPaste(event, note) {
    const html = event.clipboardData && event.clipboardData.getData("text/html");
    if (!html) return;
    let found;
    try {
      found = window.asdgPaste.read(html, { note: words.note });
    } catch (error) {
      return; // then the browser pastes the plain text
    }
    if (!found.text && !found.images && !found.struck) return;
    event.preventDefault();
    const box = event.target, from = box.selectionStart, to = box.selectionEnd;
    const isOne = !/\n\n|^(- |\d+\. |\|)/.test(found.text);
    if (found.text) insert(box, isOne ? found.text : standing(box, found.text, from, to)[1], from, to);
    const left = [];
    if (found.images) left.push(`${words.images} ${found.images}.`);
    if (found.struck) left.push(`${words.struck} ${found.struck}.`);
    note.textContent = left.join(" ");
    note.hidden = !left.length;
  }

  // One stop of the Tab key; the arrows go from button to button.
  function rove(bar) {
    const buttons = [...bar.querySelectorAll("button")];
    const reach = (button) => buttons.forEach((one) => { one.tabIndex = one === button ? 0 : -1; });
    reach(buttons[0]);
    bar.addEventListener("focusin", (event) => reach(event.target));
    bar.addEventListener("keydown", (event) => {
      const at = buttons.indexOf(document.activeElement), last = buttons.length - 1;
      const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      buttons[to].focus();
    });
  }

  for (const box of document.querySelectorAll("form[data-questionnaire] textarea:not([name^='answer_'])")) {
    const parts = template.content.cloneNode(true), bar = parts.querySelector("[role=toolbar]"), note = parts.querySelector("[role=status]");
    const label = box.labels[0];
    if (label) bar.setAttribute("aria-label", `${bar.getAttribute("aria-label")}: ${label.textContent.trim()}`);
    bar.setAttribute("aria-controls", box.id);
    bar.addEventListener("mousedown", (event) => event.preventDefault()); // the text keeps its selection
    bar.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) acts[button.dataset.do](box);
    });
    rove(bar);
    box.before(bar);
    box.after(note);
    box.classList.add("has-editor");
    box.addEventListener("keydown", onKey);
    box.addEventListener("input", onTyped);
    box.addEventListener("paste", (event) => onPaste(event, note));
  }
})();
