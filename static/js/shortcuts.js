/* Keyboard shortcuts: j and k move in a list, Enter opens, / searches, ? shows the shortcuts; others are named by the page.

   [data-shortcut-row]          a link in each line of a list; j and k move the focus among them, so that Enter is the
                                browser's own
   [data-shortcut-search]       the search field (includes/search_box.html)
   form[data-tick-form]         has a box in each of its lines; x ticks that of the line with the focus, [data-tick-all] all
                                or none, [data-tick-count] says how many are ticked
   [data-key]                   a link or button that this key presses, the first of those that are to be seen
   form[data-key-send]          is sent by the first of its .actions with Ctrl and Enter in one of its fields; a digit
                                ticks that one of its radio buttons, t leads to its first text that is empty
   dialog[data-shortcut-help]   includes/shortcut_help.html, opened by [data-shortcut-help-open] or ?
   [data-shortcut-toggle]       the box in it that turns the keys off (WCAG 2.1.4); remembered in this browser

   A key that nothing of these takes is offered to the scripts of the page as "shortcut:key" on the document, whose
   detail is the key and the element with the focus; who takes it prevents its default.
*/
(() => {
  "use strict";

  const KEPT_AS = "portal-shortcuts";
  const help = document.querySelector("dialog[data-shortcut-help]");
  const toggle = document.querySelector("[data-shortcut-toggle]");
  const isOn = () => localStorage.getItem(KEPT_AS) !== "off";

  const walk = (step) => {
    const rows = [...document.querySelectorAll("[data-shortcut-row]")].filter(isSeen);
    const place = rows.indexOf(document.activeElement);
    const next = place < 0 ? rows[step > 0 ? 0 : rows.length - 1] : rows[place + step];
    if (next) next.focus();
  };

  const ticks = document.querySelector("form[data-tick-form]");
  const boxes = () => [...ticks.querySelectorAll("tbody input[type=checkbox]")];

  const count = () => {
    const shown = ticks.querySelector("[data-tick-count] strong");
    if (shown) shown.textContent = String(boxes().filter((each) => each.checked).length);
  };

  // What the browser remembers of a page that one comes back to is counted as well.
  if (ticks) {
    ticks.addEventListener("change", count);
    window.addEventListener("pageshow", count);
    const all = ticks.querySelector("[data-tick-all]");
    all.addEventListener("click", (event) => {
      event.preventDefault();
      const isAll = boxes().every((each) => each.checked);
      for (const each of boxes()) each.checked = !isAll;
      count();
    });
  }

  const tickLine = (focus) => {
    const line = ticks && focus.closest("tr");
    const box = line && line.querySelector("input[type=checkbox]");
    if (box) box.click();
    return Boolean(box);
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

  const isSeen = (element) => element.getClientRects().length > 0 && !element.disabled;

  const press = (key) => {
    const named = [...document.querySelectorAll("[data-key]")].filter((each) => each.dataset.key === key);
    const pressed = named.find(isSeen);
    if (pressed) pressed.click();
    return Boolean(pressed);
  };

  // On a link the browser opens a window, another button and a search have a purpose of their own: only what belongs to
  // the form sends it, or a page on which nothing has the focus.
  const send = (event) => {
    const button = document.querySelector("form[data-key-send] .actions button");
    const { target } = event;
    const isOfForm = button && (target === document.body || target.closest("form") === button.form);
    if (!isOfForm || target.matches("a[href], button, summary")) return;
    event.preventDefault();
    button.click();
  };

  const toEmptyText = () => {
    const texts = [...document.querySelectorAll("form[data-key-send] :is(textarea, input[type=text])")];
    const empty = texts.find((each) => isSeen(each) && !each.value.trim()) || texts.find(isSeen);
    if (empty) empty.focus();
    return Boolean(empty);
  };

  const tick = (key) => {
    const choices = document.querySelectorAll("form[data-key-send] input[type=radio]");
    const choice = /^[1-9]$/.test(key) && choices[Number(key) - 1];
    if (!choice) return false;
    choice.focus();
    choice.click();
    return true;
  };

  const offer = (key, focus) =>
    !document.dispatchEvent(new CustomEvent("shortcut:key", { detail: { key, focus }, cancelable: true }));

  document.addEventListener("keydown", (event) => {
    if (!isOn() || event.isComposing || event.altKey || event.repeat) return;
    const { target, key } = event;
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
      send(event);
      return;
    }
    if (event.ctrlKey || event.metaKey) return;
    if (target.closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable], dialog")) return;
    if (acts[key]) {
      acts[key]();
    } else if (!press(key) && !tick(key) && !(key === "t" && toEmptyText()) && !(key === "x" && tickLine(target)) && !offer(key, target)) {
      return;
    }
    event.preventDefault();
  });

  // What reads the page aloud names the keys as well, while they work.
  const name = () => {
    for (const each of document.querySelectorAll("[data-key]")) {
      if (isOn()) each.setAttribute("aria-keyshortcuts", each.dataset.key);
      else each.removeAttribute("aria-keyshortcuts");
    }
  };
  name();

  for (const opener of document.querySelectorAll("[data-shortcut-help-open]")) {
    opener.addEventListener("click", () => help && help.showModal());
  }

  if (toggle) {
    toggle.checked = isOn();
    toggle.addEventListener("change", () => {
      localStorage.setItem(KEPT_AS, toggle.checked ? "on" : "off");
      name();
    });
  }
})();
