/* The errors of a form of the admin, said in one place: each with its field and its tab, as a
   button that leads there. Wagtail marks them where they are, which may be under another tab. */
(() => {
  "use strict";

  const TAB = (element) => {
    const panel = element.closest('[role="tabpanel"]');
    return panel && document.getElementById(panel.getAttribute("aria-labelledby"));
  };

  const words = (element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll(".w-tabs__errors, .w-required-mark, .w-sr-only, svg").forEach((one) => one.remove());
    return copy.textContent.replace(/\s+/g, " ").trim();
  };

  const labelOf = (message) => {
    const field = message.closest("[data-field]");
    const input = field && field.querySelector("[id]:is(input, select, textarea)");
    const label = input && document.querySelector(`label[for="${CSS.escape(input.id)}"]`);
    const panel = message.closest("section.w-panel");
    const heading = label || (panel && panel.querySelector("[data-panel-heading-text]"));
    return heading ? words(heading) : "";
  };

  const open = (element) => {
    const panel = element.closest("section.w-panel");
    const toggle = panel && panel.querySelector("[data-panel-toggle][aria-expanded='false']");
    if (toggle) toggle.click();
  };

  const go = (message) => {
    const tab = TAB(message);
    if (tab && tab.getAttribute("aria-selected") !== "true") tab.click();
    open(message);
    const field = message.closest("[data-field]") || message;
    const target =
      field.querySelector("[contenteditable=true]") ||
      field.querySelector("input:not([type=hidden]), select, textarea") ||
      field.querySelector("button");
    reach(target || field);
  };

  // A tab shows its fields a moment after it was pressed, and a hidden field cannot take the focus.
  const reach = (target, tries = 20) => {
    target.scrollIntoView({ block: "center" });
    target.focus({ preventScroll: true });
    if (document.activeElement !== target && tries) setTimeout(() => reach(target, tries - 1), 50);
  };

  const line = (message) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const [label, tab] = [labelOf(message), TAB(message)];
    const several = tab && tab.parentElement.querySelectorAll('[role="tab"]').length > 1;
    button.type = "button";
    button.textContent =
      (label ? `${label}: ` : "") + words(message) + (several ? ` (pestaña ${words(tab)})` : "");
    button.addEventListener("click", () => go(message));
    item.append(button);
    return item;
  };

  const say = () => {
    const found = [...document.querySelectorAll(".w-field__errors .error-message, .help-critical .error-message")];
    const place = document.querySelector(".messages li.error");
    if (!found.length || !place || place.querySelector(".admin-errors")) return;
    const list = document.createElement("ul");
    list.className = "admin-errors";
    list.tabIndex = -1;
    list.setAttribute("aria-label", "Errores");
    list.append(...found.map(line));
    place.append(list);
    const own = place.querySelector("button.button");
    if (own) own.remove();
    const [first, shown] = [TAB(found[0]), found.some((one) => {
      const tab = TAB(one);
      return !tab || tab.getAttribute("aria-selected") === "true";
    })];
    if (first && !shown) first.click();
    document.title = `Error: ${document.title}`;
    list.focus();
    window.scrollTo(0, 0);
  };

  // Wagtail's own scripts give the tabs their state first.
  window.addEventListener("load", () => setTimeout(say, 50));
})();
