// Warns before the session ends, lets it last longer, and keeps the page's tokens fresh.
// Everything works without this file: the server keeps what arrives after the end.
"use strict";
(() => {
  const box = document.querySelector("[data-session]");
  if (!box) return;
  const { address, cookie } = box.dataset;
  const whole = Number(box.dataset.whole);
  const warn = Number(box.dataset.warn);
  const title = box.querySelector("h2");
  const text = box.querySelector("p");
  const stay = box.querySelector("[data-session-stay]");
  const enter = box.querySelector("[data-session-enter]");
  const said = document.querySelector("[data-session-said]");
  // Moved to the end of the page, so that the first stop of the keyboard is the skip link.
  document.body.append(box, said);
  let endsAt = Date.now() + Number(box.dataset.left) * 1000;
  let state = "open";
  let asking = null;
  let before = null;

  const hour = (moment) => new Intl.DateTimeFormat("es-MX", { hour: "2-digit", minute: "2-digit", hour12: false }).format(moment);
  const token = () => document.cookie.split("; ").find((one) => one.startsWith(`${cookie}=`))?.slice(cookie.length + 1) ?? "";
  // Signing in in another tab changes the token, which the cookie holds.
  const freshen = () => {
    const fresh = token();
    if (!fresh) return;
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = fresh;
  };
  const isWriting = () => document.activeElement?.matches("input:not([type=button], [type=submit], [type=checkbox], [type=radio]), textarea, select, [contenteditable], [contenteditable] *") ?? false;

  const show = (heading, words, isOver) => {
    title.textContent = heading;
    text.textContent = words;
    stay.hidden = isOver;
    enter.hidden = !isOver;
    // A page that shows the state of saving announces the end there, beside the text.
    if (isOver && document.querySelector("[data-session-told]")) {
      box.hidden = true;
      return;
    }
    box.hidden = false;
    // Somebody who is writing is told, and the focus stays where it is.
    if (isWriting()) said.textContent = `${heading}. ${words}`;
    else if (!box.contains(document.activeElement)) {
      before = document.activeElement;
      (isOver ? enter : stay).focus();
    }
  };
  const hide = (words) => {
    const hadFocus = box.contains(document.activeElement);
    box.hidden = true;
    if (hadFocus) before?.focus?.();
    said.textContent = words;
  };

  const settle = (left) => {
    endsAt = Date.now() + left * 1000;
    const next = left <= 0 ? "ended" : left <= warn ? "soon" : "open";
    if (next === state) return;
    const last = state;
    state = next;
    if (next === "soon") show("Tu sesión está por terminar", `Termina a las ${hour(endsAt)} h si no haces nada. Al guardar o cambiar de página dura más.`, false);
    if (next === "ended") {
      show("Tu sesión terminó", "Lo que escribiste sigue en esta página. Entra en otra pestaña y regresa a esta.", true);
      document.dispatchEvent(new CustomEvent("session:ended"));
    }
    if (next === "open" && last !== "open") hide(last === "ended" ? "Tu sesión sigue abierta." : "");
    if (last === "ended" && next !== "ended") {
      freshen();
      document.dispatchEvent(new CustomEvent("session:back"));
    }
  };

  const ask = (method = "GET") => {
    freshen();
    asking ??= fetch(address, { method, headers: { Accept: "application/json", ...(method === "POST" ? { "X-CSRFToken": token() } : {}) } })
      .then((answer) => answer.json())
      .then(({ segundos }) => settle(segundos))
      .catch(() => {})
      .finally(() => { asking = null; });
    return asking;
  };
  // Another tab may have extended the session, so the server is asked first.
  const look = () => {
    if (state === "ended" ? !document.hidden : Date.now() > endsAt - warn * 1000) ask();
  };

  stay.addEventListener("click", () => ask("POST"));
  document.addEventListener("submit", freshen, true);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  window.addEventListener("focus", look);
  window.addEventListener("pageshow", (event) => { if (event.persisted) ask(); });
  document.addEventListener("session:lost", () => settle(0));
  document.addEventListener("session:renewed", () => settle(whole));
  document.addEventListener("session:freshen", freshen);
  setInterval(look, Math.max(1000, Math.min(15000, warn * 200)));
})();
