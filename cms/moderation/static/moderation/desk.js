/* Counts what is marked, and moves between answers. The desk works without it. */
(() => {
  const form = document.querySelector("[data-review-form]");
  const give = form?.querySelector("[data-review-return]");
  if (!give) return;
  const answers = [...form.querySelectorAll("[data-review-answer]")];

  const count = () => {
    const marked = form.querySelectorAll('input[value="observar"]:checked').length;
    const { none, one, many } = give.dataset;
    give.textContent = marked === 0 ? none : marked === 1 ? one : many.replace("{}", marked);
  };
  form.addEventListener("change", count);
  count();

  const current = () => answers.indexOf(document.activeElement.closest("[data-review-answer]"));
  let last = -1;
  form.addEventListener("focusin", () => {
    if (current() >= 0) last = current();
  });
  const go = (index) => {
    const answer = answers[Math.max(0, Math.min(index, answers.length - 1))];
    answer?.focus({ preventScroll: true });
    answer?.scrollIntoView({ block: "start" });
  };
  const steps = form.querySelector("[data-review-steps]");
  steps.hidden = false;
  steps.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.step) go(last + Number(button.dataset.step));
    if (button && "observe" in button.dataset) {
      const radio = answers[Math.max(last, 0)]?.querySelector('input[value="observar"]');
      radio?.click();
      radio?.focus();
    }
  });
})();
