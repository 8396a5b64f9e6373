// Two improvements of the public pages, which also work without this file.
"use strict";
(() => {
  // A sheet that loses the focus closes, so that it never covers the element that has it.
  for (const sheet of document.querySelectorAll("[popover]")) {
    sheet.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !sheet.contains(event.relatedTarget) && sheet.matches(":popover-open")) {
        sheet.hidePopover();
      }
    });
  }

  // The municipality's box as a combobox (ARIA 1.2): unlike a datalist, it ignores accents.
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
  const MOST_SHOWN = 8;
  const TELL_AFTER = 500; // milliseconds

  const combobox = (input) => {
    const names = [...input.list.options].map((option) => option.value);
    const list = document.createElement("ul");
    list.className = "combobox__list";
    list.id = `${input.id}-opciones`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Municipios");
    list.hidden = true;
    input.removeAttribute("list");
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    input.parentElement.append(list);
    const spoken = document.createElement("p");
    spoken.className = "visually-hidden";
    spoken.setAttribute("role", "status");
    input.parentElement.after(spoken);
    let current = -1;
    let waiting;

    const mark = (position) => {
      current = position;
      [...list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === current)));
      if (current < 0) input.removeAttribute("aria-activedescendant");
      else {
        input.setAttribute("aria-activedescendant", list.children[current].id);
        list.children[current].scrollIntoView({ block: "nearest" });
      }
    };
    const show = (found) => {
      list.replaceChildren(...found.map((name, index) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${index}`;
        option.setAttribute("role", "option");
        option.textContent = name;
        return option;
      }));
      list.hidden = found.length === 0;
      input.setAttribute("aria-expanded", String(found.length > 0));
      mark(-1);
    };
    // Announce the number once, when typing pauses, so that a screen reader is not interrupted.
    const tell = (shown, all) => {
      clearTimeout(waiting);
      const offered = shown === all ? `${all} municipios` : `${shown} de ${all} municipios`;
      const many = `${all === 1 ? "1 municipio" : offered}. Elige con las flechas.`;
      const words = !input.value.trim() ? "" : all === 0 ? "Ningún municipio empieza así." : many;
      waiting = setTimeout(() => { if (spoken.textContent !== words) spoken.textContent = words; }, TELL_AFTER);
    };
    const choose = (option) => {
      input.value = option.textContent;
      show([]);
      input.form.requestSubmit();
    };

    input.addEventListener("input", () => {
      const wanted = fold(input.value);
      const begins = (name) => fold(name).split(" ").some((_, index, words) => words.slice(index).join(" ").startsWith(wanted));
      const found = wanted ? names.filter(begins) : [];
      show(found.slice(0, MOST_SHOWN));
      tell(Math.min(found.length, MOST_SHOWN), found.length);
    });
    input.addEventListener("keydown", (event) => {
      const last = list.children.length - 1;
      if (list.hidden) return;
      if (event.key === "ArrowDown") mark(current === last ? 0 : current + 1);
      else if (event.key === "ArrowUp") mark(current <= 0 ? last : current - 1);
      else if (event.key === "Escape") show([]);
      else if (event.key === "Enter" && current >= 0) choose(list.children[current]);
      else return;
      event.preventDefault();
    });
    input.addEventListener("blur", () => show([]));
    // On pointerdown, before the blur: pressing an option must not take the focus away first.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) choose(option);
    });
  };

  for (const input of document.querySelectorAll("input[data-combobox]")) combobox(input);
})();
