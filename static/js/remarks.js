// Answers to remarks are kept as soon as their field is left; without this file, with the form.
(() => {
  for (const box of document.querySelectorAll("[data-remark]")) {
    const said = box.querySelector("[data-remark-saved]");
    const seen = box.querySelector("[name^=seen_]");
    const token = document.querySelector("[name=csrf_token]");
    const keep = async () => {
      const data = new FormData();
      for (const field of box.querySelectorAll("[name]")) {
        if (field.type !== "checkbox" || field.checked) data.append(field.name, field.value);
      }
      data.append("csrf_token", token.value);
      try {
        const answer = await fetch(box.dataset.remark, {
          method: "POST", body: data, headers: { Accept: "application/json" },
        });
        if (!answer.ok) return; // it goes with the form, which says what is wrong
        const kept = await answer.json();
        seen.value = kept.version;
        said.textContent = kept.saved;
      } catch { /* no network: it goes with the form */ }
    };
    let last = Promise.resolve(); // one after the other: each sends the version the last one made
    box.addEventListener("change", () => { last = last.then(keep); });
  }
})();
