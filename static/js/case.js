/* The case page: opens documents in the viewer without losing the reader's place among the particulars, and tells
   colleagues that the case is open for as long as the page is in view.

   a[data-document]   a link to the case page with another document in the viewer; so are the links in file rows;
                      that of the document already shown only closes the list
   #documents         the viewer with its list; replaced by the same part of the page the link leads to
   [data-viewing]     where it is said that the page is in view (every few minutes) and that it was left; its
                      data-opened has the moment that the last answer gave, its field the token; so it is when another page
                      of a document is shown
*/
(() => {
  "use strict";

  const isBeside = () => window.matchMedia("(min-width: 64rem)").matches;

  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[data-document], .file-row a[href^="?file="]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !window.htmx) return;
    event.preventDefault();
    if (link.hasAttribute("aria-current")) {
      link.closest("details").open = false;
      return;
    }
    const address = link.getAttribute("href").split("#")[0];
    window.htmx.ajax("GET", address, { target: "#documents", swap: "outerHTML" }).then(() => {
      if (!isBeside()) document.getElementById("documents").scrollIntoView();
    });
  });

  const viewing = document.querySelector("[data-viewing]");
  const SAY_AGAIN_MS = 5 * 60 * 1000;
  let isLeft = false;

  const said = (state, more = {}) => {
    const fields = new FormData();
    for (const [name, value] of Object.entries(more)) fields.append(name, value);
    fields.append("csrfmiddlewaretoken", viewing.querySelector("input").value);
    fields.append("opened", viewing.dataset.opened);
    fields.append("state", state);
    return fields;
  };
  const here = () => {
    if (document.visibilityState !== "visible") return;
    isLeft = false;
    fetch(viewing.dataset.viewing, { method: "POST", body: said("here"), headers: { "HX-Request": "true" } })
      .then((answer) => (answer.ok && !answer.redirected ? answer.text() : ""))
      .then((moment) => { if (moment) viewing.dataset.opened = moment; })
      .catch(() => {});
  };
  // Which pages were shown is kept with the case; one that somebody asked the server for it knows of.
  const showed = (event) => {
    const address = new URL(event.target.href);
    const more = { file: address.searchParams.get("file"), page: address.searchParams.get("page") };
    fetch(viewing.dataset.viewing, { method: "POST", body: said("page", more), headers: { "HX-Request": "true" } })
      .catch(() => {});
  };
  // The page that comes with the case was asked for by nobody: it counts once half of it was in view for a moment.
  const SEEN_AFTER_MS = 3000;
  const watchFirstPage = () => {
    const stage = document.querySelector("#documents .viewer__stage");
    const link = document.querySelector("#documents [data-viewer-page][aria-current]");
    if (!stage || !link || new URLSearchParams(location.search).has("file")) return;
    let timer = 0;
    const observer = new IntersectionObserver(
      ([entry]) => {
        window.clearInterval(timer);
        const half = Math.min(entry.boundingClientRect.height, window.innerHeight) / 2;
        if (entry.intersectionRect.height < half) return;
        timer = window.setInterval(() => {
          if (document.visibilityState !== "visible") return;
          window.clearInterval(timer);
          observer.disconnect();
          if (stage.isConnected) showed({ target: link });
        }, SEEN_AFTER_MS);
      },
      { threshold: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6] },
    );
    observer.observe(stage);
  };
  if (viewing) {
    watchFirstPage();
    document.addEventListener("viewer:page", showed);
    window.addEventListener("pagehide", () => {
      isLeft = true;
      navigator.sendBeacon(viewing.dataset.viewing, said("left"));
    });
    window.addEventListener("pageshow", () => { if (isLeft) here(); });
    document.addEventListener("visibilitychange", here);
    window.setInterval(here, SAY_AGAIN_MS);
  }
})();
