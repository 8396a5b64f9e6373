// While a job has the file, shows how far it is; when it is done, shows the report.
// Without scripts, a link shows the page anew.
(() => {
  const part = document.querySelector("[data-upload-progress]");
  if (!part) {
    return;
  }
  const EVERY = 2000;
  const look = async () => {
    try {
      const answer = await fetch(part.dataset.uploadProgress, { credentials: "same-origin" });
      if (answer.redirected || !answer.ok || answer.headers.get("X-Done") === "1") {
        window.location.reload();
        return;
      }
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const now of fresh.querySelectorAll("[data-upload-part]")) {
        const shown = part.querySelector(`[data-upload-part="${now.dataset.uploadPart}"]`);
        if (shown && shown.innerHTML !== now.innerHTML) {
          shown.innerHTML = now.innerHTML;
        }
      }
    } catch {
      // The connection is lost for a moment: ask again.
    }
    window.setTimeout(look, EVERY);
  };
  window.setTimeout(look, EVERY);
})();
