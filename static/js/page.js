/* What every page does when scripts run. Nothing depends on it.

   html.has-script        set at once; .needs-script elements are shown from then on
   details[data-menu]     closes on Escape, on a click elsewhere and when focus leaves it
   form[data-submit-once] is sent once: a second click while the first is under way does nothing
   [data-print]           a button that prints the page
*/
(() => {
  "use strict";

  document.documentElement.classList.add("has-script");

  const openMenus = () => document.querySelectorAll("details[data-menu][open]");

  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  document.addEventListener("focusin", (event) => {
    for (const menu of openMenus()) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-submit-once]") || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
  });

  // What sticks to the lower edge may have come over a control since the browser made room for it.
  document.addEventListener("focusin", (event) => {
    const bar = document.querySelector(".save-state, .decision-bar");
    if (!bar || bar.contains(event.target) || getComputedStyle(bar).position !== "sticky") return;
    requestAnimationFrame(() => {
      const control = event.target.getBoundingClientRect();
      const edge = bar.getBoundingClientRect().top;
      if (control.bottom > edge && control.top > edge - control.height) scrollBy(0, control.bottom - edge + 24);
    });
  });

  // A page that comes back from the browser's memory may be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
})();
