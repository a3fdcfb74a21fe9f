// Suggestions under the search box: a combobox by the book (WAI-ARIA). Without it, a plain form.
(() => {
  const PAUSE = 150; // milliseconds without a stroke before anything is asked
  const SHORTEST = 2;
  let number = 0;

  const element = (name, attributes, text = "") => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.textContent = text;
    return made;
  };

  const begin = (form) => {
    const input = form.querySelector("input[name=q]");
    const id = `suggestions-${number += 1}`;
    const list = element("ul", { id, role: "listbox", "aria-label": form.dataset.suggestLabel, hidden: "" });
    const said = element("p", { class: "visually-hidden", role: "status" });
    let options = [], chosen = -1, timer = 0, asked = null;

    input.type = "text"; // the role of a combobox is for a plain box only
    input.setAttribute("enterkeyhint", "search");
    for (const [key, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id,
    })) input.setAttribute(key, value);
    input.after(list, said);

    const mark = (index) => {
      options[chosen]?.setAttribute("aria-selected", "false");
      chosen = index;
      const option = options[chosen];
      if (!option) { input.removeAttribute("aria-activedescendant"); return; }
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", option.id);
    };

    const open = (shown) => {
      list.hidden = !shown;
      input.setAttribute("aria-expanded", String(shown));
      if (!shown) mark(-1);
    };

    const forget = () => {
      clearTimeout(timer);
      asked?.abort();
      asked = null;
    };

    const close = () => { forget(); open(false); said.textContent = ""; };

    const show = (answer) => {
      mark(-1);
      options = answer.suggestions.map((one, index) => {
        const option = element("li", { id: `${id}-${index}`, role: "option", "aria-selected": "false", "data-kind": one.kind });
        option.append(element("span", {}, one.label), " ", element("span", { class: "suggest-note" }, one.note));
        option.addEventListener("click", () => location.assign(one.url));
        return option;
      });
      list.replaceChildren(...options);
      said.textContent = answer.said;
      open(options.length > 0);
    };

    const ask = async () => {
      forget();
      if (input.value.trim().length < SHORTEST) { close(); return; }
      const mine = asked = new AbortController();
      try {
        const answer = await fetch(`${form.dataset.suggest}?${new URLSearchParams(new FormData(form))}`,
          { signal: mine.signal, headers: { Accept: "application/json" } });
        if (!answer.ok) throw new Error(answer.statusText);
        const found = await answer.json();
        if (asked === mine) show(found);
      } catch {
        if (asked === mine) close(); // no network, no suggestions; the form works all the same
      }
    };

    input.addEventListener("input", () => { forget(); mark(-1); timer = setTimeout(ask, PAUSE); });
    input.addEventListener("blur", close);
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    form.addEventListener("submit", forget);
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.ctrlKey || event.metaKey) return;
      const shown = !list.hidden, last = options.length - 1;
      if (event.key === "ArrowDown" && !event.altKey) {
        if (shown) mark(chosen === last ? -1 : chosen + 1); else ask();
      } else if (event.key === "ArrowUp" && !event.altKey && shown) {
        mark(chosen === -1 ? last : chosen - 1);
      } else if (event.key === "Enter" && shown && chosen >= 0) {
        options[chosen].click();
      } else if (event.key === "Escape" && shown) {
        close();
      } else if (event.key === "Escape" && input.value) {
        input.value = "";
      } else {
        return; // Tab leaves the box, and the list closes behind it
      }
      event.preventDefault();
    });
  };

  for (const form of document.querySelectorAll("[data-suggest]")) begin(form);
})();
