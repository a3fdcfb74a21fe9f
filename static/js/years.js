// Comfort only: cards that keep themselves, words put into answers, what has changed since a year.
(() => {
  const form = document.querySelector("[data-questionnaire]");
  if (!form) return;

  const ask = (url, data) =>
    fetch(url, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });

  const token = () => form.querySelector("[name=csrf_token]").value;

  // The cards of the closed year: each is saved on its own the moment it is touched.
  const section = form.querySelector("[data-closed-year]");
  const waiting = new Set();

  // What is made of the cards is made after they are kept.
  const settled = async () => {
    waiting.forEach((card) => { if (!card.saving) keep(card); });
    const running = () => [...waiting].filter((card) => card.saving).map((card) => card.saving);
    while (running().length) await Promise.allSettled(running());
  };

  const say = (card, text, failed) => {
    const line = card.querySelector(".task-state");
    line.textContent = text;
    line.classList.toggle("field-errors", Boolean(failed));
  };

  const keep = (card) => {
    clearTimeout(card.timer);
    if (card.saving) card.again = true;
    else card.saving = send(card).finally(() => {
      card.saving = null;
      if (card.again) keep(card);
    });
  };

  const send = async (card) => {
    card.again = false;
    say(card, section.dataset.saving);
    const data = new FormData();
    data.set("csrf_token", token());
    for (const field of card.querySelectorAll("[name]")) {
      if (field.type !== "radio" || field.checked) data.set(field.name, field.value);
    }
    try {
      const answer = await ask(section.dataset.url, data);
      const told = await answer.json();
      const state = told.cards && told.cards[card.dataset.task];
      if (!state) throw new Error(told.message);
      card.querySelector("[name$=_version]").value = state.version;
      const differs = Boolean(state.error);
      const theirs = state.theirs ? `: ${words(card, state.theirs)}` : "";
      say(card, differs ? state.error + theirs : state.saved, differs);
      if (!differs && !card.again) waiting.delete(card);
    } catch (error) {
      const known = error instanceof Error && error.constructor === Error && error.message;
      say(card, known || section.dataset.failed, true);
    }
  };

  const words = (card, theirs) => {
    const label = [...card.querySelectorAll("[type=radio]")].find((r) => r.value === theirs.outcome);
    const outcome = label ? label.nextElementSibling.textContent : "";
    return [outcome, theirs.note].filter(Boolean).join(" — ");
  };

  if (section) {
    section.addEventListener("input", (event) => {
      event.stopPropagation(); // the answers' own saving need not know
      const card = event.target.closest("[data-task]");
      if (!card) return;
      waiting.add(card);
      clearTimeout(card.timer);
      if (event.target.type === "radio") keep(card);
      else card.timer = setTimeout(() => keep(card), 1000);
    });
    section.addEventListener("focusout", (event) => {
      const card = event.target.closest("[data-task]");
      if (card && card.timer && waiting.has(card) && !card.saving) keep(card);
    });
    section.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches(".task-note input")) {
        event.preventDefault();
        keep(event.target.closest("[data-task]"));
      }
    });
    window.addEventListener("online", () => waiting.forEach(keep));
    window.addEventListener("beforeunload", (event) => { if (waiting.size) event.preventDefault(); });
    form.addEventListener("submit", () => waiting.clear());
  }

  // Words put into a field the way a person would: one Ctrl+Z takes them out again.
  const put = (box, text) => {
    const old = box.value;
    box.focus();
    const grows = text.startsWith(old);
    box.setSelectionRange(grows ? old.length : 0, old.length);
    const words = grows ? text.slice(old.length) : text;
    if (!document.execCommand("insertText", false, words) || box.value !== text) {
      box.value = text;
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
    box.scrollIntoView({ block: "center" });
  };

  const note = (box, message, undo) => {
    let line = box.parentElement.querySelector("[data-put]");
    if (!line) {
      line = document.createElement("p");
      line.className = "meta mt-1";
      line.dataset.put = "";
      line.setAttribute("role", "status");
      box.after(line);
    }
    line.textContent = message;
    if (!undo) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link-button";
    button.textContent = form.dataset.undo;
    button.addEventListener("click", () => { undo(); line.remove(); });
    line.append(button);
  };

  const fill = async (button) => {
    const box = form.elements[button.dataset.fill];
    if (button.busy) return;
    button.busy = true;
    try {
      await settled();
      const answer = await ask(button.formAction, new FormData(form));
      const told = await answer.json();
      if (!answer.ok) { note(box, told.message); return; }
      const before = box.value;
      if (told.text === before.trimEnd()) { note(box, told.message); return; }
      put(box, told.text);
      note(box, told.message, () => { if (box.value === told.text) put(box, before); });
    } catch {
      note(box, form.dataset.failed);
    } finally {
      button.busy = false;
    }
  };

  const showChanges = async (button) => {
    const place = button.closest(".earlier-year").querySelector("[data-changes]");
    if (!place.hidden) {
      place.hidden = true;
      button.setAttribute("aria-expanded", "false");
      return;
    }
    const data = new FormData();
    data.set("csrf_token", token());
    data.set(button.dataset.compare, form.elements[button.dataset.compare].value);
    try {
      const answer = await ask(button.formAction, data);
      if (!answer.ok) throw new Error();
      place.innerHTML = await answer.text();
    } catch {
      place.textContent = form.dataset.failed;
    }
    place.hidden = false;
    button.setAttribute("aria-expanded", "true");
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-fill], button[data-compare]");
    if (!button) return;
    event.preventDefault();
    if (button.dataset.fill) fill(button);
    else showChanges(button);
  });
})();
