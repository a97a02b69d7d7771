/* Security keys and passkeys: asks the browser's authenticator and sends its answer with the form.

   [data-security-key="create|get"]   the form; it holds the hidden field named credential
   [data-security-key-options]        the id of the element with the server's options as JSON
   [data-security-key-status]         shows that the browser does not support keys, or that the attempt failed
*/
(() => {
  "use strict";

  const form = document.querySelector("form[data-security-key]");
  if (!form) return;
  const status = form.querySelector("[data-security-key-status]");
  const source = document.getElementById(form.dataset.securityKeyOptions);
  const say = (text) => {
    status.textContent = text;
  };

  async function ask() {
    const given = JSON.parse(source.textContent);
    if (form.dataset.securityKey === "create") {
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(given.creation_options.publicKey);
      return navigator.credentials.create({ publicKey });
    }
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(given.request_options.publicKey);
    return navigator.credentials.get({ publicKey });
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!window.PublicKeyCredential || !PublicKeyCredential.parseRequestOptionsFromJSON) {
      say(status.dataset.unsupported);
      return;
    }
    try {
      say(status.dataset.waiting);
      const credential = await ask();
      form.elements.credential.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch {
      say(status.dataset.failed);
    }
  });
})();
