// Saves a report part by part while it is being written. What the portal has not acknowledged yet
// is kept in this browser, under the number of the account: nobody else's page ever asks for it.
// The form works whole without this file.
(() => {
  const QUIET = 1500; // after the last key
  const LONGEST = 3000; // while typing goes on
  const PATIENCE = 20000; // for an answer
  const BEAT = 15000; // between two looks at who else is here
  const KEEPALIVE = 30000; // bytes; browsers refuse more when a page is being left

  const form = document.querySelector("[data-autosave]");
  if (!form) { showLeftovers(document.querySelector("[data-leftovers]")); return; }
  const say = form.dataset;
  const base = say.autosave;
  const prefix = `asdg-typed:${say.user}:${say.report}:`;
  const tokenField = form.querySelector("[name=csrf_token]");
  const revisionField = form.querySelector("[name=revision]");
  const overall = form.querySelector("[data-saved]");
  const loud = make("p", "visually-hidden", form.querySelector(".save-bar"));
  loud.setAttribute("role", "status");
  const trouble = make("div", "alert alert-danger trouble", null);
  trouble.setAttribute("role", "alert");
  const page = newKey(); // this page; its saves are numbered by the strokes they hold
  let blocked = ""; // why nothing can be saved: signed-out, other-person, closed
  let leaving = false;
  let beating = 0;
  let lastSaved = overall.textContent;

  function make(tag, look, parent) {
    const element = document.createElement(tag);
    element.className = look;
    if (parent) parent.append(element);
    return element;
  }

  // ---- The copy in this browser
  function read(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch (_error) { return null; }
  }
  function keep(part) {
    const { field, version, revision, pending } = part;
    const copy = { text: field.value, version, revision, pending, page, strokes: part.strokes };
    try { localStorage.setItem(prefix + part.name, JSON.stringify(copy)); } catch (_error) { /* full, or forbidden */ }
  }
  function forget(part) {
    try { localStorage.removeItem(prefix + part.name); } catch (_error) { /* forbidden */ }
  }
  // As texts are kept: what differs only in this is the same.
  function plain(text) {
    return text.replace(/\r\n?/g, "\n").replace(/[^\S\n]+(?=\n|$)/g, "").replace(/\n{3,}/g, "\n\n").trim();
  }

  // ---- The parts
  const parts = [...form.querySelectorAll("[data-part]")].map((box) => {
    const name = box.dataset.part;
    const versionField = box.querySelector(`[name="v_${name}"]`);
    const field = box.querySelector(`[name="${name}"]`);
    return {
      box, name, field, versionField,
      state: box.querySelector("[data-state]"),
      place: box.querySelector("[data-place]"),
      version: Number(versionField.value), revision: Number(revisionField.value),
      acknowledged: field.value, // what stands in the portal, as it was typed
      pending: null, // what is on its way: its key, and its text
      sending: false, conflict: false, refused: null, failures: 0, timer: 0, since: 0, strokes: 0,
    };
  });
  const byName = new Map(parts.map((part) => [part.name, part]));
  const isDirty = (part) => part.pending !== null || part.field.value !== part.acknowledged;
  const unsaved = () => parts.filter(isDirty);

  function show(part, text, look) {
    part.state.textContent = text;
    part.box.dataset.saving = look;
    sum();
  }
  function sum() {
    const open = unsaved();
    const bad = open.find((part) => /problem/.test(part.box.dataset.saving || ""));
    const text = bad ? bad.state.textContent : open.length ? say.saySaving : lastSaved;
    overall.textContent = text;
    overall.classList.toggle("is-problem", Boolean(bad));
    const aloud = bad ? `${bad.box.dataset.label}: ${text}` : open.length ? "" : text;
    if (aloud && loud.textContent !== aloud) loud.textContent = aloud;
  }
  function fill(part, text) {
    part.field.value = text;
    part.field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function stand(part, version, revision) {
    part.version = version;
    part.revision = revision;
    part.versionField.value = String(version);
  }

  function plan(part, delay) {
    clearTimeout(part.timer);
    part.timer = setTimeout(() => send(part), delay);
  }
  function typed(part) {
    part.strokes += 1;
    if (!isDirty(part)) { forget(part); part.since = 0; return; }
    keep(part);
    if (blocked) { show(part, say.sayKept, "problem"); return; }
    if (part.conflict) return;
    part.since = part.since || Date.now();
    if (!part.failures) {
      show(part, say.sayTyping, "waiting");
      plan(part, Math.max(0, Math.min(QUIET, part.since + LONGEST - Date.now())));
    }
  }

  // ---- Saving
  function headers(more) {
    return Object.assign({ "Content-Type": "application/json", "X-CSRFToken": tokenField.value }, more);
  }
  function ask(path, options) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    return fetch(base + path, Object.assign({ signal: stop.signal, credentials: "same-origin" }, options))
      .then((answer) => answer.json().catch(() => ({})).then((body) => ({ status: answer.status, body })))
      .finally(() => clearTimeout(timer));
  }
  function newKey() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
  }
  function send(part) {
    clearTimeout(part.timer);
    if (part.sending || part.conflict || blocked || !isDirty(part)) return Promise.resolve();
    if (part.refused !== null && part.refused === part.field.value) return Promise.resolve();
    part.pending = part.pending || { key: `${page}.${part.strokes}`, text: part.field.value };
    part.sending = true;
    part.since = 0;
    keep(part);
    show(part, say.saySaving, "waiting");
    return put(part).then((answer) => receive(part, answer), () => fail(part)).then(() => {
      part.sending = false;
      sum();
    });
  }
  function put(part, again) {
    const body = JSON.stringify({ text: part.pending.text, version: part.version, revision: part.revision });
    const keepalive = body.length * 2 < KEEPALIVE;
    const options = { method: "PUT", body, keepalive, headers: headers({ "Idempotency-Key": part.pending.key }) };
    return ask(`parts/${part.name}`, options).then((answer) => {
      if (answer.status !== 400 || answer.body.token !== false || again) return answer;
      return refresh().then((alive) => (alive ? put(part, true) : { status: 0, body: {} }));
    });
  }
  function receive(part, { status, body }) {
    if (status === 200) return accept(part, body);
    if (status === 409 && body.html) return meet(part, body);
    if (status === 401) return block("signed-out");
    if ([403, 404, 409].includes(status)) return block("closed");
    if ([400, 413, 422].includes(status)) {
      part.refused = part.pending.text;
      part.pending = null;
      if (part.field.value !== part.refused) return plan(part, QUIET);
      return show(part, `${say.sayNotSaved} ${body.message || ""}`, "problem");
    }
    return fail(part);
  }
  function accept(part, body) {
    const { text } = part.pending;
    part.pending = part.refused = null;
    part.failures = 0;
    lastSaved = body.message[0].toUpperCase() + body.message.slice(1);
    if (!body.replaced || part.field.value === text) stand(part, body.version, body.revision);
    part.acknowledged = text;
    if (body.replaced && part.field.value === text) {
      part.acknowledged = body.text;
      fill(part, body.text);
    }
    if (isDirty(part)) { keep(part); return plan(part, QUIET); }
    forget(part);
    return show(part, body.message, "saved");
  }
  function fail(part) {
    if (blocked) return;
    part.failures += 1;
    show(part, say.sayOffline, "problem");
    plan(part, Math.min(30000, 1000 * 2 ** part.failures));
  }

  // ---- Somebody else's change came between
  function meet(part, body) {
    part.pending = null;
    if (plain(body.theirs) === plain(part.field.value)) {
      part.acknowledged = part.field.value;
      stand(part, body.version, body.revision);
      forget(part);
      return show(part, lastSaved, "saved");
    }
    part.place.innerHTML = body.html; // made by the portal, texts escaped
    return face(part, body.version, body.revision);
  }
  function face(part, version, revision) {
    part.conflict = true;
    keep(part);
    part.place.querySelector("[data-choices]").hidden = true;
    part.place.querySelector("[data-buttons]").hidden = false;
    part.place.onclick = (event) => {
      const button = event.target.closest("[data-choose]");
      if (button) choose(part, button.dataset.choose, version, revision);
    };
    show(part, say.sayConflict, "problem");
  }
  function choose(part, choice, version, revision) {
    const text = choice === "mine" ? null : part.place.querySelector(`[data-${choice}]`).value;
    part.conflict = false;
    part.place.innerHTML = "";
    part.place.onclick = null;
    stand(part, version, revision);
    if (choice === "theirs") part.acknowledged = text;
    if (text !== null) fill(part, text);
    part.field.focus();
    if (isDirty(part)) { send(part); return; }
    forget(part);
    show(part, "", "saved");
  }

  // ---- When nothing can be saved
  function block(why) {
    const words = { "signed-out": say.saySignedOut, "other-person": say.sayOtherPerson, closed: say.sayClosed }[why];
    if (blocked === why) return;
    blocked = why;
    trouble.textContent = `${words} `;
    if (why !== "closed") {
      const link = make("a", "btn btn-sm btn-primary", trouble);
      link.href = say.signIn;
      link.textContent = say.saySignIn;
      link.addEventListener("click", () => { leaving = true; });
    }
    form.querySelector(".save-bar").prepend(trouble);
    clearInterval(beating);
    unsaved().forEach((part) => { keep(part); show(part, say.sayKept, "problem"); });
  }
  function refresh() {
    return ask("here", { headers: headers() }).then(({ status, body }) => {
      if (status === 401) block("signed-out");
      else if (status === 403 || status === 404) block("closed");
      if (status !== 200) return false;
      if (String(body.user) !== say.user) { block("other-person"); return false; }
      tokenField.value = body.token;
      return true;
    });
  }
  function resume() {
    if (blocked === "closed") return;
    const go = () => { unsaved().forEach((part) => { part.failures = 0; send(part); }); };
    if (!blocked) { go(); return; }
    refresh().then((alive) => {
      if (!alive) return;
      blocked = "";
      trouble.remove();
      beating = setInterval(beat, BEAT);
      go();
    }, () => {});
  }

  // ---- Who else is here, and what they have saved
  function beat() {
    if (document.hidden || blocked) return;
    const box = document.activeElement && document.activeElement.closest("[data-part]");
    const versions = {};
    parts.forEach((part) => { versions[part.name] = part.version; });
    const body = { part: box ? box.dataset.part : "", versions, revision: Number(revisionField.value) };
    ask("here", { method: "POST", headers: headers(), body: JSON.stringify(body) }).then((answer) => {
      if (answer.status === 401) block("signed-out");
      else if (answer.status === 400 && answer.body.token === false) refresh();
      if (answer.status !== 200) return;
      const here = document.querySelector("[data-here]");
      if (here.innerHTML !== answer.body.html) here.innerHTML = answer.body.html;
      Object.keys(answer.body.newer).forEach((name) => { hear(byName.get(name), answer.body.newer[name]); });
      if (!answer.body.open) block("closed");
    }, () => {});
  }
  function hear(part, news) {
    if (isDirty(part) || part.conflict || news.version <= part.version) return;
    if (part.field === document.activeElement) { show(part, `${say.sayNewer} ${news.by}`, "saved"); return; }
    part.acknowledged = news.text;
    stand(part, news.version, news.revision);
    fill(part, news.text);
    show(part, `${say.sayTaken} ${news.by}, ${news.message}`, "saved");
  }

  // ---- What an earlier page has left in this browser
  // A browser that dies may leave an older copy than what it has saved: the portal knows the last
  // save of that page, and only a copy with more strokes in it was not acknowledged.
  function bringBack(found) {
    return Promise.all([...new Set(found.map(({ copy }) => copy.page))].map((name) => (
      ask(`here?page=${encodeURIComponent(name)}`, { headers: headers() }).then(({ status, body }) => {
        if (status !== 200) throw new Error(String(status));
        found.filter(({ copy }) => copy.page === name).forEach(({ part, copy }) => {
          part.field.readOnly = false;
          if (body.saved[part.name] >= copy.strokes) { forget(part); return; }
          part.acknowledged = null;
          part.pending = copy.pending;
          stand(part, copy.version, copy.revision);
          fill(part, copy.text);
          show(part, say.sayRestored, "problem");
        });
      })
    ))).then(resume, () => { setTimeout(() => bringBack(found), 2000); });
  }

  // ---- From here on
  const lost = [];
  parts.forEach((part) => {
    const copy = read(prefix + part.name);
    const given = say.unsaved !== undefined || part.field.classList.contains("is-invalid");
    if (part.place.querySelector("[data-conflict]")) {
      part.acknowledged = null;
      face(part, part.version, part.revision);
    } else if (given) {
      part.acknowledged = null;
    } else if (copy && plain(copy.text) !== plain(part.field.value)) {
      part.field.readOnly = true;
      lost.push({ part, copy });
    } else if (copy) {
      forget(part);
    }
    part.field.addEventListener("input", () => typed(part));
    part.field.addEventListener("blur", () => { if (!part.failures) send(part); });
  });
  form.dispatchEvent(new Event("input")); // what came back is counted, too
  form.querySelectorAll("[data-only-script]").forEach((words) => { words.hidden = false; });
  if (lost.length) bringBack(lost);
  else if (unsaved().length) setTimeout(resume, 300);
  beat();
  beating = setInterval(beat, BEAT);
  form.addEventListener("focusin", (event) => {
    if (event.target.closest("[data-part]")) { clearTimeout(form.beating); form.beating = setTimeout(beat, 1000); }
  });
  window.addEventListener("online", resume);
  window.addEventListener("focus", () => { if (blocked) resume(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) unsaved().forEach(send); else beat(); });
  window.addEventListener("pagehide", () => { unsaved().forEach(send); });
  window.addEventListener("beforeunload", (event) => {
    if (leaving || !unsaved().length) return;
    unsaved().forEach(send);
    event.preventDefault();
  });

  // The button of the form sends everything; what is still on its way arrives first.
  function settled(deadline) {
    const going = () => unsaved().some((part) => part.sending || (!part.conflict && !part.failures && part.refused === null));
    return new Promise((done) => {
      (function look() {
        if (blocked || !going() || Date.now() > deadline) { done(); return; }
        unsaved().forEach((part) => { if (!part.failures) send(part); });
        setTimeout(look, 50);
      })();
    });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (leaving) return;
    leaving = true;
    const pressed = event.submitter;
    settled(Date.now() + 4000).then(() => {
      if (pressed && pressed.name) {
        const then = make("input", "", form);
        then.type = "hidden";
        then.name = pressed.name;
        then.value = pressed.value;
      }
      form.submit();
      setTimeout(() => { leaving = false; }, 1000);
    });
  });

  // On a page that is only read: what could not be saved while it could be written.
  function showLeftovers(box) {
    if (!box) return;
    const mine = Object.keys(localStorage).filter((key) => key.startsWith(box.dataset.leftovers));
    mine.forEach((key) => {
      const copy = JSON.parse(localStorage.getItem(key));
      const text = document.createElement("textarea");
      text.className = "form-control mb-2";
      text.readOnly = true;
      text.value = copy.text;
      text.setAttribute("aria-label", key.split(":").pop());
      box.querySelector("[data-texts]").append(text);
    });
    box.hidden = !mine.length;
    box.querySelector("[data-forget]").addEventListener("click", () => {
      mine.forEach((key) => localStorage.removeItem(key));
      box.hidden = true;
    });
  }
})();
