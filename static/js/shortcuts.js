/* Keyboard shortcuts for lists: j and k move, Enter opens, / searches, ? shows the shortcuts.

   [data-shortcut-row]          a link in each line of a list; j and k move the focus among them, so that Enter is the
                                browser's own
   [data-shortcut-search]       the search field (includes/search_box.html)
   dialog[data-shortcut-help]   includes/shortcut_help.html, opened by [data-shortcut-help-open] or ?
   [data-shortcut-toggle]       the box in it that turns the keys off (WCAG 2.1.4); remembered in this browser
*/
(() => {
  "use strict";

  const KEPT_AS = "portal-shortcuts";
  const help = document.querySelector("dialog[data-shortcut-help]");
  const toggle = document.querySelector("[data-shortcut-toggle]");
  const isOn = () => localStorage.getItem(KEPT_AS) !== "off";

  const walk = (step) => {
    const rows = [...document.querySelectorAll("[data-shortcut-row]")];
    const place = rows.indexOf(document.activeElement);
    const next = place < 0 ? rows[step > 0 ? 0 : rows.length - 1] : rows[place + step];
    if (next) next.focus();
  };

  const acts = {
    j: () => walk(1),
    k: () => walk(-1),
    "/": () => {
      const field = document.querySelector("[data-shortcut-search]");
      if (field) field.focus();
    },
    "?": () => help && help.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (!isOn() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, select, textarea, [contenteditable], dialog")) return;
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });

  for (const opener of document.querySelectorAll("[data-shortcut-help-open]")) {
    opener.addEventListener("click", () => help && help.showModal());
  }

  if (toggle) {
    toggle.checked = isOn();
    toggle.addEventListener("change", () => localStorage.setItem(KEPT_AS, toggle.checked ? "on" : "off"));
  }
})();
