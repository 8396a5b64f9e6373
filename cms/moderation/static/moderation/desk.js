/* Counts characters, moves between answers, and confirms decisions taken with a key. The desk works without it. */
(() => {
  const form = document.querySelector("[data-review-form]");
  const give = form?.querySelector("[data-review-return]");
  if (!give) return;
  const answers = [...form.querySelectorAll("[data-review-answer]")];
  const dialogs = () => [...document.querySelectorAll('[data-controller~="w-dialog"]')];
  const dialogIsOpen = () => dialogs().some((one) => one.getAttribute("aria-hidden") !== "true");

  // Every button that returns the submission says how many observations it would send.
  const recount = () => {
    const marked = form.querySelectorAll('input[value="observar"]:checked').length;
    const { none, one, many } = give.dataset;
    const words = marked === 0 ? none : marked === 1 ? one : many.replace("{}", marked);
    for (const button of document.querySelectorAll("[data-review-return], [data-review-returns]")) button.textContent = words;
  };
  form.addEventListener("change", recount);
  recount();

  // The length of a text, counted as the server does.
  const figure = new Intl.NumberFormat("es-MX");
  const measure = (field) => {
    const longest = Number(field.dataset.longest);
    const counted = globalThis.countCharacters(field.value, false);
    let said = field.parentElement.querySelector("[data-counted]");
    if (!said) {
      said = document.createElement("p");
      said.className = "help";
      said.id = `${field.id}_cuenta`;
      said.dataset.counted = "";
      field.after(said);
      field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby")} ${said.id}`);
    }
    const extra = counted - longest;
    const words = `${figure.format(counted)} de ${figure.format(longest)} caracteres`;
    said.textContent = extra > 0 ? `${words}; ${extra === 1 ? "sobra" : "sobran"} ${figure.format(extra)}` : words;
  };
  form.addEventListener("input", (event) => {
    if (event.target.dataset.longest) measure(event.target);
  });
  for (const field of form.querySelectorAll("[data-longest]")) if (field.value) measure(field);

  // A second press does not send the form again, but somebody who came back may press once more.
  let isSent = false;
  form.addEventListener("submit", (event) => {
    if (isSent) event.preventDefault();
    isSent = true;
  });
  window.addEventListener("pageshow", () => { isSent = false; });

  const current = () => answers.indexOf(document.activeElement.closest("[data-review-answer]"));
  let last = -1;
  form.addEventListener("focusin", () => {
    if (current() >= 0) last = current();
  });
  const go = (step) => {
    const answer = answers[Math.max(0, Math.min(last + step, answers.length - 1))];
    answer?.focus({ preventScroll: true });
    answer?.scrollIntoView({ block: "start" });
  };
  const observe = () => {
    const radio = answers[Math.max(last, 0)]?.querySelector('input[value="observar"]');
    radio?.click();
    radio?.focus();
  };
  const steps = form.querySelector("[data-review-steps]");
  steps.hidden = false;
  steps.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.step) go(Number(button.dataset.step));
    if (button && "observe" in button.dataset) observe();
  });

  // The keys work outside of texts and with no dialog open; they are listed under «?».
  // They can be turned off in the account (WCAG 2.1.4).
  const ask = (name) => {
    document.getElementById(name)?.dispatchEvent(new CustomEvent("w-dialog:show"));
  };
  const KEYS = {
    n: () => go(1),
    p: () => go(-1),
    o: observe,
  };
  // Keys are told by their place: with Alt, some keyboards write another letter.
  const DECIDING_KEYS = {
    KeyA: () => ask("pregunta-aprobar"),
    KeyD: () => ask("pregunta-devolver"),
  };
  const TEXTS = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=button], [type=submit])";
  const keyFor = (event) => {
    if (event.shiftKey || event.metaKey || event.getModifierState("AltGraph")) return undefined;
    if (event.ctrlKey && event.altKey) return DECIDING_KEYS[event.code];
    return event.ctrlKey || event.altKey ? undefined : KEYS[event.key.toLowerCase()];
  };
  const settings = JSON.parse(document.getElementById("wagtail-config")?.textContent ?? "{}");
  if (!settings.KEYBOARD_SHORTCUTS_ENABLED) return;
  document.addEventListener("keydown", (event) => {
    const press = keyFor(event);
    if (!press || event.repeat || event.isComposing || event.defaultPrevented) return;
    if (event.target.closest?.(TEXTS) || dialogIsOpen()) return;
    event.preventDefault();
    press();
  });
})();
