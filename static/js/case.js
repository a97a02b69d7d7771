/* The case page: opens documents in the viewer without losing the reader's place among the particulars.

   a[data-document]   a link to the case page with another document in the viewer; so are the links in file rows;
                      that of the document already shown only closes the list
   #documents         the viewer with its list; replaced by the same part of the page the link leads to
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
})();
