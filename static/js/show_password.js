/* A button that shows the password while it is chosen, for a form that asks for it once.

   form[data-show-password]   the wording of the button, and in data-hide-password that of the same button afterwards
   Before the form is sent the password is hidden again, so that the browser keeps it as a password.
*/
(() => {
  "use strict";

  for (const form of document.querySelectorAll("form[data-show-password]")) {
    for (const input of form.querySelectorAll('input[autocomplete="new-password"]')) {
      const button = document.createElement("button");
      const show = (isShown) => {
        input.type = isShown ? "text" : "password";
        button.textContent = isShown ? form.dataset.hidePassword : form.dataset.showPassword;
        button.setAttribute("aria-pressed", String(isShown));
      };
      button.type = "button";
      button.className = "btn btn-quiet";
      button.setAttribute("aria-controls", input.id);
      button.addEventListener("click", () => show(input.type === "password"));
      input.after(button);
      form.addEventListener("submit", () => show(false));
      show(false);
    }
  }
})();
