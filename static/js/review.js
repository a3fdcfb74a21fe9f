// A remark on selected words, and remarks that are kept while they are typed; all works without.
(() => {
  const form = document.querySelector("[data-review]");
  if (!form) return;
  const kept = form.querySelector("[data-kept]");
  let changed = false, timer = 0, sending = null;

  // What is typed is kept three seconds after the last key; the buttons keep it, too.
  const keep = async () => {
    changed = false;
    try {
      const answer = await fetch(form.dataset.keep, {
        method: "POST", body: new FormData(form), headers: { Accept: "application/json" },
      });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      const now = await answer.json();
      form.elements.version.value = now.version;
      kept.textContent = now.saved;
    } catch {
      changed = true;
      kept.textContent = form.dataset.unsaved;
    }
    sending = null;
  };
  form.addEventListener("input", (event) => {
    if (!event.target.closest("[data-note]")) return;
    changed = true;
    kept.textContent = form.dataset.unsaved;
    clearTimeout(timer);
    timer = setTimeout(() => { sending = keep(); }, 3000);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (sending) { // the answer brings the version that the button must send
      event.preventDefault();
      sending.then(() => form.requestSubmit(event.submitter));
    }
    changed = false;
  });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

  // A copy of a part's empty remark, under a name of its own.
  const another = (part) => {
    const notes = [...part.querySelectorAll("[data-note]")];
    const empty = notes.find((note) => !note.querySelector("[data-words]").value.trim()
      && !note.querySelector("[data-quote]").value.trim());
    if (empty) return empty;
    const last = notes[notes.length - 1];
    const copy = last.cloneNode(true);
    const key = Date.now().toString(36) + Math.random().toString(36).slice(2, 10);
    for (const field of copy.querySelectorAll("textarea")) {
      const id = `${field.id.split("-")[0]}-${key}`;
      copy.querySelector(`label[for="${field.id}"]`).htmlFor = id;
      field.id = id;
      field.value = "";
    }
    copy.querySelector("input[type=hidden]").value = key;
    last.after(copy);
    return copy;
  };

  // The words that are selected, without those that are only shown as removed.
  const words = (range) => {
    const piece = range.cloneContents();
    for (const idle of piece.querySelectorAll("del, .visually-hidden")) idle.remove();
    return piece.textContent.replace(/\s+/g, " ").trim();
  };

  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-primary btn-sm about-selection";
  button.textContent = form.dataset.about;
  button.hidden = true;
  form.append(button);
  let chosen = null;
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    const node = range && (range.commonAncestorContainer.closest
      ? range.commonAncestorContainer : range.commonAncestorContainer.parentElement);
    const text = node && node.closest("[data-part]");
    const part = text && text.closest("section");
    chosen = part && part.querySelector("[data-note]") && words(range)
      ? { part, quote: words(range) } : null;
    button.hidden = !chosen;
    if (!chosen) return;
    const at = range.getBoundingClientRect();
    button.style.top = `${window.scrollY + at.bottom + 6}px`;
    button.style.left = `${Math.max(8, Math.min(at.left, innerWidth - button.offsetWidth - 8))}px`;
  });
  button.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the selection
  button.addEventListener("click", () => {
    if (!chosen) return;
    const note = another(chosen.part);
    const folded = note.closest("details");
    if (folded) folded.open = true;
    note.querySelector("[data-quote]").value = chosen.quote;
    document.getSelection().removeAllRanges();
    note.querySelector("[data-words]").focus();
  });
})();
