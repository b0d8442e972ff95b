// A passkey is made or shown by the browser; its answer goes into the form, and the form goes as any other.
const form = document.querySelector("form[data-passkey]");
const said = form?.querySelector(".passkey__said");

async function answer() {
  const options = JSON.parse(form.dataset.options);
  if (form.dataset.passkey === "register") {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return navigator.credentials.create({ publicKey });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return navigator.credentials.get({ publicKey });
}

form?.addEventListener("submit", async (event) => {
  if (form.elements.credential.value) return;
  event.preventDefault();
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    said.textContent = "This browser is too old for passkeys. Use a code, or another browser.";
    return;
  }
  said.textContent = "Follow what your browser asks.";
  try {
    form.elements.credential.value = JSON.stringify((await answer()).toJSON());
    form.requestSubmit();
  } catch (failure) {
    said.textContent = failure.name === "InvalidStateError"
      ? "This machine has a passkey of yours already."
      : "Nothing came of it. Try again, or use another way.";
  }
});
