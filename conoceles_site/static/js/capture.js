// Counts while typing, and tells whether a draft was saved.
// Everything works without this file: the server counts, saves and validates.
"use strict";
(() => {
  const figure = new Intl.NumberFormat("es-MX");

  const recount = (counter) => {
    const field = document.getElementById(counter.dataset.counter);
    if (!field) return;
    const text = field.value.normalize("NFC").trim();
    const full = [...text].length;
    const bare = [...text.replace(/\s+/gu, "")].length;
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
    counter.querySelector("rect").setAttribute("width", String(Math.min(counted, maximum)));
  };

  for (const counter of document.querySelectorAll("[data-counter]")) {
    const field = document.getElementById(counter.dataset.counter);
    if (field) field.addEventListener("input", () => recount(counter));
  }

  const status = document.getElementById("estado-guardado");
  const say = (words) => { if (status) status.textContent = words; };
  document.body.addEventListener("htmx:beforeRequest", () => say("Guardando…"));
  document.body.addEventListener("htmx:sendError", () => say("Sin conexión: lo que escribes sigue en esta página; guárdalo cuando vuelva."));
  document.body.addEventListener("htmx:responseError", (event) => say(event.detail.xhr.status === 401
    ? "Tu sesión terminó: copia lo que acabas de escribir, entra otra vez y pégalo."
    : "No se pudo guardar. Usa «Guardar y continuar»."));
})();
