/* The keys of the case page: an officer reads a case and marks it without a mouse.

   h, l    the section before, the next one
   a       marks what remains of the section as fine, and leads to the next section with something to mark, or where
           nothing is left to the first act
   f       marks the line as fine and leads to the next that an officer marks
   d       marks the line as deficient and leads to its reason; Escape leads from there back to the line
   m       the first line that waits for a mark
   o, v    the document that the line is compared with, and the next of the list
   + - r , .   larger, smaller, turned, page before, next page

   .particulars__section    a section; its rows are .particular, its button for the rest stands in .section-rest
   .verdict--optional       the mark of a line that needs none: software proved it, or it is unchanged or not given
   .compare a               the documents that a line is compared with; the viewer follows a section to its first
   The keys come from shortcuts.js, which knows when they are off or when somebody types.
*/
(() => {
  "use strict";

  const sections = () => [...document.querySelectorAll(".particulars__section")];
  const sectionOf = (element) => element.closest(".particulars__section");
  const fineOf = (row) => row.querySelector('.verdict [value="fine"]');
  const isSeen = (element) => element.getClientRects().length > 0;
  const waits = (fine) => !fine.closest(".verdict--optional");
  const openRows = (place) => [...place.querySelectorAll(".particular")].filter((row) => {
    const fine = fineOf(row);
    return fine && waits(fine) && fine.getAttribute("aria-pressed") !== "true" && !row.classList.contains("particular--deficient");
  });
  const restOf = (section) => section.querySelector(".section-rest form button");

  // Where the officer is: the section of the focus, or that which was led to last.
  let current = null;
  const here = (focus) => sectionOf(focus) || (current && current.isConnected ? current : null);
  const rowOf = (focus) => focus.closest(".particular");

  const shownDocument = () => {
    const link = document.querySelector('#documents a[data-document][aria-current="true"]');
    return link && link.search;
  };

  // The viewer stays where it is while it shows something that the section is compared with.
  const openDocumentOf = (section) => {
    const links = [...section.querySelectorAll(".compare a[data-document]")];
    if (links.length && !links.some((link) => link.search === shownDocument())) links[0].click();
  };

  const lead = (section) => {
    current = section;
    const row = openRows(section)[0] || [...section.querySelectorAll(".particular")].find(isSeen);
    const target = (row && fineOf(row)) || section.querySelector("h2");
    if (target.matches("h2")) target.tabIndex = -1;
    target.focus({ preventScroll: true });
    section.scrollIntoView({ block: "start" });
    openDocumentOf(section);
    return true;
  };

  const walk = (focus, step) => {
    const all = sections();
    const at = here(focus);
    const next = at ? all[all.indexOf(at) + step] : all[0];
    return Boolean(next) && lead(next);
  };

  const leadOn = (from) => {
    const all = sections();
    const place = all.indexOf(from);
    const next = [...all.slice(place + 1), ...all.slice(0, place)].find((each) => openRows(each).length > 0);
    if (next) return lead(next);
    const act = document.querySelector(".decision-bar__acts a, .decision-bar__acts button");
    if (act) act.focus();
    return true;
  };

  // What is asked of the server is shown when its answer has been put in: only then there is somewhere to go.
  const afterAnswer = (place, then) => {
    const settle = (event) => {
      if (event.detail.requestConfig.target !== place && event.target.id !== place.id) return;
      document.removeEventListener("htmx:afterSettle", settle);
      then(document.getElementById(place.id));
    };
    document.addEventListener("htmx:afterSettle", settle);
  };

  const markRest = (focus) => {
    // Nothing is marked that the officer did not go to, or was not led to.
    const section = [sectionOf(focus), current].find((each) => each && each.isConnected && restOf(each));
    if (!section) return leadOn(here(focus));
    afterAnswer(section.querySelector(".section-rest"), () => leadOn(section));
    restOf(section).click();
    return true;
  };

  const markFine = (focus) => {
    const row = rowOf(focus) || openRows(document)[0];
    const fine = row && fineOf(row);
    if (!fine) return false;
    fine.click();
    const rows = [...document.querySelectorAll(".particular")].filter((each) => {
      const button = fineOf(each);
      return button && isSeen(button) && (each === row || waits(button));
    });
    const next = rows[rows.indexOf(row) + 1];
    if (next) fineOf(next).focus();
    return true;
  };

  const toReason = (row) => {
    const reason = row && row.querySelector(".remark select");
    if (reason) reason.focus();
  };

  const markDeficient = (focus) => {
    const row = rowOf(focus) || openRows(document)[0];
    const button = row && row.querySelector('.verdict [value="deficient"]');
    if (!button) return false;
    if (row.querySelector(".remark")) {
      toReason(row);
    } else {
      afterAnswer(row, toReason);
      button.click();
    }
    return true;
  };

  const toFirstOpen = () => {
    const [row] = openRows(document);
    if (!row) return false;
    current = sectionOf(row);
    fineOf(row).focus();
    return true;
  };

  const openCompared = (focus) => {
    const row = rowOf(focus);
    const links = row ? [...row.querySelectorAll(".compare a[data-document]")] : [];
    const shown = links.findIndex((link) => link.search === shownDocument());
    const next = links[(shown + 1) % links.length];
    if (next && links.length > (shown < 0 ? 0 : 1)) next.click();
    return links.length > 0;
  };

  const openNext = () => {
    const links = [...document.querySelectorAll("#documents .document-list a[data-document]")];
    const shown = links.findIndex((link) => link.getAttribute("aria-current") === "true");
    if (links.length < 2) return false;
    links[(shown + 1) % links.length].click();
    return true;
  };

  const press = (selector) => {
    const button = document.querySelector(selector);
    if (button) button.click();
    return Boolean(button);
  };
  const turn = (step) => {
    const pages = [...document.querySelectorAll("[data-viewer-page]")];
    const next = pages[pages.findIndex((page) => page.getAttribute("aria-current") === "page") + step];
    if (next) next.click();
    return true;
  };

  const acts = {
    h: (focus) => walk(focus, -1),
    l: (focus) => walk(focus, 1),
    a: markRest,
    f: markFine,
    d: markDeficient,
    m: toFirstOpen,
    o: openCompared,
    v: openNext,
    "+": () => press('[data-viewer-do="zoom-in"]'),
    "=": () => press('[data-viewer-do="zoom-in"]'),
    "-": () => press('[data-viewer-do="zoom-out"]'),
    r: () => press('[data-viewer-do="rotate"]'),
    ",": () => turn(-1),
    ".": () => turn(1),
  };

  document.addEventListener("shortcut:key", (event) => {
    const { key, focus } = event.detail;
    if (acts[key] && acts[key](focus)) event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    const remark = event.key === "Escape" && !event.isComposing && event.target.closest(".remark");
    if (remark) fineOf(rowOf(remark)).focus();
  });
})();
