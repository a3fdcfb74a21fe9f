// Comfort only: the form works whole without this file.
(() => {
  const form = document.querySelector("[data-questionnaire]");
  if (!form) return;
  const counter = form.querySelector("[data-counter]");
  const answers = [...form.querySelectorAll("textarea")].filter((box) => /^q\d+$/.test(box.name));
  const count = () => {
    const empty = answers.filter((box) => !box.value.trim()).length;
    counter.textContent = empty ? `${form.dataset.unanswered} ${empty}` : "";
  };
  form.addEventListener("input", count);
  count();
  if (form.dataset.autosave) return; // autosave.js knows better what is not saved
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
})();
