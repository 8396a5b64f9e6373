// Asks the browser for a passkey, and sends what it answers with the form. The server verifies it.
"use strict";
(() => {
  const data = document.querySelector("#js_data");
  if (!data) return;
  const options = JSON.parse(data.textContent);
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const named = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

  const toCreate = ({ publicKey }) => ({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: named(publicKey.excludeCredentials),
    },
  });
  const toGet = ({ publicKey }) => ({
    publicKey: { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: named(publicKey.allowCredentials) },
  });
  const answered = (credential) => {
    const response = { clientDataJSON: text(credential.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return {
      type: credential.type,
      id: credential.id,
      rawId: text(credential.rawId),
      authenticatorAttachment: credential.authenticatorAttachment ?? null,
      response,
      clientExtensionResults: credential.getClientExtensionResults(),
    };
  };

  const words = {
    none: "Este navegador no usa llaves de acceso. Usa una aplicación de códigos.",
    known: "Esta llave ya está en tu cuenta.",
    stopped: "No se usó la llave. Oprime el botón para intentarlo otra vez.",
  };
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const said = form.querySelector("[data-passkey-said]");
    const button = form.querySelector("[data-passkey-button]");
    const say = (what) => {
      said.textContent = words[what];
      said.hidden = false;
    };
    if (!window.PublicKeyCredential) {
      say("none");
      continue;
    }
    button.hidden = false;
    form.addEventListener("submit", async (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      said.hidden = true;
      try {
        const credential = form.dataset.passkey === "create"
          ? await navigator.credentials.create(toCreate(options.creation_options))
          : await navigator.credentials.get(toGet(options.request_options));
        form.elements.credential.value = JSON.stringify(answered(credential));
        form.submit();
      } catch (error) {
        say(error.name === "InvalidStateError" ? "known" : "stopped");
        button.focus();
      }
    });
  }
})();
