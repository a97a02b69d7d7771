/* Zoom, rotation and pages of includes/document_viewer.html. The page links work without it.

   [data-viewer]                 the viewer; data-zoom (percent) and data-rotation (degrees) are styled in review.css
   [data-viewer-do]              buttons: zoom-in, zoom-out, rotate
   [data-viewer-image]           the page image
   a[data-viewer-page]           the address of another page image of the same file, data-viewer-alt its text
   A link whose page is shown says so with "viewer:page".
   For a page that is still being drawn the server sends a picture of a size of its own that says so, with Retry-After:
   the image is asked for again until it is there.
   With the focus on the image: + and - zoom, r rotates, left and right turn pages.
*/
(() => {
  "use strict";

  const ZOOMS = [50, 75, 100, 150, 200, 300];
  // registry/files/placeholders.py
  const PLACEHOLDER = { width: 1000, height: 1414 };

  const zoom = (viewer, step) => {
    const place = ZOOMS.indexOf(Number(viewer.dataset.zoom)) + step;
    if (place >= 0 && place < ZOOMS.length) viewer.dataset.zoom = String(ZOOMS[place]);
  };

  const rotate = (viewer) => {
    viewer.dataset.rotation = String((Number(viewer.dataset.rotation) + 90) % 360);
  };

  const waitUntilDrawn = async (image) => {
    if (image.naturalWidth !== PLACEHOLDER.width || image.naturalHeight !== PLACEHOLDER.height) return;
    const shown = image.src;
    const address = new URL(shown);
    if (address.searchParams.has("drawn")) return;
    const answer = await fetch(address, { method: "HEAD", cache: "no-store" }).catch(() => null);
    if (image.src !== shown) return;
    const seconds = answer ? Number(answer.headers.get("Retry-After")) : 5;
    if (seconds) {
      setTimeout(() => image.src === shown && waitUntilDrawn(image), seconds * 1000);
    } else if (answer.ok) {
      address.searchParams.set("drawn", "1");
      image.src = address;
    }
  };

  const show = (viewer, link) => {
    const image = viewer.querySelector("[data-viewer-image]");
    image.src = link.dataset.viewerPage;
    image.alt = link.dataset.viewerAlt;
    for (const other of viewer.querySelectorAll("[data-viewer-page]")) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "page");
    viewer.querySelector(".viewer__stage").scrollTo(0, 0);
    link.dispatchEvent(new CustomEvent("viewer:page", { bubbles: true }));
  };

  const turn = (viewer, step) => {
    const links = [...viewer.querySelectorAll("[data-viewer-page]")];
    const place = links.findIndex((link) => link.hasAttribute("aria-current")) + step;
    if (links[place]) show(viewer, links[place]);
  };

  document.addEventListener("click", (event) => {
    const viewer = event.target.closest("[data-viewer]");
    if (!viewer) return;
    const button = event.target.closest("[data-viewer-do]");
    if (button && button.dataset.viewerDo === "zoom-in") zoom(viewer, 1);
    if (button && button.dataset.viewerDo === "zoom-out") zoom(viewer, -1);
    if (button && button.dataset.viewerDo === "rotate") rotate(viewer);
    const link = event.target.closest("a[data-viewer-page]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      show(viewer, link);
    }
  });

  document.addEventListener("keydown", (event) => {
    const stage = event.target.closest("[data-viewer] .viewer__stage");
    if (!stage || event.ctrlKey || event.metaKey || event.altKey) return;
    const viewer = stage.closest("[data-viewer]");
    const acts = {
      "+": () => zoom(viewer, 1),
      "=": () => zoom(viewer, 1),
      "-": () => zoom(viewer, -1),
      r: () => rotate(viewer),
      ArrowLeft: () => turn(viewer, -1),
      ArrowRight: () => turn(viewer, 1),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });

  // Loading does not bubble; images come and go with the document that is open.
  document.addEventListener(
    "load",
    (event) => event.target.matches?.("[data-viewer-image]") && waitUntilDrawn(event.target),
    true,
  );
  for (const image of document.querySelectorAll("[data-viewer-image]")) if (image.complete) waitUntilDrawn(image);
})();
