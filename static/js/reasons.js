/* Fills in the catalogue's remedy when the officer chooses a fault for a reason.

   select with option[data-remedy]   the fault; the same [data-repeat-row] contains the textarea "…-remedy"
   Only an empty remedy, or one that came from the catalogue, is replaced; typed text never is.
*/
(() => {
  "use strict";

  const offered = (option) => (option && option.dataset.remedy) || "";

  document.addEventListener("change", (event) => {
    const select = event.target.closest("select");
    const row = select && select.closest("[data-repeat-row]");
    const text = row && row.querySelector('textarea[name$="-remedy"]');
    if (!text || !select.querySelector("option[data-remedy]")) return;
    const isOffered = [...select.options].some((option) => offered(option) === text.value);
    if (text.value === "" || isOffered) text.value = offered(select.selectedOptions[0]);
  });
})();
