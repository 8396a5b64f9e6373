// Results change in place: filters, order, pages and the search box; each is a link or a form
// that works without this file. The server sends whole pages, and only what differs is replaced.
"use strict";
(() => {
  const PANE = "busqueda";

  // What the reader opened and what script added stays as it is.
  const callbacks = {
    beforeAttributeUpdated: (name, element) => {
      if (element.matches("details")) return name !== "open";
      return !element.matches("[role=combobox]") || name === "value";
    },
    beforeNodeRemoved: (node) => !(node instanceof Element && node.matches("[data-added]")),
  };
  htmx.defineExtension("morph", {
    isInlineSwap: (style) => style === "morph",
    handleSwap: (style, target, fragment) =>
      style === "morph" && Idiomorph.morph(target, fragment.children, { morphStyle: "outerHTML", callbacks }),
  });

  const busy = (is) => document.getElementById(PANE)?.setAttribute("aria-busy", String(is));
  document.body.addEventListener("htmx:beforeRequest", () => busy(true));
  // What cannot be shown in place, such as an error, is shown as the page that it is.
  const leave = (event) => location.assign(event.detail.pathInfo.finalRequestPath);
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status < 400) return;
    Object.assign(event.detail, { shouldSwap: false, isError: false });
    leave(event);
  });
  document.body.addEventListener("htmx:sendError", leave);

  document.body.addEventListener("htmx:afterSwap", (event) => {
    const results = document.getElementById("resultados");
    const asked = event.detail.requestConfig?.elt;
    // Another page begins at its top; else whoever lost the focus finds it at the results.
    if (asked?.closest(".pagination")) results?.focus();
    else if (document.activeElement === document.body) results?.focus({ preventScroll: true });
  });
  document.body.addEventListener("submit", (event) => {
    if (event.target.matches("[popover]:popover-open")) event.target.hidePopover();
  });
})();
