// Saves what is typed while it is typed. Without this script the buttons do it; nothing is stored in the browser.
(() => {
  "use strict";
  const form = document.querySelector("form[data-autosave], form[data-unsaved]");
  const say = form.dataset, isUnsaved = "unsaved" in say;

  // Unsaved text that cannot save itself: it is sent once, and leaving is asked about.
  if (!say.autosave) {
    let sent = false;
    form.addEventListener("submit", (event) => {
      if (sent) event.preventDefault();
      sent = true;
    });
    addEventListener("pageshow", () => { sent = false; });
    addEventListener("beforeunload", (event) => { if (!sent) event.preventDefault(); });
    return;
  }
  if (!form.requestSubmit || !window.AbortSignal?.timeout) return;
  const [shown, told] = ["saved", "told"].map((id) => document.getElementById(id));
  const version = form.elements.version;

  const PAUSE = 10_000, LONGEST_PAUSE = 60_000, AGAIN = 15_000, GIVE_UP = 20_000;
  const KEPT_ALIVE = 60_000; // bytes: less is sent even when the page is left

  const body = () => new URLSearchParams(new FormData(form)).toString();
  const typed = () => body().replace(/(^|&)(csrf_token|version)=[^&]*/g, "");
  const isAsServed = (field) => field.checked === field.defaultChecked
    && (field.type !== "textarea" || field.value === field.defaultValue);

  // Text that the browser brings back was typed over the version known then, not over this one.
  let known = history.state;
  const isRestored = ![...form.elements].every(isAsServed);
  const setVersion = (number) => {
    version.value = number;
    history.replaceState(number, "");
  };
  if (isRestored) setVersion(known ?? "0");
  else if (!isUnsaved) setVersion(version.value);

  let saved = isUnsaved || isRestored ? null : typed();
  let trouble = isUnsaved && "refused"; // stop: refused for good; away: nothing answered
  let tried = null; // sent and not answered: it may be stored, so it goes once more before anything newer
  let timer = 0, dirtySince = 0, running = null;
  let passing = false, waiting = false, leaving = false, announced = false;
  const isDirty = () => typed() !== saved;

  // Read aloud: the first time that it works, and every time that it does not.
  const show = (text, aloud) => {
    shown.textContent = text;
    shown.className = isDirty() && aloud ? "unsaved" : "";
    told.textContent = aloud ? text : "";
  };
  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };
  const fail = (kind, text) => {
    trouble = kind;
    dirtySince = 0;
    show(text, true);
    later(AGAIN);
  };

  async function send(again) {
    const before = tried;
    tried ??= { body: body(), typed: typed() };
    const sent = tried;
    let answer, data;
    try {
      answer = await fetch(say.autosave, {
        method: "POST", body: new URLSearchParams(sent.body), keepalive: sent.body.length < KEPT_ALIVE,
        redirect: "error", signal: AbortSignal.timeout(GIVE_UP + sent.body.length),
      });
      data = await answer.json();
    } catch {
      if (answer?.status < 500) tried = null;
      return fail("away", say.failed);
    }
    tried = null;
    if (answer.ok) {
      setVersion(data.version);
      saved = sent.typed;
      trouble = false;
      dirtySince = 0;
      if (isDirty()) return before ? send(true) : touch();
      show(`${say.saved} ${new Date().toTimeString().slice(0, 5)}`, !announced);
      announced = true;
    } else if (data.token && again) {
      document.querySelectorAll("[name=csrf_token]").forEach((field) => { field.value = data.token; });
      return send(false);
    } else fail(data.stop ? "stop" : "refused", data.said);
  }

  // One at a time, so that each is made from the version before it.
  async function save() {
    clearTimeout(timer);
    while (running) await running;
    if (trouble === "stop" || !isDirty()) return;
    running = send(true);
    try { await running; } finally { running = null; }
  }

  function touch() {
    dirtySince ||= Date.now();
    if (!trouble) show("");
    later(Math.min(PAUSE, Math.max(0, dirtySince + LONGEST_PAUSE - Date.now())));
  }

  form.addEventListener("input", (event) => {
    const box = event.target;
    if (box.type === "textarea") {
      // Restored late: boxes are filled in that nobody is in.
      if (known && box !== document.activeElement) setVersion(known);
      known = null;
      fit(box);
    }
    touch();
  });
  form.addEventListener("change", save);
  addEventListener("online", save);
  addEventListener("pagehide", save);
  document.addEventListener("visibilitychange", save);

  // A button: first what is typed is saved; while nothing answers the page stays, and the text with it.
  form.addEventListener("submit", async (event) => {
    leaving = passing || trouble === "stop" || (!running && !isDirty());
    if (leaving) return;
    event.preventDefault();
    if (waiting) return;
    waiting = true;
    show(say.saving);
    await save();
    await new Promise(setTimeout); // within the event itself a form cannot be sent again
    waiting = false;
    if (trouble === "away" && isDirty()) return;
    passing = true;
    form.requestSubmit(event.submitter);
    passing = false;
  });

  // A link: the same.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || link.hash && link.pathname === location.pathname || !isDirty()) return;
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    await save();
    location.assign(link.href);
  });
  // Any way: what is typed is sent at once, and the browser asks where that may not do.
  addEventListener("beforeunload", (event) => {
    if (leaving) return;
    save();
    if (isDirty() && (trouble || !navigator.onLine || tried?.typed !== typed() || tried.body.length >= KEPT_ALIVE))
      event.preventDefault();
  });
  addEventListener("pageshow", (event) => {
    leaving = false;
    if (event.persisted && !isDirty()) location.reload();
  });

  // Boxes grow with their text, and say when little room is left.
  const grows = CSS.supports("field-sizing", "content");
  function fit(box) {
    if (!grows && box.scrollHeight > box.clientHeight) box.rows += Math.ceil((box.scrollHeight - box.clientHeight) / 24);
    const length = [...box.value].length, over = length - say.longest;
    let note = box.parentNode.querySelector(".count");
    if (length < 0.9 * say.longest) return note?.remove();
    if (!note) {
      box.insertAdjacentHTML("afterend", '<p class="count reminder" role="status">');
      note = box.nextElementSibling;
    }
    const number = (n) => Number(n).toLocaleString();
    note.textContent = over > 0 ? `${number(over)} ${say.over}`
      : `${number(length)} ${say.room} ${number(say.longest)}`;
  }
  form.querySelectorAll("textarea").forEach(fit);
  if (isDirty()) touch();
})();
