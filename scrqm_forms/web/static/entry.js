// Saves what is typed while it is typed. Without this script the buttons do it; nothing is stored in the browser.
(() => {
  "use strict";
  const form = document.querySelector("form[data-autosave]");
  const choosing = document.querySelector("form[data-unsaved]:not([data-autosave])");
  if (choosing) {
    let sent = false;
    choosing.addEventListener("submit", () => { sent = true; });
    addEventListener("beforeunload", (event) => { if (!sent) event.preventDefault(); });
  }
  if (!form || !window.fetch || !form.requestSubmit) return;
  const say = form.dataset, shown = document.getElementById("saved");
  const told = document.body.appendChild(document.createElement("div"));
  told.className = "visually-hidden";
  told.setAttribute("role", "status");

  const PAUSE = 10_000, LONGEST_PAUSE = 60_000, AGAIN = 15_000, GIVE_UP = 20_000;
  const KEPT_ALIVE = 60_000; // bytes that browsers still send after the page is left

  const fields = () => new URLSearchParams(new FormData(form));
  const typed = () => {
    const found = fields();
    found.delete("csrf_token");
    found.delete("version");
    return found.toString();
  };
  const isAsServed = (field) =>
    "defaultChecked" in field && /radio|checkbox/.test(field.type) ? field.checked === field.defaultChecked
      : field.tagName !== "TEXTAREA" || field.value === field.defaultValue;

  let saved = "unsaved" in say || ![...form.elements].every(isAsServed) ? null : typed();
  let timer = 0, dirtySince = 0, running = null, stopped = false, online = true;
  let passing = false, waiting = false;
  let leaving = false, announced = false;
  const isDirty = () => typed() !== saved;

  // Read out by a screen reader are the first time that it works and every time that it does not.
  const show = (text, aloud) => {
    shown.textContent = text;
    shown.className = isDirty() && aloud ? "unsaved" : "";
    told.textContent = aloud ? text : "";
  };
  const clock = () => new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };

  async function send(again) {
    const body = fields().toString(), sent = typed();
    let answer, data;
    try {
      answer = await fetch(say.autosave, {
        method: "POST", body, keepalive: body.length < KEPT_ALIVE, redirect: "error",
        headers: { "Content-Type": "application/x-www-form-urlencoded" }, signal: AbortSignal.timeout(GIVE_UP),
      });
      data = await answer.json();
    } catch {
      online = Boolean(answer);
      show(say.failed, true);
      return later(AGAIN);
    }
    online = true;
    if (answer.ok) {
      form.elements.version.value = data.version;
      saved = sent;
      dirtySince = 0;
      show(`${say.saved} ${clock()}`, !announced);
      announced = true;
      if (isDirty()) touch();
      return;
    }
    if (data.token && again) {
      document.querySelectorAll("[name=csrf_token]").forEach((field) => { field.value = data.token; });
      return send(false);
    }
    show(data.said, true);
    stopped = Boolean(data.stop);
    if (!stopped) later(AGAIN);
  }

  // One at a time, so that each is made from the version before it.
  async function save() {
    clearTimeout(timer);
    while (running) await running;
    if (stopped || !isDirty()) return;
    running = send(true);
    try { await running; } finally { running = null; }
  }

  function touch() {
    if (stopped) return;
    dirtySince ||= Date.now();
    if (!running && online) show("");
    later(Math.min(PAUSE, Math.max(0, dirtySince + LONGEST_PAUSE - Date.now())));
  }

  form.addEventListener("input", (event) => {
    touch();
    fit(event.target);
  });
  form.addEventListener("change", save);
  addEventListener("online", save);
  addEventListener("pagehide", save);
  document.addEventListener("visibilitychange", save);

  // A button: first what is typed is saved; without a connection the page stays, and the text with it.
  form.addEventListener("submit", async (event) => {
    leaving = passing || stopped || (!running && !isDirty());
    if (leaving) return;
    event.preventDefault();
    if (waiting) return;
    waiting = true;
    const button = event.submitter;
    show(say.saving);
    await save();
    await new Promise(setTimeout); // within the event itself a form cannot be sent again
    waiting = false;
    if (!online && isDirty()) return;
    passing = true;
    form.requestSubmit(button);
    passing = false;
  });

  // A link: the same, and where it cannot be saved the browser asks.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || link.hash && link.pathname === location.pathname) return;
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || !isDirty() || stopped) return;
    event.preventDefault();
    await save();
    location.assign(link.href);
  });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("beforeunload", (event) => {
    if (!leaving && isDirty() && (stopped || !online || typed().length >= KEPT_ALIVE)) event.preventDefault();
  });

  // Boxes grow with their text, and say how much room is left when it runs out.
  const grows = CSS.supports("field-sizing", "content");
  function fit(box) {
    if (box.tagName !== "TEXTAREA") return;
    if (!grows && box.scrollHeight > box.clientHeight) box.rows += Math.ceil((box.scrollHeight - box.clientHeight) / 24);
    count(box);
  }
  function count(box) {
    const length = [...box.value].length, over = length - say.longest;
    let note = box.parentNode.querySelector(".count");
    if (length < 0.9 * say.longest) return note?.remove();
    if (!note) {
      note = document.createElement("p");
      note.className = "count reminder";
      note.setAttribute("role", "status");
      box.after(note);
    }
    const number = (n) => n.toLocaleString();
    note.textContent = over > 0 ? `${number(over)} ${say.over}` : `${number(length)} ${say.room} ${number(Number(say.longest))}`;
  }
  form.querySelectorAll("textarea").forEach(fit);
  if (isDirty()) touch();
})();
