// Comfort only: the form works whole without this file.
(() => {
  const form = document.querySelector("[data-questionnaire]");
  if (!form) return;
  let changed = false;
  const counter = form.querySelector("[data-counter]");
  const answers = [...form.querySelectorAll("textarea")].filter((box) => /^q\d+$/.test(box.name));
  const count = () => {
    const empty = answers.filter((box) => !box.value.trim()).length;
    counter.textContent = empty ? `${form.dataset.unanswered} ${empty}` : "";
  };
  form.addEventListener("input", () => { changed = true; count(); });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  count();
})();
