/* Drafts the opinion for the recommendation that is chosen.

   input[data-draft]         an outcome with the opinion drafted for it from the marks
   textarea[name=text]       the opinion, in the same form; input[name=drafted] the draft that it began with
   Only an empty opinion, or one that is still the draft, is replaced; typed text never is. Without this script the
   server drafts anew when the form is sent, and shows it.
*/
(() => {
  "use strict";

  document.addEventListener("change", (event) => {
    const choice = event.target.closest("input[data-draft]");
    if (!choice) return;
    const text = choice.form.elements.namedItem("text");
    const drafted = choice.form.elements.namedItem("drafted");
    const isUntouched = text.value.replaceAll("\r\n", "\n") === drafted.value.replaceAll("\r\n", "\n");
    if (text.value.trim() !== "" && !isUntouched) return;
    text.value = choice.dataset.draft;
    drafted.value = choice.dataset.draft;
  });
})();
