// Results change in place: filters, order, pages and the search box; each is a link or a form
// that works without this file. The server sends whole pages, and only what differs is replaced.
"use strict";
(() => {
  const PANE = "busqueda";
  const TROUBLE = "sin-respuesta";
  // What was in the search box when the results were asked for.
  let asked = "";

  // What the reader opened, what script added and what was typed meanwhile stay as they are.
  const callbacks = {
    beforeAttributeUpdated: (name, element) => {
      if (element.matches("details")) return name !== "open";
      if (!element.matches("[role=combobox]")) return true;
      return name === "value" && element.value === asked;
    },
    beforeNodeRemoved: (node) => !(node instanceof Element && node.matches("[data-added]")),
  };
  htmx.defineExtension("morph", {
    isInlineSwap: (style) => style === "morph",
    handleSwap: (style, target, fragment) =>
      style === "morph" && Idiomorph.morph(target, fragment.children, { morphStyle: "outerHTML", callbacks }),
  });

  const busy = (is) => document.getElementById(PANE)?.setAttribute("aria-busy", String(is));
  const leave = (event) => location.assign(event.detail.pathInfo.finalRequestPath);

  // Without an answer the page stays as it is: what happened is said, with a link that asks again.
  const hush = () => {
    const notice = document.getElementById(TROUBLE);
    if (notice?.matches(":popover-open")) notice.hidePopover();
  };
  const tell = (why, event) => {
    const notice = document.getElementById(TROUBLE);
    if (!notice?.showPopover) return leave(event);
    busy(false);
    notice.querySelectorAll("[data-why]").forEach((words) => { words.hidden = words.dataset.why !== why; });
    const again = notice.querySelector("a");
    again.href = event.detail.pathInfo.finalRequestPath;
    htmx.process(again);
    notice.showPopover();
    if (document.activeElement === document.body) again.focus();
  };

  const body = document.body;
  body.addEventListener("htmx:beforeRequest", () => {
    asked = document.getElementById("q").value;
    hush();
    busy(true);
  });
  body.addEventListener("htmx:beforeSwap", (event) => {
    const { status, responseText } = event.detail.xhr;
    if (status < 400 && responseText.includes(`id="${PANE}"`)) return;
    Object.assign(event.detail, { shouldSwap: false, isError: false });
    if (status === 429) tell("espera", event);
    else if (status >= 500) tell("falla", event);
    else leave(event); // Another page: what is wrong with the address, or that there is no process.
  });
  body.addEventListener("htmx:sendError", (event) => tell("conexion", event));
  body.addEventListener("htmx:timeout", (event) => tell("tarda", event));

  body.addEventListener("htmx:afterSwap", (event) => {
    const results = document.getElementById("resultados");
    const chosen = event.detail.requestConfig?.elt;
    // Another page begins at its top; else whoever lost the focus finds it at the results.
    if (chosen?.closest(".pagination")) results?.focus();
    else if (document.activeElement === body) results?.focus({ preventScroll: true });
  });
  body.addEventListener("submit", (event) => {
    if (event.target.matches("[popover]:popover-open")) event.target.hidePopover();
  });
})();
