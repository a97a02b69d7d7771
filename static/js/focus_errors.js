/* The error summary takes focus when the page arrives, and its links lead into the field.

   [data-error-summary]   includes/error_summary.html; its links point at the id of a control, or of the element
                          around a group of buttons, whose first control is then focused
*/
(() => {
  "use strict";

  const look = (root) => root.querySelector("[data-error-summary]")?.focus();
  look(document);
  document.addEventListener("page:replaced", (event) => look(event.detail));

  const enter = (hash) => {
    const target = document.getElementById(decodeURIComponent(hash.slice(1)));
    if (!target) return false;
    const controls = "input:not([type=hidden]), select, textarea";
    const control = target.matches(controls) ? target : target.querySelector(controls);
    const around = target.closest("details:not([open])");
    if (around) around.open = true;
    if (!control) return false;
    (control.closest(".field") || control).scrollIntoView({ block: "start" });
    control.focus({ preventScroll: true });
    return true;
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-error-summary] a[href^='#']");
    if (!link) return;
    if (enter(link.hash)) event.preventDefault();
  });

  // From the list of what is missing, on another page.
  if (new URLSearchParams(location.search).has("gaps") && location.hash) enter(location.hash);
})();
