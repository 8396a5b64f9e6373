// Improvements of the public pages, which also work without this file.
"use strict";
(() => {
  // A sheet that loses the focus closes, so that it never covers the element that has it.
  document.addEventListener("focusout", (event) => {
    const sheet = event.target.closest("[popover]");
    if (event.relatedTarget && sheet && !sheet.contains(event.relatedTarget) && sheet.matches(":popover-open")) {
      sheet.hidePopover();
    }
  });

  const TELL_AFTER = 500; // milliseconds

  // A combobox with a list (ARIA 1.2, «list autocomplete with manual selection»).
  // `find` gives the options of a text and what is said of them, or nothing when it no longer
  // matters; `choose` goes where an option leads.
  const combobox = (input, { label, find, choose }) => {
    const list = document.createElement("ul");
    list.className = "combobox__list";
    list.id = `${input.id}-opciones`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", label);
    list.hidden = true;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    input.parentElement.append(list);
    const spoken = document.createElement("p");
    spoken.className = "visually-hidden";
    spoken.setAttribute("role", "status");
    input.parentElement.after(spoken);
    for (const part of [list, spoken]) part.dataset.added = "";
    let shown = [];
    let current = -1;
    let waiting;
    let turn = 0; // What was asked for in an earlier turn is not shown any more.

    const mark = (position) => {
      current = position;
      [...list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === current)));
      if (current < 0) input.removeAttribute("aria-activedescendant");
      else {
        input.setAttribute("aria-activedescendant", list.children[current].id);
        list.children[current].scrollIntoView({ block: "nearest" });
      }
    };
    const part = (name, text) => Object.assign(document.createElement("span"), { className: `combobox__${name}`, textContent: text });
    const show = (found) => {
      shown = found;
      list.replaceChildren(...found.map(({ text, detail }, index) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${index}`;
        option.setAttribute("role", "option");
        option.append(part("text", text), ...(detail ? [" ", part("detail", detail)] : []));
        return option;
      }));
      list.hidden = found.length === 0;
      input.setAttribute("aria-expanded", String(found.length > 0));
      mark(-1);
    };
    // Announce the number once, when typing pauses, so that a screen reader is not interrupted.
    const tell = (said) => {
      clearTimeout(waiting);
      waiting = setTimeout(() => { if (spoken.textContent !== said) spoken.textContent = said; }, TELL_AFTER);
    };
    // A list that opens below the window, or behind a phone's keyboard, is brought into sight.
    const bringIntoSight = () => {
      const height = window.visualViewport?.height ?? window.innerHeight;
      if (list.getBoundingClientRect().bottom > height) input.scrollIntoView({ block: "start" });
    };
    const close = () => {
      turn += 1;
      clearTimeout(waiting);
      show([]);
    };
    const take = (position) => {
      const option = shown[position];
      close();
      choose(option);
    };
    const offer = async () => {
      const mine = (turn += 1);
      const found = await find(input.value);
      if (!found || mine !== turn || document.activeElement !== input) return;
      const wasClosed = list.hidden;
      show(found.options);
      if (wasClosed) bringIntoSight();
      tell(input.value.trim() ? found.said : "");
    };

    input.addEventListener("input", offer);
    input.addEventListener("keydown", async (event) => {
      const { key } = event;
      const isArrow = key === "ArrowDown" || key === "ArrowUp";
      if (event.isComposing || (list.hidden && !isArrow)) return;
      if (isArrow || key === "Escape" || (key === "Enter" && current >= 0)) event.preventDefault();
      if (key === "Escape") close();
      else if (key === "Enter" && current >= 0) take(current);
      else if (isArrow) {
        const wasClosed = list.hidden;
        if (wasClosed) await offer();
        const last = shown.length - 1;
        if (last < 0 || (wasClosed && event.altKey)) return;
        if (key === "ArrowDown") mark(current === last ? 0 : current + 1);
        else mark(current <= 0 ? last : current - 1);
      }
    });
    input.addEventListener("blur", close);
    input.form.addEventListener("submit", close);
    // On pointerdown, before the blur: pressing an option must not take the focus away first.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) take([...list.children].indexOf(option));
    });
  };
  const submitWith = (input, text) => {
    input.value = text;
    input.form.requestSubmit();
  };

  // The municipality's box: unlike a datalist, it ignores accents.
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
  const MOST_SHOWN = 8;
  const howMany = (all) => {
    if (!all) return "Ningún municipio empieza así.";
    const many = all <= MOST_SHOWN ? `${all} municipios` : `${MOST_SHOWN} de ${all} municipios`;
    return `${all === 1 ? "1 municipio" : many}. Elige con las flechas.`;
  };
  for (const input of document.querySelectorAll("input[data-combobox]")) {
    const names = [...input.list.options].map((option) => option.value);
    input.removeAttribute("list");
    combobox(input, {
      label: "Municipios",
      find: (typed) => {
        const wanted = fold(typed);
        const begins = (name) => fold(name).split(" ").some((_, index, words) => words.slice(index).join(" ").startsWith(wanted));
        const found = wanted ? names.filter(begins) : [];
        return { options: found.slice(0, MOST_SHOWN).map((text) => ({ text })), said: howMany(found.length) };
      },
      choose: ({ text }) => submitWith(input, text),
    });
  }

  // The search box: people, places and whatever else the API suggests. An option leads to its
  // address; a topic is a text, which is searched in place.
  const ASK_AFTER = 120; // milliseconds
  const TOPIC = "tema";
  const suggestionsFor = (input) => {
    let asking;
    return async (typed) => {
      asking?.abort();
      const { signal } = (asking = new AbortController());
      await new Promise((done) => setTimeout(done, ASK_AFTER));
      if (signal.aborted) return null;
      const asked = new URLSearchParams({ q: typed });
      const process = input.form.elements.proceso?.value;
      if (process) asked.set("proceso", process);
      try {
        const answer = await fetch(`${input.dataset.suggestions}?${asked}`, { signal });
        const { sugerencias } = await answer.json();
        const options = sugerencias.map(({ tipo, texto, detalle, url }) => ({ kind: tipo, text: texto, detail: detalle, url }));
        const number = options.length === 1 ? "1 sugerencia" : `${options.length} sugerencias`;
        return { options, said: options.length ? `${number}. Elige con las flechas.` : "Sin sugerencias." };
      } catch {
        // Without suggestions the box is a plain one.
        return signal.aborted ? null : { options: [], said: "" };
      }
    };
  };
  for (const input of document.querySelectorAll("input[data-suggestions]")) {
    input.type = "text"; // Of a search field, a combobox is not an allowed role.
    input.enterKeyHint = "search";
    combobox(input, {
      label: "Sugerencias",
      find: suggestionsFor(input),
      choose: ({ kind, text, url }) => {
        if (kind === TOPIC) submitWith(input, text);
        else location.assign(url);
      },
    });
  }
})();
