// Counts while typing, and tells whether a draft was saved.
// Everything works without this file: the server counts, saves and validates.
"use strict";
(() => {
  const figure = new Intl.NumberFormat("es-MX");

  const recount = (counter) => {
    const field = document.getElementById(counter.dataset.counter);
    if (!field) return;
    // A lone surrogate is sent as the replacement character.
    const text = field.value.toWellFormed?.() ?? field.value;
    const full = globalThis.countCharacters(text, false);
    const bare = globalThis.countCharacters(text, true);
    const without = counter.dataset.withoutSpaces === "true";
    const counted = without ? bare : full;
    const minimum = Number(counter.dataset.minimum);
    const maximum = Number(counter.dataset.maximum);
    let state = "Cumple";
    if (maximum && counted > maximum) state = `Sobran ${figure.format(counted - maximum)}`;
    else if (counted < minimum) state = `Faltan ${figure.format(minimum - counted)}`;
    counter.classList.toggle("counter--right", state === "Cumple");
    counter.classList.toggle("counter--wrong", state !== "Cumple" && counted > 0);
    counter.querySelector("[data-counted]").textContent = figure.format(counted);
    counter.querySelector("[data-other]").textContent = figure.format(without ? full : bare);
    counter.querySelector("[data-state]").textContent = state;
    counter.querySelector("rect").setAttribute("width", String(maximum ? Math.min(counted, maximum) : counted));
  };

  for (const counter of document.querySelectorAll("[data-counter]")) {
    const field = document.getElementById(counter.dataset.counter);
    if (field) field.addEventListener("input", () => recount(counter));
  }

  const form = document.querySelector("[data-capture]");
  const shown = document.getElementById("estado-guardado");
  const announced = document.getElementById("aviso-guardado");
  if (!form || !shown || !announced) return;

  let wasSaved = false;
  let trouble = "";
  const say = (words) => { announced.textContent = words; };
  // The first save is announced; later only failures are, and their end.
  const wentWell = () => {
    if (!wasSaved) say("Se guardó. Seguimos guardando mientras escribes; te avisamos si algo falla.");
    else if (trouble) say("Ya se guardó.");
    wasSaved = true;
    trouble = "";
  };
  const wentWrong = (words) => {
    if (words !== trouble) say(words);
    trouble = words;
  };
  const fail = (words, link) => {
    const line = document.createElement("span");
    line.className = "save-status save-status--wrong";
    line.textContent = words;
    if (link) {
      const way = document.querySelector("[data-session-enter]");
      const anchor = Object.assign(document.createElement("a"), { href: way?.href ?? "/acceso/", target: "_blank", textContent: link });
      line.append(" ", anchor);
    }
    shown.replaceChildren(line);
    wentWrong(words);
  };
  const lost = () => fail("Tu sesión terminó. Lo que escribes sigue en esta página:", "entra en otra pestaña y, al regresar, se guarda solo.");
  const WORDS = {
    403: "Falta leer el aviso de privacidad: usa «Guardar y continuar» y no se pierde nada.",
    404: "Esta cuenta no captura esta candidatura: usa «Guardar y continuar» y no se pierde nada.",
  };
  const again = () => form.dispatchEvent(new Event("change", { bubbles: true }));

  document.body.addEventListener("htmx:configRequest", (event) => {
    document.dispatchEvent(new CustomEvent("session:freshen"));
    event.detail.parameters.csrfmiddlewaretoken = form.elements.csrfmiddlewaretoken.value;
  });
  document.body.addEventListener("htmx:beforeRequest", () => {
    if (!trouble) shown.textContent = "Guardando…";
  });
  document.body.addEventListener("htmx:afterSwap", () => {
    document.dispatchEvent(new CustomEvent("session:renewed"));
    const wrong = shown.querySelector(".save-status--wrong");
    if (wrong) wentWrong(wrong.textContent);
    else wentWell();
  });
  document.body.addEventListener("htmx:sendError", () => fail("Sin conexión. Lo que escribes sigue en esta página y se guarda solo cuando vuelva."));
  // Before htmx makes an error of it, which it would also write into the console.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const { status } = event.detail.xhr;
    if (status < 400) return;
    Object.assign(event.detail, { shouldSwap: false, isError: false });
    if (status === 401) {
      document.dispatchEvent(new CustomEvent("session:lost"));
      lost();
    } else fail(WORDS[status] ?? "No se pudo guardar. Usa «Guardar y continuar».");
  });
  document.addEventListener("session:ended", lost);
  document.addEventListener("session:back", again);
  window.addEventListener("online", () => { if (trouble) again(); });
})();
