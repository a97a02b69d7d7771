/* Behaviour of every page. All pages also work without it.

   html.has-script        set at once; .needs-script elements are shown from then on
   details[data-menu]     closes on Escape, on a click elsewhere and when focus leaves it
   form[data-submit-once] is sent once: a second click while the first is under way does nothing. After ten
                          seconds on the same page (stopped, no connection, a download) it may be sent again.
   html[data-pressing]    present while a finger or the mouse button is down: scripts then delay changes of layout
   [data-print]           a button that prints the page
   details[data-print-open]  is printed unfolded; [data-open-all] is a button that unfolds all of them
   form[data-sign-in]     a page that asks to sign in: what autosave.js kept of a form that was just sent is put
                          back when its page opens again; any other page shows that the form has arrived
*/
(() => {
  "use strict";

  const SENT_MS = 10000;
  const root = document.documentElement;

  root.classList.add("has-script");

  // Removed after the click event that follows the release.
  const letGo = () => setTimeout(() => delete root.dataset.pressing);
  document.addEventListener("pointerdown", () => { root.dataset.pressing = ""; }, true);
  for (const end of ["pointerup", "pointercancel", "dragend"]) document.addEventListener(end, letGo, true);
  window.addEventListener("blur", letGo);

  const asksToSignIn = document.querySelector("form[data-sign-in]") !== null;
  for (const key of Object.keys(sessionStorage).filter((each) => each.startsWith("sent:"))) {
    if (asksToSignIn) sessionStorage.setItem(key.slice("sent:".length), sessionStorage.getItem(key));
    sessionStorage.removeItem(key);
  }

  const openMenus = () => document.querySelectorAll("details[data-menu][open]");

  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  const folds = () => document.querySelectorAll("details[data-print-open]:not([open])");

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-open-all]")) return;
    for (const fold of folds()) fold.open = true;
  });

  let unfolded = [];
  window.addEventListener("beforeprint", () => {
    unfolded = [...folds()];
    for (const fold of unfolded) fold.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const fold of unfolded.splice(0)) fold.open = false;
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

  // On the window, so that it runs after every listener that may cancel the submission.
  window.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-submit-once]") || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, SENT_MS);
  });

  // The second click of a double one may come when the next page is there already, with its button in the same place.
  document.addEventListener("click", (event) => {
    if (event.detail > 1 && event.target.closest("form[data-submit-once] button:not([type=button])")) {
      event.preventDefault();
    }
  });

  // The sticky bar at the lower edge may cover a focused control: scroll it into view.
  document.addEventListener("focusin", (event) => {
    const bar = document.querySelector(".save-state, .decision-bar");
    if (!bar || bar.contains(event.target) || getComputedStyle(bar).position !== "sticky") return;
    requestAnimationFrame(() => {
      if ("pressing" in root.dataset) return;
      const control = event.target.getBoundingClientRect();
      const edge = bar.getBoundingClientRect().top;
      if (control.bottom > edge && control.top > edge - control.height) scrollBy(0, control.bottom - edge + 24);
    });
  });

  // Forms of a page restored from the back/forward cache may be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
})();
